#include "statistics/logistic_fit.hpp"

#include "base/prng.hpp"
#include "statistics/log_odds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

TEST(LogOdds, UndoEachOtherAndDoNotOverflow) {
    for (double p = 0.001; p < 1; p += 0.01) EXPECT_NEAR(logistic(logit(p)), p, 1e-15);
    EXPECT_EQ(logistic(800), 1);
    EXPECT_GE(logistic(-740), 0);
    EXPECT_LT(logistic(-740), 1e-300);
}

std::vector<Observation> random_outcomes(std::uint64_t seed, int n, double slope, double intercept) {
    Prng prng(seed);
    std::vector<Observation> all;
    for (int i = 0; i < n; ++i) {
        const double x = 50 + 20 * prng.normal();
        const double y = prng.uniform() < logistic(slope * x + intercept) ? 1 : 0;
        all.push_back({x, y, 0.2 + prng.uniform()});
    }
    return all;
}

double cost(const std::vector<Observation>& all, double slope, double intercept) {
    double sum = 0;
    for (const Observation& one : all) {
        const double p = 1 / (1 + std::exp(-(slope * one.x + intercept)));
        sum -= one.weight * (one.y * std::log(p) + (1 - one.y) * std::log(1 - p));
    }
    return sum;
}

/// No step in any direction makes the outcomes likelier: the cost is convex, so that is the best there is.
TEST(LogisticFit, IsTheLikeliestLine) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto all = random_outcomes(seed, 80, 0.04, -2);
        const auto fit = fit_logistic(all);
        ASSERT_TRUE(fit.has_value());
        double along_slope = 0, along_intercept = 0;
        for (const Observation& one : all) {
            const double error = one.weight * (logistic(fit->slope * one.x + fit->intercept) - one.y);
            along_slope += error * one.x;
            along_intercept += error;
        }
        EXPECT_NEAR(along_slope, 0, 1e-8);
        EXPECT_NEAR(along_intercept, 0, 1e-10);
        const double best = cost(all, fit->slope, fit->intercept);
        for (const double move : {-1e-3, 1e-3}) {
            EXPECT_GT(cost(all, fit->slope + move, fit->intercept), best);
            EXPECT_GT(cost(all, fit->slope, fit->intercept + move), best);
        }
    }
}

TEST(LogisticFit, FindsWhatWasPlanted) {
    const auto fit = fit_logistic(random_outcomes(3, 100'000, 0.05, -3));
    EXPECT_NEAR(fit->slope, 0.05, 0.002);
    EXPECT_NEAR(fit->intercept, -3, 0.1);
}

TEST(LogisticFit, AWeightOfTwoIsTheSameSeenTwice) {
    auto all = random_outcomes(5, 60, 0.03, -1);
    for (auto& one : all) one.weight = 1;
    auto twice = all;
    twice.push_back(all[7]);
    all[7].weight = 2;
    const auto a = fit_logistic(all), b = fit_logistic(twice);
    EXPECT_NEAR(a->slope, b->slope, 1e-12);
    EXPECT_NEAR(a->intercept, b->intercept, 1e-10);
}

TEST(LogisticFit, NothingWhereThereIsNoLine) {
    EXPECT_FALSE(fit_logistic({}).has_value());
    EXPECT_FALSE(fit_logistic(std::vector<Observation>{{1, 0}, {1, 1}, {1, 1}}).has_value()) << "x does not vary";
    EXPECT_FALSE(fit_logistic(std::vector<Observation>{{1, 1}, {2, 1}, {3, 1}}).has_value()) << "one outcome only";
    EXPECT_FALSE(fit_logistic(std::vector<Observation>{{1, 0}, {2, 0}, {3, 1}, {4, 1}}).has_value()) << "separated";
}

}  // namespace
}  // namespace vt::statistics
