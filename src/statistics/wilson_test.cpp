#include "statistics/wilson.hpp"

#include "statistics/normal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::statistics {
namespace {

TEST(Wilson, Vectors) {
    const auto ci = wilson_interval(58, 100, kNormal95);
    EXPECT_NEAR(ci.lower, 0.4820648670304296, 1e-12);
    EXPECT_NEAR(ci.upper, 0.6720161732564526, 1e-12);
    const auto small = wilson_interval(20, 30, kNormal95);
    EXPECT_NEAR(small.lower, 0.48780051644543837, 1e-12);
    EXPECT_NEAR(small.upper, 0.8076950191632386, 1e-12);
}

/// The bounds are the rates p at which the observed share is exactly z standard errors (of p) away.
TEST(Wilson, BoundsSolveTheScoreEquation) {
    for (int n = 1; n <= 60; n += 7) {
        for (int k = 0; k <= n; ++k) {
            const auto ci = wilson_interval(k, n, kNormal90);
            const double share = static_cast<double>(k) / n;
            for (const double p : {ci.lower, ci.upper}) {
                if (p <= 1e-12 || p >= 1 - 1e-12) continue;
                EXPECT_NEAR((share - p) * (share - p), kNormal90 * kNormal90 * p * (1 - p) / n, 1e-12);
            }
        }
    }
}

TEST(Wilson, IsSymmetricInSuccessAndFailure) {
    const auto a = wilson_interval(7, 9, kNormal90);
    const auto b = wilson_interval(2, 9, kNormal90);
    EXPECT_NEAR(a.lower, 1 - b.upper, 1e-15);
}

TEST(Wilson, NoTrialsNoKnowledge) {
    const auto ci = wilson_interval(0, 0, kNormal90);
    EXPECT_EQ(ci.lower, 0);
    EXPECT_EQ(ci.upper, 1);
}

}  // namespace
}  // namespace vt::statistics
