#include "indicators/scholes_williams.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(ScholesWilliams, EqualsTheReferenceFigures) {
    const auto found = scholes_williams(test::kBitcoinReturns, test::kAltReturns);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->n, 10U);
    EXPECT_NEAR(found->slope_before, -0.6929405520169851, 1e-13);
    EXPECT_NEAR(found->slope, 1.5253579952267307, 1e-13);
    EXPECT_NEAR(found->slope_after, -0.9084027252081756, 1e-13);
    EXPECT_NEAR(found->autocorrelation, -0.5385604800421595, 1e-13);
    EXPECT_NEAR(found->beta, 0.985274, 5e-7);
    // 1 + 2 rho is -0.077 here: the figure is worth nothing, and its error says so.
    EXPECT_GT(found->error, 0.2);
}

TEST(ScholesWilliams, EqualsItsDefinitionOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed);
        const auto found = scholes_williams(made.x, made.y);
        ASSERT_TRUE(found.has_value());
        const std::size_t n = made.x.size();
        // Raw sums in long double: cov(a, b) = sum ab - sum a sum b/m.
        const auto covariance = [&](const auto& a, std::size_t from_a, const auto& b, std::size_t from_b) {
            long double sum_ab = 0, sum_a = 0, sum_b = 0;
            for (std::size_t i = 0; i + 2 < n; ++i) {
                sum_ab += static_cast<long double>(a[from_a + i]) * b[from_b + i];
                sum_a += a[from_a + i];
                sum_b += b[from_b + i];
            }
            return sum_ab - sum_a * sum_b / static_cast<long double>(n - 2);
        };
        long double slopes = 0;
        for (std::size_t k = 0; k < 3; ++k)
            slopes += covariance(made.x, k, made.y, 1) / covariance(made.x, k, made.x, k);
        const long double rho = covariance(made.x, 0, made.x, 1) /
                                std::sqrt(covariance(made.x, 0, made.x, 0) * covariance(made.x, 1, made.x, 1));
        const auto beta = static_cast<double>(slopes / (1 + 2 * rho));
        ASSERT_NEAR(found->beta, beta, 1e-9 * (1 + beta * beta));
    }
}

TEST(ScholesWilliams, ItsErrorIsThatOfManyRepetitionsAndALagIsSeen) {
    double sum = 0, square = 0, error = 0, plain = 0;
    constexpr int kRuns = 500;
    for (int run = 0; run < kRuns; ++run) {
        Prng prng(static_cast<std::uint64_t>(run), "late");
        std::vector<double> x, y;
        double last = 0;
        for (int i = 0; i < 240; ++i) {
            x.push_back(prng.normal());
            y.push_back(0.6 * x.back() + 0.9 * last + prng.normal());  // a beta of 1.5, of which .9 come late
            last = x.back();
        }
        const auto found = scholes_williams(x, y);
        sum += found->beta;
        square += found->beta * found->beta;
        error += found->error;
        plain += found->slope;
    }
    const double sd = std::sqrt(square / kRuns - sum / kRuns * sum / kRuns);
    EXPECT_NEAR(sum / kRuns, 1.5, 0.03);
    EXPECT_NEAR(plain / kRuns, 0.6, 0.05);
    EXPECT_NEAR(error / kRuns, sd, 0.35 * sd);
}

TEST(ScholesWilliams, NothingToSay) {
    const std::vector<double> few{1, 2, 1, 3}, flat(10, .1), other{1, 2, 3, 2, 1, 2, 3, 2, 1, 2};
    EXPECT_FALSE(scholes_williams(few, few).has_value());
    EXPECT_FALSE(scholes_williams(std::vector<double>(10, 0.0), other).has_value());
}

}  // namespace
}  // namespace vt::indicators
