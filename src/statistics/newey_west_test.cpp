#include "statistics/newey_west.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

const std::vector<double> kSeries{.01, .012, .008, -.002, -.004, .001, .006, .009, .007, -.001};

/// The long-run variance as the textbook writes it: gamma_0 + 2 sum w_l gamma_l, in long double.
long double textbook_t(const std::vector<double>& values, std::size_t lags) {
    const auto n = static_cast<long double>(values.size());
    long double mean = 0;
    for (const double value : values) mean += value / n;
    const auto gamma = [&](std::size_t lag) {
        long double sum = 0;
        for (std::size_t i = 0; i + lag < values.size(); ++i) sum += (values[i] - mean) * (values[i + lag] - mean);
        return sum / n;
    };
    long double variance = gamma(0);
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        variance += 2 * (1 - static_cast<long double>(lag) / static_cast<long double>(lags + 1)) * gamma(lag);
    }
    return mean / std::sqrt(variance / n);
}

std::vector<double> random_series(std::uint64_t seed, std::size_t n) {
    Prng prng(seed);
    std::vector<double> values;
    double previous = 0;
    for (std::size_t i = 0; i < n; ++i) values.push_back(previous = .4 * previous + prng.normal() + .05);
    return values;
}

TEST(NeweyWest, VectorWithTwoLags) {
    const auto test = newey_west_mean(kSeries, 2);
    ASSERT_TRUE(test.has_value());
    EXPECT_NEAR(test->t, 2.302380, 5e-7);
    EXPECT_EQ(test->n, 10U);
    EXPECT_EQ(test->lags, 2U);
}

TEST(NeweyWest, EqualsTheTextbookOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const auto values = random_series(seed, 40 + seed % 341);
        for (const std::size_t lags : {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{11}}) {
            const auto test = newey_west_mean(values, lags);
            ASSERT_TRUE(test.has_value());
            const auto expected = static_cast<double>(textbook_t(values, lags));
            EXPECT_NEAR(test->t, expected, 1e-10 * std::max(1.0, std::abs(expected)));
        }
    }
}

TEST(NeweyWest, ScaleChangesTheMeanButNotT) {
    auto values = random_series(7, 240);
    const auto before = newey_west_mean(values);
    for (double& value : values) value *= -1024;
    const auto after = newey_west_mean(values);
    ASSERT_TRUE(before && after);
    EXPECT_DOUBLE_EQ(after->t, -before->t);
    EXPECT_DOUBLE_EQ(after->mean, -1024 * before->mean);
}

TEST(NeweyWest, LagsOfTheRule) {
    EXPECT_EQ(newey_west_lags(0), 0U);
    EXPECT_EQ(newey_west_lags(1), 0U);
    EXPECT_EQ(newey_west_lags(48), 3U);
    EXPECT_EQ(newey_west_lags(60), 3U);
    EXPECT_EQ(newey_west_lags(100), 4U);
    EXPECT_EQ(newey_west_lags(240), 4U);
    EXPECT_EQ(newey_west_lags(1000), 6U);
}

TEST(NeweyWest, NoErrorNoTest) {
    EXPECT_FALSE(newey_west_mean(std::vector<double>{}, 0).has_value());
    EXPECT_FALSE(newey_west_mean(std::vector<double>{1}, 0).has_value());
    EXPECT_FALSE(newey_west_mean(std::vector<double>(50, 0.0), 2).has_value());
    EXPECT_FALSE(newey_west_mean(std::vector<double>(50, 0.1), 2).has_value())
        << "0.1 is not exact: rounding is no news";
    EXPECT_FALSE(newey_west_mean(std::vector<double>(100, 0.3), 2).has_value());
    EXPECT_FALSE(newey_west_mean(std::vector<double>(100'000, 0.3), 2).has_value());
}

}  // namespace
}  // namespace vt::statistics
