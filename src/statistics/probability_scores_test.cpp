#include "statistics/probability_scores.hpp"

#include "base/prng.hpp"
#include "statistics/log_odds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

const std::vector<Forecast> kEightForecasts{{0.1, 0}, {0.3, 0}, {0.35, 1}, {0.6, 1},
                                            {0.8, 1}, {0.9, 1}, {0.2, 0},  {0.7, 0}};

TEST(ProbabilityScores, EqualTheOracle) {
    EXPECT_NEAR(*brier_score(kEightForecasts), 0.1578125, 1e-15);
    EXPECT_NEAR(*log_loss(kEightForecasts), 0.4722879538091761, 1e-14);
    EXPECT_NEAR(*area_under_curve(kEightForecasts), 0.875, 1e-15);
    EXPECT_NEAR(*brier_skill(kEightForecasts), 0.36875, 1e-14);
}

/// Every pair of an event and a non-event.
double pairwise_area(const std::vector<Forecast>& all) {
    double won = 0, pairs = 0;
    for (const Forecast& a : all) {
        for (const Forecast& b : all) {
            if (a.outcome < 0.5 || b.outcome > 0.5) continue;
            const double weight = a.weight * b.weight;
            pairs += weight;
            won += weight * (a.probability > b.probability ? 1 : a.probability == b.probability ? 0.5 : 0);
        }
    }
    return won / pairs;
}

TEST(ProbabilityScores, AreaIsTheShareOfPairsInOrder) {
    Prng prng(6);
    for (int round = 0; round < 300; ++round) {
        std::vector<Forecast> all{{0.5, 0}, {0.5, 1}};
        for (std::uint64_t i = 0, n = prng.below(30); i < n; ++i) {
            all.push_back({static_cast<double>(prng.below(8)) / 8, static_cast<double>(prng.below(2)),
                           0.1 + prng.uniform()});
        }
        ASSERT_NEAR(*area_under_curve(all), pairwise_area(all), 1e-12);
    }
}

std::vector<Forecast> planted(double slope, double intercept) {
    Prng prng(21);
    std::vector<Forecast> all;
    for (int i = 0; i < 100'000; ++i) {
        const double odds = 1.5 * prng.normal();
        all.push_back({logistic(odds), prng.uniform() < logistic(slope * odds + intercept) ? 1.0 : 0.0});
    }
    return all;
}

TEST(ProbabilityScores, TheLineShowsTooMuchConfidence) {
    const auto calibrated = calibration_line(planted(1, 0));
    EXPECT_NEAR(calibrated->slope, 1, 0.03);
    EXPECT_NEAR(calibrated->intercept, 0, 0.03);
    const auto too_sure = calibration_line(planted(0.5, -0.3));
    EXPECT_NEAR(too_sure->slope, 0.5, 0.03);
    EXPECT_NEAR(too_sure->intercept, -0.3, 0.03);
}

TEST(ProbabilityScores, NothingWhereThereIsNothingToSay) {
    EXPECT_FALSE(brier_score({}).has_value());
    EXPECT_FALSE(log_loss({}).has_value());
    const std::vector<Forecast> alike{{0.4, 1}, {0.7, 1}};
    EXPECT_FALSE(area_under_curve(alike).has_value());
    EXPECT_FALSE(brier_skill(alike).has_value());
    EXPECT_FALSE(calibration_line(alike).has_value());
    EXPECT_TRUE(std::isfinite(*log_loss(std::vector<Forecast>{{0, 1}}))) << "certain and wrong is bad, not endless";
}

}  // namespace
}  // namespace vt::statistics
