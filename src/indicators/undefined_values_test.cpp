// Where a formula has no value none is given: on prices that do not move no indicator may make a number of rounding.

#include "indicators/technical_set.hpp"
#include "indicators/test_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace vt::indicators {
namespace {

using enum TechnicalValue;

/// 0.1 and 0.7 have no exact double: sums of them round.
constexpr std::array kPrices{5.0, 0.1, 0.7, 61234.56789};

Bar flat(double price, double volume, int minute = 0) {
    return {.open_time = test::kFirstOpen + std::chrono::minutes{minute},
            .open = price,
            .high = price,
            .low = price,
            .close = price,
            .volume = volume};
}

/// What asks how far the price went of how far it could have: nothing where it did not move at all.
const std::set<TechnicalValue> kOfMovement{rsi_14,
                                           cmo_14,
                                           stochastic_fast_k,
                                           stochastic_fast_d,
                                           stochastic_k,
                                           stochastic_d,
                                           stochastic_rsi_k,
                                           stochastic_rsi_d,
                                           williams_r_14,
                                           plus_di_14,
                                           minus_di_14,
                                           dx_14,
                                           adx_14,
                                           adxr_14,
                                           cci_20,
                                           ultimate_oscillator,
                                           TechnicalValue::balance_of_power,
                                           fisher_transform,
                                           fisher_trigger,
                                           vortex_plus_14,
                                           vortex_minus_14,
                                           choppiness_14,
                                           bollinger_place,
                                           mfi_14,
                                           correlation_close_volume_30,
                                           cycle_phase,
                                           cycle_sine,
                                           cycle_lead_sine,
                                           cycle_is_trend,
                                           vwap_anchored,
                                           vwap_anchored_deviation,
                                           vwap_anchored_lower,
                                           vwap_anchored_upper,
                                           vwap_anchor_bars_ago};
/// What a bar without volume leaves open, besides.
const std::set<TechnicalValue> kOfVolume{chaikin_money_flow_20, ease_of_movement_14};
/// Moves: 0 where there is none, but for the rounding of the averages that they are the difference of.
const std::set<TechnicalValue> kMoves{macd_line,
                                      macd_signal,
                                      macd_histogram,
                                      apo,
                                      ppo,
                                      trix_15,
                                      mom_10,
                                      roc_10,
                                      plus_dm_14,
                                      minus_dm_14,
                                      awesome_oscillator,
                                      coppock_curve,
                                      elder_bull_power,
                                      elder_bear_power,
                                      TechnicalValue::true_range,
                                      atr_14,
                                      natr_14,
                                      volatility_close_20,
                                      variance_20,
                                      deviation_20,
                                      mean_absolute_deviation_14,
                                      force_index_13,
                                      regression_slope_14,
                                      regression_angle_14,
                                      cycle_in_phase,
                                      cycle_quadrature};

TEST(UndefinedValues, AreAbsentWherePricesDoNotMove) {
    for (const double price : kPrices) {
        for (const double volume : {0.0, 0.3}) {
            TechnicalSet set;
            for (int minute = 0; minute < 60; ++minute) {
                set.update(flat(price, volume, minute));
                for (const TechnicalField& field : technical_fields()) {
                    const auto& value = set[field.value];
                    if (kOfMovement.contains(field.value) || (volume == 0 && kOfVolume.contains(field.value))) {
                        ASSERT_FALSE(value)
                            << field.name << " of price " << price << " at " << minute << ": " << *value;
                    } else if (value && kMoves.contains(field.value)) {
                        ASSERT_NEAR(*value, 0, 1e-12 * std::max(price, 1.0)) << field.name << " at " << minute;
                    }
                }
            }
        }
    }
}

TEST(UndefinedValues, OtherValuesOfAPriceThatStandsAreThatPrice) {
    for (const double price : kPrices) {
        TechnicalSet set;
        for (int minute = 0; minute < 500; ++minute) set.update(flat(price, 0.3, minute));
        for (const TechnicalField& field : technical_fields()) {
            if (field.unit != TechnicalUnit::price || kMoves.contains(field.value)) continue;
            if (kOfMovement.contains(field.value) || field.value == vwap_session_deviation) continue;
            ASSERT_TRUE(set[field.value]) << field.name;
            EXPECT_NEAR(*set[field.value], price, 1.0001e-4 * price) << field.name;  // mama and fama
        }
    }
}

TEST(UndefinedValues, DeviationsOfEqualValuesAreExactlyNothing) {
    for (const double price : kPrices) {
        for (std::uint32_t period = 1; period < 60; ++period) {
            MeanAbsoluteDeviation absolute(period);
            Variance variance(period);
            for (int i = 0; i < 120; ++i) {
                const auto of = absolute.update(price);
                const auto squared = variance.update(price);
                if (!of || !squared) continue;
                ASSERT_EQ(of->deviation, 0);
                ASSERT_EQ(of->mean, price);
                ASSERT_EQ(squared->deviation, 0);
            }
        }
    }
}

TEST(UndefinedValues, AScoreThatStandsStillHasNoPlaceInItsRange) {
    Prng prng(21, "still");
    for (int round = 0; round < 100; ++round) {
        const test::Series series = test::random_series(prng, 60, round % 2 == 0);
        Rsi rsi;
        StochasticRsi stochastic;
        std::optional<double> last;
        for (const double close : series.close) {
            last = rsi.update(close);
            stochastic.update(close);
        }
        for (int i = 0; i < 60; ++i) {
            ASSERT_EQ(rsi.update(series.close.back()), last);
            const auto place = stochastic.update(series.close.back());
            if (i >= 5) {
                ASSERT_FALSE(place) << "round " << round << " at " << i;
            }
        }
    }
}

TEST(UndefinedValues, ACycleThatStandsStillHasNoPhase) {
    Prng prng(20, "still");
    const test::Series series = test::random_series(prng, 200, false);
    CycleMode mode;
    for (const Bar& bar : series.bars) mode.update(bar.close);
    // The price stands for longer than the longest period, then moves on.
    const double last = series.close.back();
    std::optional<CycleMode::Value> still;
    for (int i = 0; i < 60; ++i) still = mode.update(last);
    ASSERT_TRUE(still);
    EXPECT_FALSE(still->phase_degrees);
    EXPECT_FALSE(still->sine);
    EXPECT_FALSE(still->lead_sine);
    EXPECT_FALSE(still->is_trend);
    EXPECT_NEAR(still->trend_line, last, 1e-12 * last);
    const auto moved = mode.update(last * 1.01);
    ASSERT_TRUE(moved);
    EXPECT_TRUE(moved->phase_degrees);
    EXPECT_FALSE(moved->is_trend) << "how far the phase turned is not known";
    EXPECT_TRUE(mode.update(last * 1.02)->is_trend);
}

TEST(UndefinedValues, OfTwoSeriesOneOfWhichStandsAreAbsent) {
    Correlation correlation(3);
    ReturnBeta beta(3);
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(correlation.update(i, 0.1));
        EXPECT_FALSE(correlation.update(0.1, 0.1));
        EXPECT_FALSE(beta.update(0.1, 1 + i));
    }
}

TEST(UndefinedValues, OfASessionThatWasJoinedInItsMiddleAreAbsent) {
    SessionVwap vwap(std::chrono::hours{1});
    const auto value_at = [&](int minute, double price) {
        Bar bar = flat(price, 1);
        bar.open_time = from_ms(std::int64_t{3'600'000} * 400'000 + std::int64_t{60'000} * minute);
        return vwap.update(bar);
    };
    for (int minute = 1; minute < 60; ++minute) EXPECT_FALSE(value_at(minute, 7)) << minute;
    ASSERT_TRUE(value_at(60, 10));
    const auto value = value_at(61, 20);
    ASSERT_TRUE(value);
    EXPECT_DOUBLE_EQ(value->price, 15);
    EXPECT_DOUBLE_EQ(value->deviation, 5);
    EXPECT_DOUBLE_EQ(value->band(-2), 5);
    EXPECT_TRUE(value_at(119, 20));
    EXPECT_FALSE(value_at(121, 20)) << "the first bar of the third hour is missing";
    vwap.clear();
    EXPECT_FALSE(value_at(122, 20));
    EXPECT_TRUE(value_at(180, 20));
}

}  // namespace
}  // namespace vt::indicators
