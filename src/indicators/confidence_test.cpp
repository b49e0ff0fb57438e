#include "indicators/confidence.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(TwoSidedP, TableValues) {
    EXPECT_EQ(two_sided_p(0), 1);
    EXPECT_NEAR(two_sided_p(kNormal90), 0.10, 1e-15);
    EXPECT_NEAR(two_sided_p(kNormal95), 0.05, 1e-15);
    EXPECT_NEAR(two_sided_p(-kNormal95), 0.05, 1e-15);
    EXPECT_NEAR(two_sided_p(3) / 0.0026997960632601866, 1, 1e-13);
    EXPECT_NEAR(two_sided_p(8) / 1.2441921148543568e-15, 1, 1e-12);
}

/// The density added up by Simpson's rule.
double by_integration(double z) {
    constexpr int kSteps = 2000;
    const auto density = [](double x) { return std::exp(-x * x / 2) / std::sqrt(2 * M_PI); };
    const double h = z / kSteps;
    double sum = density(0) + density(z);
    for (int i = 1; i < kSteps; ++i) sum += density(i * h) * (i % 2 == 1 ? 4 : 2);
    return 1 - 2 * sum * h / 3;
}

TEST(TwoSidedP, EqualsTheIntegralOfTheDensity) {
    Prng prng(3);
    for (int i = 0; i < 1000; ++i) {
        const double z = prng.uniform() * 5;
        EXPECT_NEAR(two_sided_p(z), by_integration(z), 1e-12) << z;
    }
}

}  // namespace
}  // namespace vt::indicators
