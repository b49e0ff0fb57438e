#include "statistics/sharpe.hpp"

#include "base/prng.hpp"
#include "statistics/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

/// The worked example of Bailey and Lopez de Prado 2014: 2.5 a year, five years of 250 days, skewness -3, kurtosis
/// 10.
const SharpeSample kExample{.ratio = 2.5 / std::sqrt(250.0), .n = 1250, .skewness = -3, .kurtosis = 10};
constexpr double kVariance = 0.5 / 250;

TEST(Sharpe, DeflatedAsPublished) {
    EXPECT_NEAR(kExample.ratio, 0.15811388300841897, 1e-15);
    EXPECT_NEAR(expected_maximum_sharpe(100, kVariance), 0.11317200186513214, 1e-14);
    EXPECT_NEAR(*deflated_sharpe(kExample, 100, kVariance), 0.9003968344493903, 1e-12);
    EXPECT_NEAR(*deflated_sharpe(kExample, 46, kVariance), 0.9505017068755787, 1e-12);
    SharpeSample normal = kExample;
    normal.skewness = 0;
    normal.kurtosis = 3;
    EXPECT_NEAR(*deflated_sharpe(normal, 88, kVariance), 0.9504908166760139, 1e-12);
    EXPECT_NEAR(*probabilistic_sharpe(kExample, 0), 0.9999968595078976, 1e-12);
}

TEST(Sharpe, TheTwoWrongReadingsGiveOtherNumbers) {
    SharpeSample excess = kExample;
    excess.kurtosis -= 3;
    EXPECT_NEAR(*deflated_sharpe(excess, 100, kVariance), 0.901779, 5e-7);
    SharpeSample annual = kExample;
    annual.ratio = 2.5;
    EXPECT_NEAR(*deflated_sharpe(annual, 100, 0.5), 1, 1e-6);
}

TEST(Sharpe, LargestOfManyAsPublished) {
    EXPECT_NEAR(expected_maximum_sharpe(10, 1), 1.574598, 5e-7);
    EXPECT_NEAR(expected_maximum_sharpe(46, 1), 2.244171, 5e-7);
    EXPECT_NEAR(expected_maximum_sharpe(100, 1), 2.530603, 5e-7);
    EXPECT_NEAR(expected_maximum_sharpe(1000, 1), 3.255122, 5e-7);
    EXPECT_EQ(expected_maximum_sharpe(1, 1), 0);
    EXPECT_EQ(expected_maximum_sharpe(1.05, 1), 0);
}

TEST(Sharpe, LargestOfManyBySimulation) {
    Prng prng(8);
    for (const int trials : {5, 30, 200}) {
        double sum = 0;
        constexpr int kRuns = 4000;
        for (int run = 0; run < kRuns; ++run) {
            double largest = -100;
            for (int i = 0; i < trials; ++i) largest = std::max(largest, prng.normal());
            sum += largest;
        }
        EXPECT_NEAR(expected_maximum_sharpe(trials, 1), sum / kRuns, 0.06) << trials;
    }
}

TEST(Sharpe, LengthOfATrackRecord) {
    const SharpeSample sample{.ratio = 2 / std::sqrt(252.0), .n = 100};
    const auto length = minimum_track_record(sample, 0, 0.95);
    EXPECT_NEAR(*length, 172.8, 0.05);
    SharpeSample then = sample;
    then.n = *length;
    EXPECT_NEAR(*probabilistic_sharpe(then, 0), 0.95, 1e-12) << "then, and not before";
    EXPECT_FALSE(minimum_track_record(sample, sample.ratio, 0.95).has_value());
}

TEST(Sharpe, OfASeries) {
    const std::vector<double> returns{0.01, 0.02, -0.01, 0.03};
    const auto found = sharpe_of(returns);
    const double squares = 0.0025 * 0.0025 + 0.0075 * 0.0075 + 0.0225 * 0.0225 + 0.0175 * 0.0175;
    EXPECT_NEAR(found->ratio, 0.0125 / std::sqrt(squares / 3), 1e-14);
    EXPECT_EQ(found->n, 4);
    EXPECT_FALSE(sharpe_of(std::vector<double>(9, 0.01)).has_value());
}

/// Returns with skewness 2 and no edge: the chance is uniform, so it is above .95 in a twentieth of all runs.
TEST(Sharpe, WithoutEdgeTheChanceIsUniform) {
    Prng prng(12);
    int above = 0, below = 0;
    constexpr int kRuns = 4000;
    for (int run = 0; run < kRuns; ++run) {
        std::vector<double> returns;
        for (int i = 0; i < 200; ++i) returns.push_back(prng.exponential() - 1);
        const double chance = *probabilistic_sharpe(*sharpe_of(returns), 0);
        if (chance > 0.95) ++above;
        if (chance < 0.05) ++below;
    }
    EXPECT_NEAR(static_cast<double>(above) / kRuns, 0.05, 0.02);
    EXPECT_NEAR(static_cast<double>(below) / kRuns, 0.05, 0.02);
}

}  // namespace
}  // namespace vt::statistics
