#include "statistics/normal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::statistics {
namespace {

TEST(Normal, PublishedQuantiles) {
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
    EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-15);
    EXPECT_NEAR(normal_quantile(0.99), 2.3263478740408408, 1e-15);
    EXPECT_NEAR(normal_quantile(0.5), 0, 1e-16);
    EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-14);
}

/// Simpson's rule on the density, which knows neither erfc nor the approximation of the quantile.
double integrated_cdf(double z) {
    constexpr int kSteps = 4000;
    const double width = (z + 12) / kSteps;
    double sum = 0;
    for (int i = 0; i <= kSteps; ++i) {
        const double x = -12 + width * i;
        const double weight = i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0));
    }
    return sum * width / 3;
}

TEST(Normal, CdfIsTheIntegralOfTheDensity) {
    for (double z = -6; z <= 6; z += 0.37) EXPECT_NEAR(normal_cdf(z), integrated_cdf(z), 1e-12) << z;
}

TEST(Normal, QuantileUndoesTheCdf) {
    for (double z = -37; z <= 8; z += 0.173) {
        if (std::abs(normal_cdf(z) - 0.5) > 0.499999) continue;  // 1 - p has lost its digits there
        EXPECT_NEAR(normal_quantile(normal_cdf(z)), z, 1e-9) << z;
    }
    for (double p = 1e-300; p < 0.49; p *= 7) {
        EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 2e-13 * std::max(1.0, -std::log(p))) << p;
        if (p > 1e-15) {
            EXPECT_NEAR(normal_quantile(1 - p), -normal_quantile(p), 2e-16 / p);
        }
    }
}

TEST(Normal, QuantileRisesAcrossTheSeamOfTheApproximation) {
    double before = normal_quantile(0.0242);
    for (double p = 0.0242 + 1e-7; p < 0.0243; p += 1e-7) {
        const double now = normal_quantile(p);
        ASSERT_GT(now, before) << p;
        before = now;
    }
}

}  // namespace
}  // namespace vt::statistics
