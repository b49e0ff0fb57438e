#include "analysis/order_flow/footprint_history.hpp"

#include "analysis/order_flow/order_flow.hpp"
#include "analysis/symbol_analysis.hpp"
#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace vt::analysis::order_flow {
namespace {

using std::chrono::seconds;

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

/// A print every second at a price that takes turns, and one evaluation, unless it is left out.
struct Minutes {
    SymbolAnalysis analysis{test::made_up_instrument(), {}};
    market::OrderBook book{4096};
    Timestamp u = test::kStart;

    void second(double quantity, bool is_evaluated = true, bool is_whole = true) {
        const bool is_even = u.time_since_epoch() / seconds{1} % 2 == 0;
        const double price = is_even ? 200 : 201;
        analysis.on_print({.time = u + std::chrono::milliseconds{500},
                           .price_ticks = Ticks{is_even ? 20'000 : 20'100},
                           .price = price,
                           .quantity = quantity,
                           .notional = price * quantity});
        u += seconds{1};
        if (is_evaluated)
            (void)analysis.evaluate(u, book, {.trades_connection_age = Nanos{0}, .trades_missing = !is_whole});
    }
    void seconds_of(double quantity, int count) {
        for (int i = 0; i < count; ++i) second(quantity);
    }
    /// The volume of each minute that is kept, and when it ended.
    [[nodiscard]] std::vector<std::pair<Timestamp, double>> kept() const {
        std::vector<std::pair<Timestamp, double>> result;
        analysis.order_flow().footprints().visit([&](const auto& minute, auto levels) {
            double volume = 0;
            for (const FootprintLevel& level : levels) volume += level.bought + level.sold;
            result.emplace_back(minute.end, volume);
        });
        return result;
    }
};

TEST(Footprint, IsKeptOfMinutesThatWereSeenWhole) {
    Minutes minutes;
    ASSERT_EQ(floor_to(test::kStart, kMinute), test::kStart);
    minutes.seconds_of(1, 60 * 20);
    const std::size_t before = minutes.kept().size();
    ASSERT_GT(before, 2U);
    minutes.seconds_of(1, 30);
    minutes.second(1, true, false);  // a second of which prints are missing
    minutes.seconds_of(1, 29);
    EXPECT_EQ(minutes.kept().size(), before);
    minutes.seconds_of(1, 60);
    ASSERT_EQ(minutes.kept().size(), before + 1);
    EXPECT_EQ(minutes.kept().back(), std::pair(minutes.u, 60.0));
}

TEST(Footprint, AMinuteThatEndedUnseenLeavesNothingToTheNext) {
    Minutes minutes;
    minutes.seconds_of(1, 60 * 20);
    const std::size_t before = minutes.kept().size();
    minutes.seconds_of(1000, 57);
    // The evaluation after the minute's end is that of its third second.
    for (int i = 0; i < 5; ++i) minutes.second(1, false);
    minutes.seconds_of(1, 58);
    for (const auto& [end, volume] : minutes.kept()) EXPECT_EQ(volume, 60.0);
    EXPECT_EQ(minutes.kept().size(), before + 1);
}

}  // namespace
}  // namespace vt::analysis::order_flow
