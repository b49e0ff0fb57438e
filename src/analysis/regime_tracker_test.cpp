#include "analysis/regime_tracker.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::analysis {
namespace {

constexpr Nanos kBar = std::chrono::minutes{5};
const Timestamp kStart = from_ms(1'700'438'400'000);  // a whole hour

market::Candle bar(std::size_t index, double close) {
    return {.open_time = kStart + kBar * static_cast<std::int64_t>(index),
            .interval = kBar,
            .open = close,
            .high = close,
            .low = close,
            .close = close,
            .is_closed = true};
}

std::vector<double> walk(std::size_t bars, std::uint64_t seed) {
    Prng prng(seed);
    std::vector<double> closes = {100};
    while (closes.size() < bars) closes.push_back(closes.back() * std::exp(1e-3 * prng.normal()));
    return closes;
}

MarketState after(const std::vector<double>& closes) {
    RegimeTracker tracker;
    for (std::size_t i = 0; i < closes.size(); ++i) tracker.on_candle(bar(i, closes[i]));
    return tracker.state();
}

/// The definitions, written down plainly over all closes.
MarketState slow(const std::vector<double>& closes) {
    std::vector<double> returns;
    for (std::size_t i = 1; i < closes.size(); ++i) returns.push_back(1e4 * std::log(closes[i] / closes[i - 1]));
    const auto rv_ending = [&](std::size_t bar) {  // over the 12 returns up to that of `bar`
        double sum = 0;
        for (std::size_t i = bar - 12; i < bar; ++i) sum += returns[i] * returns[i];
        return std::sqrt(sum);
    };
    MarketState state;
    const std::size_t last = closes.size() - 1;
    if (last >= 12) state.rv_1h_bps = rv_ending(last);
    if (last >= 48) {
        double way = 0, path = 0;
        for (std::size_t i = last - 48; i < last; ++i) {
            way += returns[i];
            path += std::abs(returns[i]);
        }
        state.trend_efficiency = std::abs(way) / path;
    }
    double below = 0, n = 0;
    for (std::size_t bar = 12; bar + 12 <= last; ++bar) {
        if ((bar + 1) % 12 != 0) continue;  // its end is a whole hour
        n += 1;
        below += static_cast<float>(rv_ending(bar)) < *state.rv_1h_bps ? 1 : 0;
    }
    if (n >= 24) state.volatility_percentile = 100 * below / n;
    return state;
}

}  // namespace

TEST(RegimeTracker, EqualsThePlainDefinitionOnRandomWalks) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const auto closes = walk(13 + 7 * seed % 700, seed);
        const MarketState fast = after(closes);
        const MarketState wanted = slow(closes);
        ASSERT_EQ(fast.rv_1h_bps.has_value(), wanted.rv_1h_bps.has_value());
        if (fast.rv_1h_bps) {
            EXPECT_NEAR(*fast.rv_1h_bps, *wanted.rv_1h_bps, 1e-9 * *wanted.rv_1h_bps);
        }
        ASSERT_EQ(fast.trend_efficiency.has_value(), wanted.trend_efficiency.has_value());
        if (fast.trend_efficiency) {
            EXPECT_NEAR(*fast.trend_efficiency, *wanted.trend_efficiency, 1e-9);
        }
        ASSERT_EQ(fast.volatility_percentile.has_value(), wanted.volatility_percentile.has_value()) << closes.size();
        if (fast.volatility_percentile) {
            EXPECT_NEAR(*fast.volatility_percentile, *wanted.volatility_percentile, 1e-9);
        }
    }
}

TEST(RegimeTracker, AStraightWayIsAllTrendAndAZigzagIsNone) {
    std::vector<double> up, zigzag;
    for (int i = 0; i < 60; ++i) {
        up.push_back(100 + i);
        zigzag.push_back(i % 2 == 0 ? 100 : 101);
    }
    EXPECT_NEAR(*after(up).trend_efficiency, 1, 1e-12);
    EXPECT_NEAR(*after(zigzag).trend_efficiency, 0, 1e-12);
    EXPECT_FALSE(after(std::vector<double>(60, 100.0)).trend_efficiency) << "a price that does not move has no way";
}

TEST(RegimeTracker, AHoleIsMissingAndNeverBridged) {
    RegimeTracker tracker;
    const auto closes = walk(120, 3);
    for (std::size_t i = 0; i < 60; ++i) tracker.on_candle(bar(i, closes[i]));
    ASSERT_TRUE(tracker.state().rv_1h_bps);
    tracker.on_candle(bar(61, 200));  // bar 60 is missing
    EXPECT_FALSE(tracker.state().rv_1h_bps);
    EXPECT_FALSE(tracker.state().trend_efficiency);
    for (std::size_t i = 62; i < 73; ++i) tracker.on_candle(bar(i, 200 + static_cast<double>(i)));
    EXPECT_FALSE(tracker.state().rv_1h_bps) << "eleven returns are no hour";
    tracker.on_candle(bar(73, 300));
    EXPECT_TRUE(tracker.state().rv_1h_bps);
}

TEST(RegimeTracker, ABarThatWasSeenOrIsOpenOrOfAnotherLengthChangesNothing) {
    RegimeTracker tracker;
    const auto closes = walk(60, 4);
    for (std::size_t i = 0; i < closes.size(); ++i) tracker.on_candle(bar(i, closes[i]));
    const MarketState before = tracker.state();
    tracker.on_candle(bar(59, 500));
    market::Candle open = bar(60, 500);
    open.is_closed = false;
    tracker.on_candle(open);
    market::Candle minute = bar(60, 500);
    minute.interval = std::chrono::minutes{1};
    tracker.on_candle(minute);
    EXPECT_EQ(tracker.state(), before);
}

TEST(RegimeTracker, NoReturnSpansAChangeOfTheContract) {
    RegimeTracker tracker;
    for (std::size_t i = 0; i < 60; ++i) tracker.on_candle(bar(i, 100 + static_cast<double>(i % 2)));
    tracker.clear_prices();
    tracker.on_candle(bar(60, 10'000));
    EXPECT_FALSE(tracker.state().rv_1h_bps);
    for (std::size_t i = 61; i < 73; ++i) tracker.on_candle(bar(i, 10'000 + 100 * static_cast<double>(i % 2)));
    EXPECT_LT(*tracker.state().rv_1h_bps, 500) << "the step of the price is in no return";
}

}  // namespace vt::analysis
