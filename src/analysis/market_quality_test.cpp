#include "analysis/market_quality.hpp"

#include "analysis/quality_tracker.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace vt::analysis {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr Timestamp kDay = from_ms(1'699'920'000'000);  // 2023-11-14 00:00 UTC

TEST(MarketQuality, LiquidityEqualsV8) {
    const auto quality = liquidity_quality(95, 10, 85);
    EXPECT_DOUBLE_EQ(*quality.illiquidity, 90);
    EXPECT_DOUBLE_EQ(quality.q, 0.75);
}

TEST(MarketQuality, OneKnownRankIsNotEnough) {
    EXPECT_EQ(liquidity_quality(99, std::nullopt, std::nullopt).q, 1);
    EXPECT_FALSE(liquidity_quality(99, std::nullopt, std::nullopt).illiquidity.has_value());
    EXPECT_DOUBLE_EQ(*liquidity_quality(99, std::nullopt, 81).illiquidity, 90);
}

TEST(MarketQuality, StaysWithinItsBounds) {
    EXPECT_DOUBLE_EQ(liquidity_quality(100, 0, 100).q, 0.5);
    EXPECT_DOUBLE_EQ(liquidity_quality(50, 50, 50).q, 1);
    EXPECT_DOUBLE_EQ(toxicity_quality(100), 0.7);
    EXPECT_DOUBLE_EQ(toxicity_quality(95), 0.85);
    EXPECT_DOUBLE_EQ(toxicity_quality(90), 1);
    EXPECT_DOUBLE_EQ(toxicity_quality(std::nullopt), 1);
}

/// A day on which the venues were 1 to 3 bps apart, then these seconds.
VenueCheck check_after(std::initializer_list<std::optional<double>> seconds_bps) {
    VenueCheck check;
    std::vector<float> scratch;
    for (int i = 1; i <= 1500; ++i) {
        check.observe(i % 2 == 0 ? 1 + i % 3 : -1 - i % 3);
        check.close_minute(kDay + minutes{i}, scratch);
    }
    for (const auto& difference : seconds_bps) check.observe(difference);
    return check;
}

TEST(MarketQuality, DataIsHalvedForEachDoubtAndZeroWithoutTrading) {
    EvaluationInputs inputs{.clock_offset = milliseconds{-500}};
    VenueCheck alone;
    EXPECT_DOUBLE_EQ(data_quality(inputs, alone).q, 1);
    EXPECT_EQ(data_quality(inputs, alone).flags, Flags{Flag::one_venue});  // not known costs nothing, and says so
    VenueCheck young;
    young.observe(500.0);
    EXPECT_DOUBLE_EQ(data_quality(inputs, young).q, 1);
    EXPECT_EQ(data_quality(inputs, young).flags, Flags{Flag::warming});
    inputs.clock_offset = milliseconds{501};
    EXPECT_DOUBLE_EQ(data_quality(inputs, alone).q, 0.5);
    const VenueCheck apart = check_after({500, 500, 500, 500, 500});
    EXPECT_DOUBLE_EQ(data_quality(inputs, apart).q, 0.25);
    EXPECT_EQ(data_quality(inputs, apart).flags, (Flags{Flag::clock_suspect, Flag::venues_differ}));
    inputs.clock_offset.reset();
    EXPECT_DOUBLE_EQ(data_quality(inputs, apart).q, 0.25);
    inputs.is_trading = false;
    EXPECT_DOUBLE_EQ(data_quality(inputs, apart).q, 0);
}

MinuteFeatures minute_with(double spread_bps) {
    MinuteFeatures minute;
    minute.spread_bps_mean = spread_bps;
    minute.ret_mid_bps_1m = 1;
    minute.notional_1m = 1e6;
    return minute;
}

TEST(VenueCheck, NeedsFiveSecondsInSuccessionBeyondTheLimit) {
    EXPECT_DOUBLE_EQ(check_after({}).limit_bps().value(), 10);  // five times a median of 2 bps
    EXPECT_EQ(check_after({11, -11, 11, 11}).differs(), false);
    EXPECT_EQ(check_after({11, -11, 11, 11, 11}).differs(), true);
    EXPECT_EQ(check_after({11, 11, 11, 11, 9.9, 11, 11, 11, 11}).differs(), false);
    EXPECT_EQ(check_after({11, 11, 11, 11, 11, 9}).differs(), false);
    VenueCheck rested = check_after({11, 11, 11, 11});
    rested.skip();
    rested.observe(11.0);
    EXPECT_EQ(rested.differs(), false);
}

TEST(VenueCheck, WithoutAnotherVenueNothingIsKnown) {
    EXPECT_FALSE(VenueCheck{}.differs());
    EXPECT_FALSE(check_after({11, 11, 11, 11, 11, std::nullopt}).differs());
    EXPECT_EQ(check_after({11, 11, 11, 11, 11, std::nullopt, 11}).differs(), false);  // counts anew
}

TEST(VenueCheck, ALastingPremiumIsUsualAfterAnHour) {
    VenueCheck check;
    std::vector<float> scratch;
    for (int i = 1; i <= 60; ++i) {
        check.observe(12.0);
        check.close_minute(kDay + minutes{i}, scratch);
        EXPECT_FALSE(check.differs());
    }
    check.close_minute(kDay + minutes{61}, scratch);
    for (int i = 0; i < 10; ++i) check.observe(12.0);
    EXPECT_NEAR(check.limit_bps().value(), 60, 1e-4);
    EXPECT_EQ(check.differs(), false);
    for (int i = 0; i < 5; ++i) check.observe(-61.0);
    EXPECT_EQ(check.differs(), true);
}

TEST(QualityTracker, RanksTheHourAmongHoursThatDoNotOverlapIt) {
    QualityTracker tracker;
    // 26 hours whose spread grows, depth falls and impact stays.
    Timestamp u = kDay;
    for (int hour = 0; hour < 26; ++hour) {
        for (int i = 0; i < 60; ++i) {
            u += minutes{1};
            tracker.close_minute(u, minute_with(1 + hour), 1e6 - hour, std::nullopt);
        }
    }
    // At 26:00 the samples of 01:00 .. 25:00 count: 25 of them.
    const MarketQuality quality = tracker.quality({.clock_offset = milliseconds{0}});
    EXPECT_DOUBLE_EQ(*quality.spread_percentile, 100);
    EXPECT_DOUBLE_EQ(*quality.depth_percentile, 0);
    EXPECT_DOUBLE_EQ(*quality.amihud_percentile, 50);
    EXPECT_NEAR(*quality.illiquidity, 250.0 / 3, 1e-12);
    EXPECT_NEAR(quality.q_liquidity, 1 - 0.5 * (250.0 / 3 - 80) / 20, 1e-12);
    EXPECT_EQ(quality.q_toxicity, 1);
    EXPECT_EQ(quality.q_data, 1);
}

TEST(QualityTracker, KnowsNothingOnTheFirstDay) {
    QualityTracker tracker;
    for (int i = 1; i <= 60 * 20; ++i) tracker.close_minute(kDay + minutes{i}, minute_with(i), 1.0, 0.3);
    const MarketQuality quality = tracker.quality({.clock_offset = milliseconds{0}});
    EXPECT_FALSE(quality.spread_percentile.has_value());
    EXPECT_FALSE(quality.vpin_percentile.has_value());
    EXPECT_EQ(quality.q_liquidity, 1);
}

TEST(QualityTracker, VpinIsRankedAfterThreeDays) {
    QualityTracker tracker;
    Timestamp u = kDay;
    for (int hour = 1; hour <= 74; ++hour) {
        u = kDay + hours{hour};
        tracker.close_minute(u, minute_with(1), std::nullopt, 0.1 + hour * 0.001);
    }
    EXPECT_DOUBLE_EQ(*tracker.quality({}).vpin_percentile, 100);
    EXPECT_DOUBLE_EQ(tracker.quality({}).q_toxicity, 0.7);
}

TEST(QualityTracker, KnowsTheUsualSpreadOfItsOwnMinutes) {
    Prng random(6, "spreads");
    QualityTracker tracker;
    std::vector<double> before;
    for (int i = 1; i <= 2000; ++i) {
        const double spread = std::exp(random.normal());
        tracker.close_minute(kDay + minutes{i}, minute_with(spread), 1.0, std::nullopt);
        const MarketQuality quality = tracker.quality({});
        EXPECT_EQ(quality.spread_bps, spread);
        EXPECT_EQ(quality.spread_p99_bps.has_value(), before.size() >= 100);
        if (quality.spread_p99_bps) {
            auto sorted = before;
            std::sort(sorted.begin(), sorted.end());
            const double exact = sorted[(99 * sorted.size() + 99) / 100 - 1];
            EXPECT_GT(*quality.spread_p99_bps, exact);
            EXPECT_LE(*quality.spread_p99_bps, exact * std::exp2(1.0 / 32) * (1 + 1e-12));
        }
        before.push_back(spread);
        if (before.size() > QualityTracker::kSpreadsKept) before.erase(before.begin());
    }
    tracker.skip_minutes();
    EXPECT_FALSE(tracker.quality({}).spread_bps) << "the last minute was not seen";
    EXPECT_TRUE(tracker.quality({}).spread_p99_bps);
}

}  // namespace
}  // namespace vt::analysis
