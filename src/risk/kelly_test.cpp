#include "risk/kelly.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::risk {
namespace {

/// How fast the equity grows in the mean of logarithms when a share of it is risked each time.
double growth(double share, double probability, double payoff) {
    return probability * std::log(1 + payoff * share) + (1 - probability) * std::log(1 - share);
}

TEST(Kelly, PublishedVectors) {
    EXPECT_DOUBLE_EQ(binary_kelly(.55, 1), 0.10000000000000009);
    EXPECT_DOUBLE_EQ(binary_kelly(.40, 3), 0.20000000000000004);
    EXPECT_NEAR(edge_shrinkage(.1, .05), .8, 1e-15);
    // mean .0004 and deviation .02 as a bet of one deviation either way: p = .51; mean / deviation^2 = 1 is held
    EXPECT_NEAR(binary_kelly(.51, 1) / .02, 1.0, 1e-12);
}

TEST(Kelly, NoOtherShareGrowsFaster) {
    for (const auto& [probability, payoff] : {std::pair{.55, 1.0}, {.4, 3.0}, {.7, .8}, {.31, 2.5}}) {
        const double best = binary_kelly(probability, payoff);
        const double most = growth(best, probability, payoff);
        for (double share = .001; share < .99; share += .001)
            EXPECT_LE(growth(share, probability, payoff), most + 1e-12)
                << probability << " " << payoff << " " << share;
    }
}

TEST(Kelly, HalfKeepsThreeQuartersOfTheGrowthAndAQuarterNearlyHalf) {
    const double best = binary_kelly(.505, 1);  // a small edge, where the published ratios hold
    const double most = growth(best, .505, 1);
    EXPECT_NEAR(growth(best / 2, .505, 1) / most, .75, 1e-3);
    EXPECT_NEAR(growth(best / 4, .505, 1) / most, .4375, 1e-3);
}

TEST(Kelly, ChancesOfEverHalving) {
    // A drift of f m - f^2 s^2 / 2 and a deviation of f s reaches ln 2 below with exp(-2 drift ln 2 / variance).
    const auto ever_halved = [](double fraction) {
        const double kelly = .0004 / (.02 * .02);
        const double held = fraction * kelly;
        const double variance = held * held * .02 * .02;
        return std::exp(-2 * (held * .0004 - variance / 2) * std::log(2.0) / variance);
    };
    EXPECT_NEAR(ever_halved(1), .5, 1e-12);
    EXPECT_NEAR(ever_halved(.5), .125, 1e-12);
    EXPECT_NEAR(ever_halved(.25), .0078125, 1e-12);
}

TEST(Kelly, IsBetAtTheLowerBoundShrunkAndInPart) {
    // edge 2 x .6 - 1 = .2, its error 2 x .05 = .1: .8; at .55: .1; a quarter of .08
    EXPECT_NEAR(kelly_share({.probability = .6, .low = .55, .standard_error = .05, .payoff = 1}, .25), .02, 1e-12);
    EXPECT_EQ(kelly_share({.probability = .6, .low = .5, .standard_error = .05, .payoff = 1}, .25), 0)
        << "the lower bound has no edge";
    EXPECT_EQ(kelly_share({.probability = .5, .low = .45, .standard_error = .05, .payoff = 1}, .25), 0);
    EXPECT_EQ(edge_shrinkage(0, .1), 0);
    EXPECT_EQ(edge_shrinkage(-.1, .1), 0);
}

}  // namespace
}  // namespace vt::risk
