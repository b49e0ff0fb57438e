#include "analysis/smart_money/bar_patterns.hpp"

#include "analysis/liquidity/test_bars.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using liquidity::BarHistory;
using liquidity::BarSize;
using liquidity::PriceBar;
using liquidity::test::candles_5m;
using liquidity::test::kMonday;
using market::Candle;
using std::chrono::minutes;

constexpr Nanos kBar = minutes{5};
constexpr int kReach = 5;

/// Bars handed on as the dimension gets them.
struct Fed {
    BarHistory history;
    BarPatterns patterns{BarSize::m5};

    void add(const Candle& candle) {
        history.put(candle);
        history.advance(
            candle.open_time + candle.interval + BarHistory::kSettle, [] {},
            [&](BarSize, const PriceBar& bar) { patterns.on_bar(bar, history); });
    }
    explicit Fed(std::span<const Candle> candles = {}) {
        for (const Candle& candle : candles) add(candle);
    }
    [[nodiscard]] std::vector<Pattern> all(PatternGroup group) const {
        std::vector<Pattern> result;
        for (std::size_t i = 0; i < patterns.patterns(group).size(); ++i)
            result.push_back(patterns.patterns(group)[i]);
        return result;
    }
};

/// A walk with jumps, so that there is something to find, and volumes of its own.
std::vector<Candle> jumpy_walk(std::uint64_t seed, std::size_t count, double start = 10'000) {
    Prng prng(seed, "bars");
    double price = start;
    auto candles = candles_5m(kMonday, count, [&] {
        const double size = prng.uniform() < 0.03 ? 8 : 1;
        return price += 2 * size * prng.normal();
    });
    for (Candle& candle : candles) candle.volume_base = 1 + prng.exponential();
    return candles;
}

Candle candle(std::size_t index, double open, double high, double low, double close, double volume = 1) {
    return {.open_time = kMonday + kBar * static_cast<std::int64_t>(index),
            .interval = kBar,
            .open = open,
            .high = high,
            .low = low,
            .close = close,
            .volume_base = volume,
            .turnover_quote = volume * close,
            .is_closed = true};
}

// A slow reading: the whole series at once, by index, everything recomputed at every bar.

std::vector<std::optional<double>> slow_atr(std::span<const Candle> bars) {
    std::vector<std::optional<double>> result(bars.size());
    double sum = 0;
    for (std::size_t i = 1; i < bars.size(); ++i) {
        const double range = std::max(bars[i].high, bars[i - 1].close) - std::min(bars[i].low, bars[i - 1].close);
        if (i <= 14) sum += range;
        if (i == 14) result[i] = sum / 14;
        if (i > 14) result[i] = (*result[i - 1] * 13 + range) / 14;
    }
    return result;
}

struct SlowSwing {
    int side = 1;
    std::size_t bar = 0;
    double price = 0;
};

/// The swings that are known when bar `now` has closed.
std::vector<SlowSwing> slow_swings(std::span<const Candle> bars, std::size_t now) {
    std::vector<SlowSwing> swings;
    for (std::size_t i = kReach; i + kReach <= now; ++i) {
        bool is_high = true;
        bool is_low = true;
        for (std::size_t j = i - kReach; j <= i + kReach; ++j) {
            if (j < i) is_high = is_high && bars[j].high < bars[i].high;
            if (j > i) is_high = is_high && bars[j].high <= bars[i].high;
            if (j < i) is_low = is_low && bars[j].low > bars[i].low;
            if (j > i) is_low = is_low && bars[j].low >= bars[i].low;
        }
        const auto put = [&](int side, double price) {
            if (swings.empty() || swings.back().side != side) {
                swings.push_back({side, i, price});
            } else if (side * (price - swings.back().price) > 0) {
                swings.back() = {side, i, price};
            }
        };
        const bool is_high_first = swings.empty() || swings.back().side < 0;
        if (is_high && is_high_first) put(1, bars[i].high);
        if (is_low) put(-1, bars[i].low);
        if (is_high && !is_high_first) put(1, bars[i].high);
    }
    return swings;
}

int slow_direction(const std::vector<SlowSwing>& all) {
    // Only the last five swings are remembered.
    const std::vector<SlowSwing> swings(all.end() - std::min<std::ptrdiff_t>(5, std::ssize(all)), all.end());
    const auto runs = [&](int side) {  // lows that rise, or highs that fall
        std::vector<std::size_t> same;
        for (std::size_t i = 0; i < swings.size(); ++i) {
            if (swings[i].side == side) same.push_back(i);
        }
        if (same.size() < 2) return false;
        const SlowSwing& first = swings[same[same.size() - 2]];
        const SlowSwing& second = swings[same.back()];
        const SlowSwing& between = swings[same.back() - 1];
        return -side * (second.price - first.price) > 0 && side * (second.price - between.price) > 0;
    };
    return (runs(-1) ? 1 : 0) - (runs(1) ? 1 : 0);
}

struct SlowPatterns {
    std::array<std::vector<Pattern>, kPatternGroupCount> groups;

    explicit SlowPatterns(std::span<const Candle> bars) {
        const auto atr = slow_atr(bars);
        const auto close_of = [&](std::size_t i) { return bars[i].open_time + kBar; };
        std::set<std::pair<int, std::size_t>> broken;
        for (std::size_t now = 2; now < bars.size(); ++now) {
            gap(bars, now, atr, close_of);
            const auto swings = slow_swings(bars, now - 1);
            for (const int side : {1, -1}) {
                const SlowSwing* last = nullptr;
                for (const SlowSwing& swing : swings) last = swing.side == side ? &swing : last;
                if (last == nullptr || side * (bars[now].close - last->price) <= 0) continue;
                if (!broken.insert({side, last->bar}).second) continue;
                const int direction = slow_direction(swings);
                const double range = bars[now].high - bars[now].low;
                if (direction == 0 || !atr[now - 1] || range < 1.2 * *atr[now - 1]) break;
                groups[0].push_back(
                    {.kind = direction == side ? PatternKind::break_of_structure : PatternKind::change_of_character,
                     .direction = static_cast<double>(side),
                     .t_event = close_of(last->bar),
                     .t_confirm = close_of(now),
                     .low = last->price,
                     .high = last->price});
                block(bars, now, *last, close_of);
                break;
            }
        }
    }
    template <class CloseOf>
    void gap(std::span<const Candle> bars, std::size_t now, const std::vector<std::optional<double>>& atr,
             CloseOf&& close_of) {
        if (now < 3 || !atr[now - 2]) return;
        const Candle& strong = bars[now - 1];
        const double body = std::abs(strong.close - strong.open);
        for (const int side : {1, -1}) {
            const double low = side > 0 ? bars[now - 2].high : bars[now].high;
            const double high = side > 0 ? bars[now].low : bars[now - 2].low;
            if (side * (strong.close - strong.open) <= 0 || body < *atr[now - 2]) continue;
            if (!(low < high) || high - low < .25 * *atr[now - 2]) continue;
            groups[1].push_back({.kind = PatternKind::fair_value_gap,
                                 .direction = static_cast<double>(side),
                                 .t_event = close_of(now - 1),
                                 .t_confirm = close_of(now),
                                 .low = low,
                                 .high = high});
        }
    }
    template <class CloseOf>
    void block(std::span<const Candle> bars, std::size_t now, const SlowSwing& swing, CloseOf&& close_of) {
        std::optional<std::size_t> found;
        for (std::size_t i = std::max(swing.bar + 1, now > 60 ? now - 60 : 0); i < now; ++i) {
            if (swing.side * (bars[i].close - bars[i].open) < 0) found = i;
        }
        const bool all_run_with_it = !found;
        for (std::size_t i = std::max(swing.bar + 1, now > 60 ? now - 60 : 0); i < now && all_run_with_it; ++i) {
            const bool is_farther =
                !found || (swing.side > 0 ? bars[i].low < bars[*found].low : bars[i].high > bars[*found].high);
            if (is_farther) found = i;
        }
        if (!found) return;
        groups[2].push_back({.kind = PatternKind::order_block,
                             .direction = static_cast<double>(swing.side),
                             .t_event = close_of(*found),
                             .t_confirm = close_of(now),
                             .low = bars[*found].low,
                             .high = bars[*found].high});
    }
};

TEST(BarPatterns, EqualsASlowReadingOfTheWholeSeries) {
    std::array<std::size_t, kPatternGroupCount> found{};
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const auto bars = jumpy_walk(seed, 110);
        const Fed fed(bars);
        const SlowPatterns slow(bars);
        for (std::size_t g = 0; g < kPatternGroupCount; ++g) {
            const auto fast = fed.all(static_cast<PatternGroup>(g));
            ASSERT_EQ(fast.size(), slow.groups[g].size()) << "series " << seed << ", group " << g;
            for (std::size_t i = 0; i < fast.size(); ++i) {
                const Pattern& expected = slow.groups[g][i];
                EXPECT_EQ(fast[i].kind, expected.kind);
                EXPECT_EQ(fast[i].direction, expected.direction);
                EXPECT_EQ(fast[i].t_event, expected.t_event);
                EXPECT_EQ(fast[i].t_confirm, expected.t_confirm);
                EXPECT_EQ(fast[i].low, expected.low);
                EXPECT_EQ(fast[i].high, expected.high);
            }
            found[g] += fast.size();
        }
    }
    for (const std::size_t count : found) EXPECT_GT(count, 200U);
}

TEST(BarPatterns, WhatWasKnownAtABarIsNeverChangedByLaterOnes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto bars = jumpy_walk(seed, 160);
        const Fed whole(bars);
        Fed growing;
        for (std::size_t n = 0; n < bars.size(); ++n) {
            growing.add(bars[n]);
            const Timestamp now = bars[n].open_time + kBar;
            for (std::size_t g = 0; g < kPatternGroupCount; ++g) {
                const auto group = static_cast<PatternGroup>(g);
                const auto then = growing.all(group);
                const auto later = whole.all(group);
                std::size_t known = 0;
                for (const Pattern& pattern : later) known += pattern.t_confirm <= now ? 1U : 0U;
                ASSERT_EQ(then.size(), known);
                for (std::size_t i = 0; i < then.size(); ++i) {
                    EXPECT_EQ(then[i].t_event, later[i].t_event);
                    EXPECT_EQ(then[i].t_confirm, later[i].t_confirm);
                    EXPECT_EQ(then[i].low, later[i].low);
                    EXPECT_EQ(then[i].high, later[i].high);
                    EXPECT_EQ(then[i].has_gap, later[i].has_gap);
                    EXPECT_EQ(then[i].volume_ratio, later[i].volume_ratio);
                    // What became of it is later knowledge, with times of its own.
                    if (then[i].t_touched) {
                        EXPECT_EQ(then[i].t_touched, later[i].t_touched);
                    }
                    if (then[i].t_ended) {
                        EXPECT_EQ(then[i].t_ended, later[i].t_ended);
                    }
                    if (later[i].t_ended && *later[i].t_ended > now) {
                        EXPECT_EQ(then[i].end, PatternEnd::open);
                    }
                }
            }
            const double value = growing.patterns.strength(PatternGroup::structure_break, now);
            const Fed again(std::span<const Candle>(bars).first(n + 1));
            EXPECT_EQ(value, again.patterns.strength(PatternGroup::structure_break, now));
        }
    }
}

// What the popular Python reference gets wrong (shared/spec/analysis 4.5), one by one.

/// Twenty quiet bars around 100 with a range of 1, then what the caller adds.
std::vector<Candle> quiet(std::size_t count = 20) {
    std::vector<Candle> bars;
    for (std::size_t i = 0; i < count; ++i) {
        const double open = i % 2 == 0 ? 99.8 : 100.2;
        bars.push_back(candle(i, open, 100.5, 99.5, 200 - open));
    }
    return bars;
}

/// No side is favoured: the same bars upside down give the opposite strengths. (Prices in eighths, so that turning
/// them over is exact.)
TEST(BarPatterns, BarsUpsideDownGiveTheOppositeStrengths) {
    constexpr double kCentre = 10'000;
    const auto in_eighths = [](double price) { return std::round(8 * price) / 8; };
    std::size_t compared = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Fed upright;
        Fed upside_down;
        for (Candle bar : jumpy_walk(seed, 300, kCentre)) {
            bar.open = in_eighths(bar.open);
            bar.high = in_eighths(bar.high);
            bar.low = in_eighths(bar.low);
            bar.close = in_eighths(bar.close);
            Candle turned = bar;
            turned.open = 2 * kCentre - bar.open;
            turned.high = 2 * kCentre - bar.low;
            turned.low = 2 * kCentre - bar.high;
            turned.close = 2 * kCentre - bar.close;
            upright.add(bar);
            upside_down.add(turned);
            const Timestamp close = bar.open_time + bar.interval;
            for (const PatternGroup group :
                 {PatternGroup::structure_break, PatternGroup::fair_value_gap, PatternGroup::order_block}) {
                const double strength = upright.patterns.strength(group, close);
                ASSERT_NEAR(upside_down.patterns.strength(group, close), -strength, 1e-12)
                    << "seed " << seed << ", group " << static_cast<int>(group);
                compared += strength != 0 ? 1 : 0;
            }
        }
    }
    EXPECT_GT(compared, 10'000U) << "most bars were preceded by something";
}

TEST(BarPatternTraps, AGapIsNotThereBeforeTheBarAfterIt) {
    auto bars = quiet();
    bars.push_back(candle(20, 100, 103.2, 99.9, 103));
    Fed fed(bars);
    EXPECT_TRUE(fed.all(PatternGroup::fair_value_gap).empty());
    fed.add(candle(21, 103, 104, 102, 103.5));
    const auto gaps = fed.all(PatternGroup::fair_value_gap);
    ASSERT_EQ(gaps.size(), 1U);
    EXPECT_EQ(gaps[0].t_event, kMonday + kBar * 21);
    EXPECT_EQ(gaps[0].t_confirm, kMonday + kBar * 22);
    EXPECT_EQ(gaps[0].low, 100.5);
    EXPECT_EQ(gaps[0].high, 102);
}

TEST(BarPatternTraps, EverySwingThatIsBrokenWasConfirmedBefore) {
    std::size_t breaks = 0;
    for (std::uint64_t seed = 100; seed < 200; ++seed) {
        const Fed fed(jumpy_walk(seed, 150));
        for (const PatternGroup group : {PatternGroup::structure_break, PatternGroup::order_block}) {
            for (const Pattern& pattern : fed.all(group)) {
                ++breaks;
                if (group == PatternGroup::structure_break) {
                    EXPECT_GT(pattern.t_confirm, pattern.t_event + kBar * kReach);
                }
                EXPECT_LT(pattern.t_event, pattern.t_confirm);
            }
        }
    }
    EXPECT_GT(breaks, 50U);
}

TEST(BarPatternTraps, PoolsAreNotWidenedByTheRangeOfLaterBars) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        auto bars = jumpy_walk(seed, 150);
        const Fed before(bars);
        bars.push_back(bars.back());
        bars.back().open_time += kBar;
        bars.back().high *= 3;  // and a low so far that it confirms no pivot
        bars.back().low /= 3;
        const Fed after(bars);
        const auto pools = before.patterns.pools();
        ASSERT_EQ(after.patterns.pools().size(), pools.size());
        for (std::size_t i = 0; i < pools.size(); ++i) {
            EXPECT_EQ(after.patterns.pools()[i].low, pools[i].low);
            EXPECT_EQ(after.patterns.pools()[i].high, pools[i].high);
            EXPECT_EQ(after.patterns.pools()[i].pivots, pools[i].pivots);
            EXPECT_EQ(after.patterns.pools()[i].t_confirm, pools[i].t_confirm);
        }
    }
}

TEST(BarPatternTraps, ABlockHasItsLowBelowItsHighInBothDirections) {
    std::array<int, 2> seen{};
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const Fed fed(jumpy_walk(seed, 150));
        for (const Pattern& block : fed.all(PatternGroup::order_block)) {
            EXPECT_LT(block.low, block.high);
            ++seen[block.direction > 0 ? 0 : 1];
        }
    }
    EXPECT_GT(seen[0], 5);
    EXPECT_GT(seen[1], 5);
}

TEST(BarPatternTraps, NoSwingIsMadeUpAtEitherEnd) {
    Fed rising;
    for (std::size_t i = 0; i < 40; ++i) {
        const double at = 100 + static_cast<double>(i);
        rising.add(candle(i, at, at + 1.5, at - .5, at + 1));
    }
    EXPECT_TRUE(rising.patterns.swings().empty());
    for (std::size_t i = 40; i < 60; ++i) {
        const double at = 180 - static_cast<double>(i);
        rising.add(candle(i, at, at + .5, at - 1.5, at - 1));
    }
    ASSERT_EQ(rising.patterns.swings().size(), 1U);
    EXPECT_EQ(rising.patterns.swings()[0].side, 1);
    EXPECT_TRUE(rising.all(PatternGroup::structure_break).empty());
}

TEST(BarPatternTraps, AGapIsTouchedAtTheCloseOfTheBarThatTradedInIt) {
    for (const int side : {1, -1}) {
        SCOPED_TRACE(side);
        // The same bars seen in a mirror at 100.
        const auto turned = [&](std::size_t i, double open, double high, double low, double close) {
            return side > 0 ? candle(i, open, high, low, close)
                            : candle(i, 200 - open, 200 - low, 200 - high, 200 - close);
        };
        Fed fed(quiet());
        fed.add(turned(20, 100, 103.2, 99.9, 103));
        fed.add(turned(21, 103, 104, 102, 103.5));
        fed.add(turned(22, 103.5, 104, 102.5, 103));
        ASSERT_EQ(fed.all(PatternGroup::fair_value_gap).size(), 1U);
        EXPECT_FALSE(fed.all(PatternGroup::fair_value_gap)[0].t_touched.has_value());
        fed.add(turned(23, 103, 103.5, 101.5, 103));
        fed.add(turned(24, 103, 103.5, 100.2, 101));
        const Pattern gap = fed.all(PatternGroup::fair_value_gap)[0];
        EXPECT_EQ(gap.t_touched, kMonday + kBar * 24);
        EXPECT_EQ(gap.end, PatternEnd::filled);
        EXPECT_EQ(gap.t_ended, kMonday + kBar * 25);
        EXPECT_EQ(gap.direction, side);
    }
}

TEST(BarPatternTraps, PricesKeepAllTheirDigits) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const auto bars = jumpy_walk(seed, 120, 98'765.4321);
        const Fed fed(bars);
        const auto is_a_price = [&](double price) {
            for (const Candle& bar : bars) {
                if (bar.high == price || bar.low == price) return true;
            }
            return false;
        };
        for (std::size_t g = 0; g < kPatternGroupCount; ++g) {
            for (const Pattern& pattern : fed.all(static_cast<PatternGroup>(g))) {
                EXPECT_TRUE(is_a_price(pattern.low));
                EXPECT_TRUE(is_a_price(pattern.high));
            }
        }
    }
}

TEST(BarPatterns, ABlockDiesByACloseBeyondItAndNotByAWick) {
    std::size_t dead = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const auto bars = jumpy_walk(seed, 150);
        for (const Pattern& block : Fed(bars).all(PatternGroup::order_block)) {
            std::optional<Timestamp> expected;
            for (const Candle& bar : bars) {
                const Timestamp close = bar.open_time + kBar;
                const bool is_beyond = block.direction > 0 ? bar.close < block.low : bar.close > block.high;
                if (close > block.t_confirm && is_beyond && !expected) expected = close;
            }
            EXPECT_EQ(block.t_ended, expected);
            EXPECT_EQ(block.end, expected ? PatternEnd::broken : PatternEnd::open);
            dead += expected ? 1U : 0U;
        }
    }
    EXPECT_GT(dead, 20U);
}

TEST(BarPatterns, MissingBarsEndWhatWasOpenAsUnknown) {
    auto bars = quiet();
    bars.push_back(candle(20, 100, 103.2, 99.9, 103));
    bars.push_back(candle(21, 103, 104, 102, 103.5));
    Fed fed(bars);
    ASSERT_EQ(fed.all(PatternGroup::fair_value_gap)[0].end, PatternEnd::open);
    fed.add(candle(25, 103.5, 104, 101, 103));
    const Pattern gap = fed.all(PatternGroup::fair_value_gap)[0];
    EXPECT_EQ(gap.end, PatternEnd::unknown);
    EXPECT_FALSE(gap.t_touched.has_value());
    EXPECT_TRUE(fed.patterns.swings().empty());
}

TEST(BarPatterns, AnEventHalvesInTwelveBars) {
    auto bars = quiet();
    bars.push_back(candle(20, 100, 103.2, 99.9, 103));
    bars.push_back(candle(21, 103, 104, 102, 103.5));
    const Fed fed(bars);
    const Timestamp at = kMonday + kBar * 22;
    const auto strength = [&](Timestamp u) { return fed.patterns.strength(PatternGroup::fair_value_gap, u); };
    EXPECT_NEAR(strength(at), std::tanh(1.0), 1e-12);
    EXPECT_NEAR(strength(at + kBar * 12), std::tanh(0.5), 1e-12);
    EXPECT_NEAR(strength(at + kBar * 36), std::tanh(0.125), 1e-12);
}

TEST(LiquidityPools, TwoEqualHighsAreAPoolUntilTheyAreRun) {
    LiquidityPools pools;
    const auto pivot = [](double price, int bar) {
        return indicators::ConfirmedPivots{.high = indicators::Pivot{.price = price,
                                                                     .t_event = kMonday + kBar * bar,
                                                                     .t_confirm = kMonday + kBar * (bar + kReach)}};
    };
    pools.add(pivot(100, 1), 10);
    pools.add(pivot(102, 10), 10);  // 2 is more than a tenth of 10
    EXPECT_TRUE(pools.pools().empty());
    pools.add(pivot(100.5, 20), 10);
    ASSERT_EQ(pools.pools().size(), 1U);
    EXPECT_EQ(pools.pools()[0].level(), 100.5);
    EXPECT_EQ(pools.pools()[0].t_confirm, kMonday + kBar * 25);
    pools.add(pivot(100.2, 30), 10);
    EXPECT_EQ(pools.pools()[0].pivots, 3U);
    EXPECT_EQ(pools.pools()[0].t_confirm, kMonday + kBar * 25);
    EXPECT_EQ(pools.pools()[0].t_event, kMonday + kBar * 30);
    PriceBar bar{.close_time = kMonday + kBar * 40, .open = 99, .high = 101, .low = 98, .close = 99.5, .volume = 5};
    pools.on_bar(bar, liquidity::SweepWatch::Usual{.atr = 10, .volume = 2});
    EXPECT_EQ(pools.pools()[0].end, PoolEnd::swept);
    EXPECT_EQ(pools.pools()[0].t_ended, kMonday + kBar * 40);
}

}  // namespace
}  // namespace vt::analysis::smart_money
