#include "statistics/isotonic.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace vt::statistics {
namespace {

const std::vector<Observation> kEight{{1, 0}, {2, 0}, {3, 1}, {4, 0}, {5, 1}, {6, 1}, {7, 0}, {8, 1}};

TEST(Isotonic, EqualsTheOracle) {
    const auto blocks = fit_isotonic(kEight);
    const std::vector<double> expected{0, 0, 0.5, 0.5, 2.0 / 3, 2.0 / 3, 2.0 / 3, 1};
    for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(isotonic_value(blocks, kEight[i].x), expected[i], 1e-15);
    ASSERT_EQ(blocks.size(), 4U);
    EXPECT_EQ(blocks[2].first_x, 5);
    EXPECT_EQ(blocks[2].last_x, 7);
    EXPECT_EQ(blocks[2].weight, 3);
}

TEST(Isotonic, CertaintyIsSoftenedByLaplace) {
    auto blocks = fit_isotonic(kEight);
    soften_certainty(blocks);
    EXPECT_DOUBLE_EQ(blocks.front().value, 1.0 / 4);
    EXPECT_DOUBLE_EQ(blocks.back().value, 2.0 / 3) << "1 of 1: (1 + 1)/(1 + 2), which is also the neighbour";
    auto one = fit_isotonic(std::vector<Observation>{{1, 0}, {2, 0}, {3, 0}});
    ASSERT_EQ(one.size(), 1U);
    soften_certainty(one);
    EXPECT_DOUBLE_EQ(one[0].value, 1.0 / 5);
    auto close = fit_isotonic(std::vector<Observation>{{1, 0, 1}, {2, 0, 99}, {2, 1, 1}});
    soften_certainty(close);
    EXPECT_LE(close[0].value, close[1].value) << "1/3 would not be rising any more";
    EXPECT_GT(close[0].value, 0);
}

TEST(Isotonic, BetweenBlocksInProportionOutsideFlat) {
    const auto blocks = fit_isotonic(std::vector<Observation>{{10, 0.2}, {20, 0.6}});
    EXPECT_DOUBLE_EQ(isotonic_value(blocks, 15), 0.4);
    EXPECT_DOUBLE_EQ(isotonic_value(blocks, 12.5), 0.3);
    EXPECT_EQ(isotonic_value(blocks, -4), 0.2);
    EXPECT_EQ(isotonic_value(blocks, 99), 0.6);
}

/// max over a <= i of min over b >= i of the weighted mean of a..b: the min-max formula of the fit.
double by_min_max(const std::vector<Observation>& all, double x) {
    double best = -std::numeric_limits<double>::infinity();
    for (const Observation& from : all) {
        if (from.x > x) continue;
        double least = std::numeric_limits<double>::infinity();
        for (const Observation& to : all) {
            if (to.x < x) continue;
            double sum = 0, weight = 0;
            for (const Observation& one : all) {
                if (one.x < from.x || one.x > to.x) continue;
                sum += one.y * one.weight;
                weight += one.weight;
            }
            least = std::min(least, sum / weight);
        }
        best = std::max(best, least);
    }
    return best;
}

TEST(Isotonic, EqualsTheMinMaxFormulaOnRandomValues) {
    Prng prng(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<Observation> all;
        for (std::uint64_t i = 0, n = 1 + prng.below(20); i < n; ++i) {
            all.push_back({static_cast<double>(prng.below(12)), static_cast<double>(prng.below(3)) / 2,
                           0.1 + prng.uniform()});
        }
        std::ranges::sort(all, {}, &Observation::x);
        const auto blocks = fit_isotonic(all);
        for (const Observation& one : all) {
            ASSERT_NEAR(isotonic_value(blocks, one.x), by_min_max(all, one.x), 1e-12);
        }
        for (std::size_t i = 1; i < blocks.size(); ++i) ASSERT_GT(blocks[i].value, blocks[i - 1].value);
    }
}

TEST(Isotonic, NothingOfNothing) { EXPECT_TRUE(fit_isotonic({}).empty()); }

}  // namespace
}  // namespace vt::statistics
