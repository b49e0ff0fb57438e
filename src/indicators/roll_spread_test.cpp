#include "indicators/roll_spread.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

/// By covariance with the changes written out, in long double.
TEST(RollSpread, EqualsTheDefinitionOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        std::vector<double> prices;
        for (std::uint64_t i = 0, n = 4 + prng.below(60); i < n; ++i) {
            prices.push_back(100 + .02 * prng.normal() + (prng.uniform() < .5 ? .05 : -.05));
        }
        std::vector<long double> changes;
        for (std::size_t i = 1; i < prices.size(); ++i) {
            changes.push_back(static_cast<long double>(prices[i]) - prices[i - 1]);
        }
        const auto pairs = static_cast<long double>(changes.size() - 1);
        long double first = 0, second = 0, covariance = 0;
        for (std::size_t i = 1; i < changes.size(); ++i) first += changes[i - 1] / pairs;
        for (std::size_t i = 1; i < changes.size(); ++i) second += changes[i] / pairs;
        for (std::size_t i = 1; i < changes.size(); ++i) {
            covariance += (changes[i - 1] - first) * (changes[i] - second) / (pairs - 1);
        }
        const auto found = roll_spread(prices);
        ASSERT_TRUE(found) << seed;
        EXPECT_NEAR(*found * *found / 4, static_cast<double>(std::max(0.0L, -covariance)), 1e-12) << seed;
    }
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
