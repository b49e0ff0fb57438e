#include "indicators/rolling_regression.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

namespace vt::indicators {
namespace {

TEST(RollingRegression, BetaVector) {
    RollingRegression regression(12);
    for (std::size_t i = 0; i < 12; ++i) regression.push(test::kBitcoinReturns[i], test::kAltReturns[i]);
    const auto fit = regression.line();
    ASSERT_TRUE(fit.has_value());
    EXPECT_NEAR(fit->slope, 1.510688328345447, 1e-13);
    EXPECT_NEAR(fit->intercept, -0.00034224027362120605, 1e-17);
    EXPECT_NEAR(fit->slope_error, 0.07476135376470992, 1e-13);
    EXPECT_NEAR(fit->intercept_error, 0.0006058284199606972, 1e-15);
    EXPECT_NEAR(fit->r_squared, 0.9760945752152934, 1e-13);
    EXPECT_NEAR(fit->correlation, 0.9879749871405111, 1e-13);
    EXPECT_NEAR(fit->residual_sd, 0.0020875247846142563, 1e-15);
}

TEST(RollingRegression, EqualsTheFitOfEachWindowOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed);
        const std::size_t window = 5 + seed % 20;
        RollingRegression regression(window);
        for (std::size_t i = 0; i < made.x.size(); ++i) {
            regression.push(made.x[i], made.y[i]);
            const std::size_t n = std::min(window, i + 1);
            const auto expected =
                least_squares(std::span(made.x).subspan(i + 1 - n, n), std::span(made.y).subspan(i + 1 - n, n), 0);
            const auto fit = regression.line();
            ASSERT_EQ(fit.has_value(), expected.has_value());
            if (!fit) continue;
            ASSERT_NEAR(fit->slope, expected->slope, 1e-9 * (1 + std::abs(expected->slope)));
            ASSERT_NEAR(fit->intercept, expected->intercept, 1e-12);
            ASSERT_NEAR(fit->residual_sd, expected->residual_sd, 1e-9);
            ASSERT_NEAR(fit->correlation, expected->correlation, 1e-9);
        }
    }
}

TEST(RollingRegression, RoundingDoesNotPileUp) {
    Prng prng(4);
    RollingRegression regression(50);
    std::vector<double> x, y;
    // A storm a million times as large as what comes later leaves its rounding in sums that are never made anew.
    for (int i = 0; i < 20'000; ++i) {
        const double scale = i < 60 ? 1e3 : 1e-3;
        x.push_back(prng.normal() * scale);
        y.push_back(1.5 * x.back() + prng.normal() * scale);
        regression.push(x.back(), y.back());
    }
    const auto fit = regression.line();
    const auto expected = least_squares(std::span(x).last(50), std::span(y).last(50), 0);
    ASSERT_TRUE(fit && expected);
    EXPECT_NEAR(fit->slope, expected->slope, 1e-9);
    std::vector<double> kept_x, kept_y;
    regression.copy_to(kept_x, kept_y);
    EXPECT_EQ(kept_x, std::vector<double>(x.end() - 50, x.end()));
    EXPECT_EQ(kept_y, std::vector<double>(y.end() - 50, y.end()));
}

TEST(RollingRegression, NothingToFit) {
    RollingRegression regression(10);
    EXPECT_FALSE(regression.line().has_value());
    for (int i = 0; i < 5; ++i) regression.push(.1, i);
    EXPECT_FALSE(regression.line().has_value());
    regression.clear();
    EXPECT_EQ(regression.size(), 0U);
    for (int i = 0; i < 3; ++i) regression.push(i, 2 * i);
    ASSERT_TRUE(regression.line().has_value());
    EXPECT_DOUBLE_EQ(regression.line()->slope, 2);
}

}  // namespace
}  // namespace vt::indicators
