#include "statistics/beta_distribution.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::statistics {
namespace {

/// For whole a and b the function is a binomial tail: P(at least a of a + b - 1 draws).
double by_the_binomial(int a, int b, double x) {
    const int n = a + b - 1;
    double sum = 0;
    for (int k = a; k <= n; ++k) {
        double term = 1;
        for (int i = 1; i <= k; ++i) term *= static_cast<double>(n - k + i) / i * x;
        sum += term * std::pow(1 - x, n - k);
    }
    return sum;
}

TEST(BetaDistribution, EqualsBinomialTails) {
    for (int a = 1; a <= 30; a += 3) {
        for (int b = 1; b <= 40; b += 4) {
            for (double x = 0.01; x < 1; x += 0.07) {
                EXPECT_NEAR(beta_cdf(a, b, x), by_the_binomial(a, b, x), 1e-12) << a << ' ' << b << ' ' << x;
            }
        }
    }
}

TEST(BetaDistribution, ClosedFormsOfHalves) {
    for (double x = 0.02; x < 1; x += 0.06) {
        EXPECT_NEAR(beta_cdf(0.5, 0.5, x), 2 / std::acos(-1.0) * std::asin(std::sqrt(x)), 1e-13);
        EXPECT_NEAR(beta_cdf(0.3, 1, x), std::pow(x, 0.3), 1e-13);
        EXPECT_NEAR(beta_cdf(1, 250.5, x), 1 - std::pow(1 - x, 250.5), 1e-12);
    }
}

TEST(BetaDistribution, QuantileUndoesTheCdf) {
    Prng prng(3);
    for (int i = 0; i < 300; ++i) {
        const double a = std::exp(8 * prng.uniform() - 1), b = std::exp(8 * prng.uniform() - 1);
        const double p = 0.001 + 0.998 * prng.uniform();
        EXPECT_NEAR(beta_cdf(a, b, beta_quantile(a, b, p)), p, 1e-9) << a << ' ' << b;
    }
    EXPECT_EQ(beta_quantile(2, 3, 0), 0);
    EXPECT_EQ(beta_quantile(2, 3, 1), 1);
}

TEST(BetaDistribution, LargeParametersBecomeNormal) {
    EXPECT_NEAR(beta_cdf(5e5, 5e5, 0.5), 0.5, 1e-9);
    EXPECT_NEAR(beta_cdf(5e5, 5e5, 0.5 + 1.6448536269514722 * 0.0005), 0.95, 1e-5);
}

}  // namespace
}  // namespace vt::statistics
