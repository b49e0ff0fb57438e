#include "analysis/smart_money/recent_event.hpp"

#include "analysis/liquidity/liquidity.hpp"
#include "analysis/liquidity/test_bars.hpp"
#include "analysis/order_flow/order_flow.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using liquidity::BarSize;
using market::Candle;

/// What an event is, and never ceases to be.
using Key = std::tuple<EventKind, std::optional<Frame>, Timestamp, Timestamp, double, std::optional<double>,
                       std::optional<double>>;

/// The three of whom the list is made, fed with bars as SymbolAnalysis does.
struct Fed {
    SmartMoney smart_money;
    order_flow::OrderFlow flow;
    liquidity::Liquidity book{test::made_up_instrument(), {}};

    void add(const Candle& candle) {
        book.on_candle(candle);
        book.take_bars(
            candle.open_time + candle.interval + liquidity::BarHistory::kSettle, [&] { smart_money.restart_bars(); },
            [&](BarSize size, const liquidity::PriceBar& bar, const liquidity::BarHistory& bars) {
                smart_money.on_bar(size, bar, bars);
            });
    }
    [[nodiscard]] std::vector<RecentEvent> events() const { return recent_events(smart_money, flow, book); }
    /// Patterns of one size are kept by group, pools by how new they are.
    [[nodiscard]] bool has_forgotten(const Key& key) const {
        if (std::get<0>(key) == EventKind::pool_sweep) return true;
        if (std::get<0>(key) > EventKind::order_block) return false;
        constexpr std::array kGroups = {PatternGroup::structure_break, PatternGroup::structure_break,
                                        PatternGroup::fair_value_gap, PatternGroup::order_block};
        for (const BarSize size : liquidity::kBarSizes) {
            if (liquidity::frame_of(size) != std::get<1>(key)) continue;
            const auto& kept =
                smart_money.patterns(size).patterns(kGroups[static_cast<std::size_t>(std::get<0>(key))]);
            return kept.size() == kept.capacity() && std::get<2>(key) <= kept[0].t_confirm;
        }
        return false;
    }
};

/// Jumps for breaks and gaps, and steps of a whole unit for highs that are equal.
std::vector<Candle> restless_market(std::size_t count) {
    Prng prng(3, "events");
    double price = 10'000;
    auto candles = liquidity::test::candles_5m(liquidity::test::kMonday, count, [&] {
        const double size = prng.uniform() < 0.03 ? 8 : 1;
        return price = std::round(price + 2 * size * prng.normal());
    });
    for (Candle& candle : candles) candle.volume_base = 1 + prng.exponential();
    return liquidity::test::in_live_order(candles);
}

Key key_of(const RecentEvent& event) {
    return {event.kind, event.bars, event.t_confirm, event.t_event, event.direction, event.low, event.high};
}

TEST(RecentEvents, AreTheNewestOfEachKindInTheOrderInWhichTheyWereKnown) {
    Fed fed;
    std::set<EventKind> kinds;
    std::set<Key> known;
    std::size_t fed_bars = 0;
    bool is_full = false;
    for (const Candle& candle : restless_market(3000)) {
        fed.add(candle);
        if (++fed_bars % 50 != 0) continue;
        const Timestamp now = candle.open_time + candle.interval;
        std::array<std::size_t, kEventKindCount> counts{};
        std::array<Timestamp, kEventKindCount> oldest{};
        Timestamp before{};
        std::set<Key> shown;
        for (const RecentEvent& event : fed.events()) {
            const auto kind = static_cast<std::size_t>(event.kind);
            if (counts[kind]++ == 0) oldest[kind] = event.t_confirm;
            EXPECT_GE(event.t_confirm, before);
            EXPECT_LE(event.t_event, event.t_confirm);
            EXPECT_LE(event.t_confirm, now);
            EXPECT_GT(event.t_ended.value_or(Timestamp::max()), event.t_confirm);
            EXPECT_EQ(event.state == EventState::open || event.state == EventState::done, !event.t_ended);
            EXPECT_LE(event.low.value(), event.high.value());
            EXPECT_EQ(std::abs(event.direction), 1);
            before = event.t_confirm;
            kinds.insert(event.kind);
            shown.insert(key_of(event));
        }
        for (const std::size_t count : counts) {
            EXPECT_LE(count, kMaxEventsOfKind);
            is_full = is_full || count == kMaxEventsOfKind;
        }
        // What was told once stays told as it was, until newer ones push it out of the list or of what is kept.
        for (const Key& key : known) {
            if (shown.contains(key)) continue;
            const auto kind = static_cast<std::size_t>(std::get<0>(key));
            const bool is_pushed_out = counts[kind] == kMaxEventsOfKind && std::get<2>(key) <= oldest[kind];
            EXPECT_TRUE(is_pushed_out || fed.has_forgotten(key)) << name(std::get<0>(key));
        }
        known = std::move(shown);
    }
    EXPECT_TRUE(is_full);
    EXPECT_EQ(kinds,
              (std::set{EventKind::break_of_structure, EventKind::change_of_character, EventKind::fair_value_gap,
                        EventKind::order_block, EventKind::pool_sweep, EventKind::swing_sweep}));
}

TEST(RecentEvents, ASweepBeganWithTheFirstBarBeyond) {
    Fed fed;
    std::size_t long_ones = 0;
    for (const Candle& candle : restless_market(3000)) fed.add(candle);
    const auto& sweeps = fed.book.sweeps().events();
    ASSERT_FALSE(sweeps.empty());
    const auto candles = restless_market(3000);
    for (std::size_t i = 0; i < sweeps.size(); ++i) {
        const auto& sweep = sweeps[i];
        const auto close_of = [](const Candle& candle) { return candle.open_time + candle.interval; };
        for (const Candle& candle : candles) {
            if (candle.interval != std::chrono::minutes{5}) continue;
            const double beyond = sweep.direction < 0 ? candle.high - sweep.price : sweep.price - candle.low;
            const double back = sweep.direction * (candle.close - sweep.price);
            EXPECT_TRUE(close_of(candle) != sweep.began || beyond > 0);
            EXPECT_TRUE(close_of(candle) != sweep.confirmed || back > 0);
        }
        long_ones += sweep.began < sweep.confirmed ? 1U : 0U;
    }
    EXPECT_GT(long_ones, 0U);
}

TEST(RecentEvents, NamesAreDistinct) {
    std::set<std::string_view> names;
    for (std::size_t kind = 0; kind < kEventKindCount; ++kind) names.insert(name(static_cast<EventKind>(kind)));
    EXPECT_EQ(names.size(), kEventKindCount);
    EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace vt::analysis::smart_money
