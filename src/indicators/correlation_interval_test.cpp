#include "indicators/correlation_interval.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(CorrelationInterval, EqualsTheOracle) {
    const auto found = correlation_interval(0.9879749871405111, 12, 1.959964);  // as the oracle rounds it
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->lower, 0.9562905156477188, 1e-14);
    EXPECT_NEAR(found->upper, 0.9967301614329229, 1e-14);
}

TEST(CorrelationInterval, EqualsTheTransformWithoutLogarithms) {
    Prng prng(6);
    for (int i = 0; i < 1000; ++i) {
        const double r = 1.98 * prng.uniform() - 0.99;
        const std::size_t n = 4 + prng.below(500);
        const auto found = correlation_interval(r, n);
        // tanh(a + b) = (ta + tb)/(1 + ta tb)
        const double shift = std::tanh(kNormal95 / std::sqrt(static_cast<double>(n) - 3));
        ASSERT_TRUE(found.has_value());
        EXPECT_NEAR(found->lower, (r - shift) / (1 - r * shift), 1e-12);
        EXPECT_NEAR(found->upper, (r + shift) / (1 + r * shift), 1e-12);
    }
}

TEST(CorrelationInterval, Edges) {
    EXPECT_FALSE(correlation_interval(0.5, 3).has_value());
    EXPECT_EQ(correlation_interval(1.0000001, 10)->lower, 1);
    EXPECT_EQ(correlation_interval(-1, 10)->upper, -1);
    EXPECT_LT(correlation_interval(0, 1000)->upper, 0.063);
}

}  // namespace
}  // namespace vt::indicators
