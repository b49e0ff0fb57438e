#include "engine/venue_clock.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::int64_t> due_seconds(VenueClock& clock) {
    std::vector<std::int64_t> due;
    while (const auto u = clock.next_due()) due.push_back(to_ms(u->second));
    return due;
}

}  // namespace

TEST(VenueClock, ASecondIsDueOneDelayAfterItEnded) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'500), from_ms(10'500));
    EXPECT_TRUE(due_seconds(clock).empty());
    clock.observe(from_ms(11'999), from_ms(11'999));
    EXPECT_TRUE(due_seconds(clock).empty());
    clock.observe(from_ms(12'000), from_ms(12'000));
    EXPECT_EQ(due_seconds(clock), std::vector<std::int64_t>{11'000});
    EXPECT_TRUE(due_seconds(clock).empty()) << "each second once";
    clock.observe(from_ms(14'100), from_ms(14'100));
    EXPECT_EQ(due_seconds(clock), (std::vector<std::int64_t>{12'000, 13'000}));
}

TEST(VenueClock, TicksMoveADeadFeedByTheMeasuredOffset) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(9'000));
    clock.tick(from_ms(11'000), seconds{1});
    EXPECT_EQ(due_seconds(clock), std::vector<std::int64_t>{11'000});
}

TEST(VenueClock, TimeNeverRunsBackAndAVenuesMistakeDoesNotMoveIt) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(10'000));
    clock.observe(from_ms(5'000), from_ms(10'000));
    EXPECT_EQ(clock.watermark(), from_ms(10'000));
    clock.observe(from_ms(10'000) + std::chrono::hours{24 * 365}, from_ms(10'000));
    EXPECT_EQ(clock.watermark(), from_ms(10'000));
}

TEST(VenueClock, ALongSilenceIsSkippedToTheMinute) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(10'000));
    const Timestamp later = from_ms(10'000) + std::chrono::hours{5} + milliseconds{30'500};
    clock.observe(later, later);
    const auto first = clock.next_due();
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->is_after_skip);
    EXPECT_EQ(to_ms(first->second) % 60'000, 0);
    const auto due = due_seconds(clock);
    EXPECT_LE(due.size(), 61U);
}

}  // namespace vt::engine
