#include "statistics/partial_pooling.hpp"

#include "base/prng.hpp"
#include "statistics/beta_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::statistics {
namespace {

TEST(PartialPooling, DrawsTheSmallTowardAll) {
    const PooledPrior prior{.rate = 0.3, .strength = 50};
    EXPECT_DOUBLE_EQ(pooled_rate(0, 0, prior), 0.3);
    EXPECT_DOUBLE_EQ(pooled_rate(5, 5, prior), 20.0 / 55);
    EXPECT_DOUBLE_EQ(pooled_rate(30, 50, prior), 0.45) << "as much seen as believed: half-way";
    EXPECT_NEAR(pooled_rate(60'000, 100'000, prior), 0.6, 2e-4);
}

/// Rates really drawn from the prior: then the posterior interval holds as often as it says, and the pooled rate
/// errs less than the plain one.
TEST(PartialPooling, IsRightWhereThePriorIs) {
    Prng prng(17);
    const PooledPrior prior{.rate = 0.3, .strength = 50};
    int inside = 0;
    double pooled_error = 0, plain_error = 0;
    constexpr int kRuns = 2000;
    for (int run = 0; run < kRuns; ++run) {
        const double rate = beta_quantile(15, 35, 0.0005 + 0.999 * prng.uniform());
        const int trials = 20;
        int hits = 0;
        for (int i = 0; i < trials; ++i) hits += prng.uniform() < rate ? 1 : 0;
        if (pooled_interval(hits, trials, prior, 0.95).contains(rate)) ++inside;
        pooled_error += std::pow(pooled_rate(hits, trials, prior) - rate, 2);
        plain_error += std::pow(static_cast<double>(hits) / trials - rate, 2);
    }
    EXPECT_NEAR(static_cast<double>(inside) / kRuns, 0.95, 0.015);
    EXPECT_LT(pooled_error, plain_error / 2);
}

}  // namespace
}  // namespace vt::statistics
