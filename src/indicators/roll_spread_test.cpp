#include "indicators/roll_spread.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vt::indicators {
namespace {

TEST(RollSpread, EqualsTheOracle) {
    const std::array<double, 8> prices = {100.0, 100.1, 100.0, 100.1, 100.0, 100.1, 100.05, 100.1};
    EXPECT_NEAR(*roll_spread(prices), 0.1949358868961682, 1e-12);
}

TEST(RollSpread, ATrendHasNone) {
    const std::array<double, 6> prices = {1, 2, 4, 7, 11, 16};
    EXPECT_EQ(roll_spread(prices), 0.0);
}

TEST(RollSpread, ThreePricesAreTooFew) {
    EXPECT_FALSE(roll_spread(std::array<double, 3>{1, 2, 1}).has_value());
    EXPECT_FALSE(roll_spread({}).has_value());
}

TEST(RollSpread, ScalesWithThePriceAndIgnoresItsLevel) {
    const std::vector<double> prices = {5, 6, 5, 7, 5, 6};
    std::vector<double> moved;
    for (const double price : prices) moved.push_back(3 * price + 1000);
    EXPECT_NEAR(*roll_spread(moved), 3 * *roll_spread(prices), 1e-9);
}

TEST(RollSpread, FindsTheBounceOfALongSeries) {
    Prng prng(5);
    std::vector<double> prices;
    double value = 100;
    for (int i = 0; i < 50'000; ++i) {
        value += .02 * prng.normal();
        prices.push_back(value + (prng.uniform() < .5 ? .05 : -.05));
    }
    EXPECT_NEAR(*roll_spread(prices), .1, .003);
}

}  // namespace
}  // namespace vt::indicators
