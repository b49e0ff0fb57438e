#include "indicators/trading_cost.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

TEST(TradingCost, AmihudVector) {
    const std::vector<double> returns{.01, -.02, .005}, notionals{1e6, 2e6, 5e5};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 1.0000000000000002e-08, 1e-22);
}

TEST(TradingCost, AmihudLeavesOutSilentPeriods) {
    const std::vector<double> returns{.01, 0, .03}, notionals{1e6, 0, 1e6};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 2e-8, 1e-22);
    EXPECT_FALSE(amihud_illiquidity(std::vector<double>{.01}, std::vector<double>{0}).has_value());
}

TEST(TradingCost, RollVector) {
    const std::vector<double> prices{100.0, 100.1, 100.0, 100.1, 100.0, 100.1, 100.05, 100.1};
    EXPECT_NEAR(*roll_spread(prices), 0.1949358868961682, 1e-12);
}

TEST(TradingCost, RollFindsTheBounceOfALongSeriesWhateverTheLevel) {
    Prng prng(5);
    std::vector<double> prices, scaled;
    double value = 100;
    for (int i = 0; i < 50'000; ++i) {
        value += .02 * prng.normal();
        prices.push_back(value + (prng.uniform() < .5 ? .05 : -.05));
        scaled.push_back(8 * prices.back());
    }
    EXPECT_NEAR(*roll_spread(prices), .1, .003);
    EXPECT_NEAR(*roll_spread(scaled), 8 * *roll_spread(prices), 1e-9);
}

TEST(TradingCost, RollSaysNothingWherePricesTrend) {
    EXPECT_EQ(*roll_spread(std::vector<double>{1, 2, 4, 8, 16}), 0);
    EXPECT_FALSE(roll_spread(std::vector<double>{1, 2, 3}).has_value());
}

}  // namespace
}  // namespace vt::indicators
