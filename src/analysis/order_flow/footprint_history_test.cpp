#include "analysis/order_flow/footprint_history.hpp"

#include "analysis/archive.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace vt::analysis::order_flow {
namespace {

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

std::vector<FootprintLevel> levels(std::size_t count, double bought) {
    std::vector<FootprintLevel> made;
    for (std::size_t i = 0; i < count; ++i)
        made.push_back({.bucket = static_cast<std::int64_t>(i), .bought = bought, .sold = 1});
    return made;
}

void push(FootprintHistory& history, int minute, std::size_t count) {
    history.push({.end = kStart + std::chrono::minutes{minute}, .bucket_ticks = minute + 1, .stacks = {1, 2}},
                 levels(count, minute));
}

TEST(FootprintHistory, KeepsTheLastMinutesWithTheirLevels) {
    FootprintHistory history;
    for (int i = 0; i < 100; ++i) push(history, i, static_cast<std::size_t>(i % 5));
    ASSERT_EQ(history.minutes().size(), FootprintHistory::kMinutes);
    int minute = 40;
    history.visit([&](const FootprintHistory::Minute& of, std::span<const FootprintLevel> found) {
        EXPECT_EQ(of.end, kStart + std::chrono::minutes{minute});
        EXPECT_EQ(of.bucket_ticks, minute + 1);
        ASSERT_EQ(found.size(), static_cast<std::size_t>(minute % 5));
        for (const FootprintLevel& level : found) EXPECT_EQ(level.bought, minute);
        ++minute;
    });
    EXPECT_EQ(minute, 100);
}

TEST(FootprintHistory, WideMinutesPushOldOnesOut) {
    FootprintHistory history;
    for (int i = 0; i < 5; ++i) push(history, i, 10);
    push(history, 5, FootprintHistory::kLevels - 15);
    ASSERT_EQ(history.minutes().size(), 2U);
    push(history, 6, FootprintHistory::kLevels + 1);
    EXPECT_EQ(history.minutes().size(), 2U) << "too wide to be kept: the others stay";
    push(history, 7, FootprintHistory::kLevels);
    ASSERT_EQ(history.minutes().size(), 1U);
    EXPECT_EQ(history.minutes()[0].bucket_ticks, 8);
}

TEST(FootprintHistory, IsSavedAndRefusesWhatCannotBe) {
    FootprintHistory history;
    for (int i = 0; i < 70; ++i) push(history, i, 7);
    std::string bytes;
    StateWriter writer(bytes);
    writer(history);
    FootprintHistory other;
    StateReader reader(bytes);
    reader(other);
    ASSERT_FALSE(reader.failed());
    std::string again;
    StateWriter rewriter(again);
    rewriter(other);
    EXPECT_EQ(bytes, again);
    bytes[bytes.size() - 60 * 7 * 24 - 4] ^= 1;  // the number of levels
    StateReader wrong(bytes);
    wrong(other);
    EXPECT_TRUE(wrong.failed());
    EXPECT_TRUE(other.minutes().empty());
}

}  // namespace
}  // namespace vt::analysis::order_flow
