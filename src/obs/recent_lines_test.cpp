#include "obs/recent_lines.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::obs {
namespace {

TEST(RecentLines, AreTheNewestFirstByLevelAndPage) {
    const LogCapture capture;  // keeps them off standard error
    log_info("a", "one");
    log_warning("b", "two\x1b");
    log_debug("c", "below the level");
    log_info("d", "three");
    const auto newest = recent_lines({.limit = 2});
    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest[0].message, "three");
    EXPECT_EQ(newest[1].message, "two\\x1b");
    EXPECT_EQ(newest[1].component, "b");
    EXPECT_EQ(newest[0].number, newest[1].number + 1);
    const auto older = recent_lines({.limit = 1, .before = newest[1].number});
    ASSERT_EQ(older.size(), 1U);
    EXPECT_EQ(older[0].message, "one");
    const auto warnings = recent_lines({.limit = 1, .least = LogLevel::warning});
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].component, "b");
}

TEST(RecentLines, AreBoundedInNumberAndLength) {
    const LogCapture capture;
    for (std::size_t i = 0; i < kRecentLinesMax + 10; ++i) log_info("many", std::to_string(i));
    EXPECT_EQ(recent_lines({.limit = 10 * kRecentLinesMax}).size(), kRecentLinesMax);
    log_info("long", std::string(kRecentBytesMax - 1, 'x') + "\xc3\xa9 and more");
    EXPECT_EQ(recent_lines({.limit = 1})[0].message, std::string(kRecentBytesMax - 1, 'x')) << "no half character";
}

}  // namespace
}  // namespace vt::obs
