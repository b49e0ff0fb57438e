#include "indicators/beta_shrinkage.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(BetaShrinkage, EqualsTheOracle) {
    const ShrunkBeta found = vasicek(1.510688328345447, 0.07476135376470992, {.mean = 1.2, .sd = 0.3});
    EXPECT_NEAR(found.weight, 0.9415283681895461, 1e-15);
    EXPECT_NEAR(found.beta, 1.4925218748026268, 1e-15);
    EXPECT_NEAR(blume(1.510688328345447), 1.3404588855636312, 1e-15);
}

/// Bayes' rule on a grid of betas: prior times likelihood, its mean and spread.
TEST(BetaShrinkage, IsThePosteriorOfANormalPrior) {
    Prng prng(8);
    for (int i = 0; i < 1000; ++i) {
        const BetaPrior prior{.mean = prng.normal(), .sd = 0.1 + prng.uniform()};
        const double beta = prng.normal() * 2;
        const double error = 0.05 + prng.uniform();
        const ShrunkBeta found = vasicek(beta, error, prior);
        double mass = 0, mean = 0, square = 0;
        for (int k = -400; k <= 400; ++k) {
            const double b = found.beta + found.error * k / 40.0;
            const double likelihood = (b - beta) / error;
            const double belief = (b - prior.mean) / prior.sd;
            const double density =
                std::exp(-(likelihood * likelihood + belief * belief) / 2 +
                         (found.beta - beta) * (found.beta - beta) / (2 * error * error) +
                         (found.beta - prior.mean) * (found.beta - prior.mean) / (2 * prior.sd * prior.sd));
            mass += density;
            mean += density * b;
            square += density * (b - found.beta) * (b - found.beta);
        }
        ASSERT_NEAR(mean / mass, found.beta, 1e-9);
        ASSERT_NEAR(std::sqrt(square / mass), found.error, 1e-6);
    }
}

TEST(BetaShrinkage, Edges) {
    EXPECT_EQ(vasicek(2, 0, {.mean = 1, .sd = 0}).beta, 2);
    EXPECT_EQ(vasicek(2, 0.5, {.mean = 1, .sd = 0}).beta, 1);
    EXPECT_EQ(blume(1), 1);
}

}  // namespace
}  // namespace vt::indicators
