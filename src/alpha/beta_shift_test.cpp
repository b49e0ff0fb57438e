#include "alpha/beta_shift.hpp"

#include "alpha/beta_divergence.hpp"
#include "alpha/test_facts.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::alpha {
namespace {

constexpr std::size_t kWindow = 240;

/// Beta `before` until 60 bars before the end, `after` from then on, while Bitcoin drifts by `drift` sd a bar.
test::Walk shifting_walk(std::uint64_t seed, double before, double after, double drift) {
    Prng prng(seed, "shifting walk");
    test::Walk walk;
    for (std::size_t i = 0; i < kWindow; ++i) {
        const bool is_after = i >= kWindow - 60;
        const double x = test::kBitcoinSd * (test::heavy(prng) + (is_after ? drift : 0));
        walk.add(x, is_after ? after : before, .5 * test::kOwnSd * test::heavy(prng));
    }
    return walk;
}

TEST(BetaShift, ExpansionWhileBitcoinRisesPointsUp) {
    int up = 0, at_the_place = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const test::Walk walk = shifting_walk(seed, .8, 2.2, .3);
        const auto broken = indicators::beta_break(walk.bitcoin, walk.own);
        ASSERT_TRUE(broken);
        const auto found = measure_shift(walk.bars(kWindow), *broken, 2.0);
        if (!found || found->p > .001) continue;
        EXPECT_NEAR(found->before, .8, .3) << seed;
        EXPECT_NEAR(found->after, 2.2, .6) << seed;
        EXPECT_NEAR(*found->kalman_share, (2.0 - found->before) / (found->after - found->before), 1e-12);
        if (found->move > 1 && found->change_sd > 3) ++up;
        if (std::abs(static_cast<double>(found->bars_after) - 60) <= 10) ++at_the_place;
    }
    RecordProperty("up_of_60", up);
    EXPECT_GE(up, 40);
    EXPECT_GE(at_the_place, 40);
}

TEST(BetaShift, CompressionWhileBitcoinRisesPointsDown) {
    double sum_of_moves = 0;
    int n = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const test::Walk walk = shifting_walk(seed, 2.2, .8, .3);
        const auto broken = indicators::beta_break(walk.bitcoin, walk.own);
        const auto found = measure_shift(walk.bars(kWindow), *broken, std::nullopt);
        if (!found || found->p > .001) continue;
        EXPECT_LT(found->change_sd, 0);
        EXPECT_FALSE(found->kalman_share);
        sum_of_moves += found->move;
        ++n;
    }
    ASSERT_GE(n, 20);
    EXPECT_LT(sum_of_moves / n, -1);
}

TEST(BetaShift, OfBetasThatStayFewShift) {
    int shifted = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const test::Walk walk = test::plain_walk(seed, kWindow);
        const auto broken = indicators::beta_break(walk.bitcoin, walk.own);
        const auto found = measure_shift(walk.bars(kWindow), *broken, std::nullopt);
        if (found && found->p <= .01) ++shifted;
    }
    RecordProperty("shifted_of_400", shifted);
    EXPECT_LE(shifted, 10) << "4 are expected";
}

TEST(BetaShift, ASideOfFewBarsSaysNothing) {
    const test::Walk walk = test::plain_walk(1, kWindow);
    const auto at = [&](std::size_t place) {
        return measure_shift(walk.bars(kWindow), {.statistic = 2, .p = .001, .at = place}, 1.0);
    };
    EXPECT_FALSE(at(29));
    EXPECT_TRUE(at(30));
    EXPECT_TRUE(at(kWindow - 30));
    EXPECT_FALSE(at(kWindow - 29));
}

analysis::bitcoin_beta::BetaEstimates estimates_of(double beta, double error) {
    analysis::bitcoin_beta::BetaEstimates made;
    made.coverage = .8;
    made.least_squares.slope = beta;
    made.least_squares.slope_error = error / 2;
    made.least_squares.slope_error_hac = error;
    made.dimson = {.beta = beta, .error = error, .n = 288};
    made.broken = {.statistic = 1, .p = .4, .at = 100};
    return made;
}

TEST(BetaDivergence, IsTheDifferenceInTheErrorOfBoth) {
    test::Walk walk;
    for (int i = 0; i < 288; ++i) walk.add(i % 2 == 0 ? 1e-3 : -1e-3, 1, 0);
    for (std::size_t i = 276; i < 288; ++i) walk.bitcoin[i] = -1e-3;
    const auto found = measure_divergence(walk.bars(288), estimates_of(2, .3), estimates_of(1, .4));
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->difference_sd, 1 / .5, 1e-12) << "sqrt(.09 + .16)";
    EXPECT_NEAR(found->bitcoin, -12 / std::sqrt(12.0), 1e-9);
    EXPECT_EQ(found->break_p, .4);
    EXPECT_EQ(found->coverage, .8) << "that of the week is less";
    EXPECT_NEAR(found->p, .0455, 1e-4);

    auto no_dimson = estimates_of(2, .3);
    no_dimson.dimson.reset();
    EXPECT_FALSE(measure_divergence(walk.bars(288), no_dimson, estimates_of(1, .4)));
    EXPECT_FALSE(measure_divergence(walk.bars(11), estimates_of(2, .3), estimates_of(1, .4)));
    EXPECT_TRUE(measure_divergence(walk.bars(12), estimates_of(2, .3), estimates_of(1, .4)));
}

}  // namespace
}  // namespace vt::alpha
