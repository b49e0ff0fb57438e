#include "statistics/placebo.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::statistics {
namespace {

std::vector<double> one_to(int n) {
    std::vector<double> values;
    for (int i = n; i >= 1; --i) values.push_back(i);
    return values;
}

TEST(Placebo, CountsByHand) {
    const auto found = compare_with_placebos(15, one_to(99));
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->percentile, 14.5 / 99, 1e-15);
    EXPECT_NEAR(found->p, 86.0 / 100, 1e-15);
    EXPECT_EQ(found->mean, 50);
    EXPECT_NEAR(found->percentile_95, 94.1, 1e-12);
    EXPECT_FALSE(found->is_beaten);
    const auto best = compare_with_placebos(1000, one_to(99));
    EXPECT_TRUE(best->is_beaten);
    EXPECT_EQ(best->percentile, 1);
    EXPECT_NEAR(best->p, 0.01, 1e-15) << "never 0";
    EXPECT_FALSE(compare_with_placebos(1, one_to(19)).has_value());
}

/// An observation that is itself a placebo: p is uniform, so it is at most .05 in a twentieth of all runs.
TEST(Placebo, OneOfThemselvesIsNoDiscovery) {
    Prng prng(3);
    int small = 0, beaten = 0;
    constexpr int kRuns = 10'000;
    std::vector<double> draws(99);
    for (int run = 0; run < kRuns; ++run) {
        for (double& draw : draws) draw = prng.normal();
        const auto found = compare_with_placebos(prng.normal(), draws);
        small += found->p <= 0.05 ? 1 : 0;
        beaten += found->is_beaten ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(small) / kRuns, 0.05, 0.01);
    EXPECT_NEAR(static_cast<double>(beaten) / kRuns, 0.055, 0.012);
}

}  // namespace
}  // namespace vt::statistics
