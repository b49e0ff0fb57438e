#include "alpha/residual_momentum.hpp"

#include "alpha/sector_rotation.hpp"
#include "alpha/test_facts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace vt::alpha {
namespace {

/// Residuals of one basis point and its opposite in turn, at right angles to Bitcoin's returns: beta is 2 and the own
/// part is known exactly.
test::Walk square_walk(std::size_t n) {
    constexpr std::array kBitcoin{1e-3, 1e-3, -1e-3, -1e-3};
    constexpr std::array kOwn{1e-4, -1e-4, 1e-4, -1e-4};
    test::Walk walk;
    for (std::size_t i = 0; i < n; ++i) walk.add(kBitcoin[i % 4], 2, kOwn[i % 4]);
    return walk;
}

TEST(ResidualMomentum, IsTheSumBesideBitcoinInItsOwnDeviations) {
    const test::Walk walk = square_walk(96);
    const Params params{.momentum_bars = 9, .momentum_skip = 2};
    const auto found = measure_momentum(walk.bars(96), params);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->beta, 2, 1e-12);
    // Bars 85 to 93: four pairs that cancel and -1 bp; the sd is sqrt(96/94) bp.
    EXPECT_NEAR(found->move, -1 / (std::sqrt(96.0 / 94) * 3), 1e-9);
    EXPECT_FALSE(found->q);
}

TEST(ResidualMomentum, TheNewestBarsAreLeftOut) {
    test::Walk walk = square_walk(160);
    for (std::size_t i = walk.own.size() - 8; i < walk.own.size(); ++i) walk.own[i] += 50e-4;
    const auto skipped = measure_momentum(walk.bars(160), {.momentum_bars = 48, .momentum_skip = 8});
    const auto counted = measure_momentum(walk.bars(160), {.momentum_bars = 48, .momentum_skip = 0});
    EXPECT_LT(std::abs(skipped->move), .3);
    EXPECT_GT(counted->move, 3);
}

TEST(ResidualMomentum, ADriftIsFoundAndPlainWalksHaveNone) {
    int drifting = 0, plain = 0;
    constexpr std::size_t kWeek = 336;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        test::Walk walk = test::plain_walk(seed, kWeek);
        if (std::abs(measure_momentum(walk.bars(kWeek), {})->move) >= 3) ++plain;
        // Two thirds of an sd a bar, over the day that is looked at.
        for (std::size_t i = kWeek - 56; i < kWeek - 8; ++i) walk.own[i] += test::kOwnSd * 2 / 3;
        if (measure_momentum(walk.bars(kWeek), {})->move >= 3) ++drifting;
    }
    RecordProperty("plain_of_200", plain);
    EXPECT_LE(plain, 3) << ".5 are expected";
    EXPECT_GE(drifting, 160);
}

TEST(ResidualMomentum, FewBarsSayNothing) {
    const test::Walk walk = square_walk(100);
    EXPECT_FALSE(measure_momentum(walk.bars(55), {}));
    EXPECT_FALSE(measure_momentum(walk.bars(59), {})) << "no line of fewer than 60";
    EXPECT_TRUE(measure_momentum(walk.bars(60), {}));
    EXPECT_FALSE(measure_momentum(walk.bars(60), {.momentum_bars = 60, .momentum_skip = 1}));
}

TEST(SectorRotation, TheOwnMoveIsThatOfFourHours) {
    test::Walk walk = square_walk(100);
    for (std::size_t i = 52; i < 100; ++i) walk.own[i] += 1e-4;
    const auto found = measure_own_move(walk.bars(100));
    ASSERT_TRUE(found);
    const auto residuals = residuals_of(walk.bars(100));
    EXPECT_NEAR(found->move, 48e-4 / (residuals->sd * std::sqrt(48.0)), .2);
    EXPECT_FALSE(measure_own_move(walk.bars(59)));
}

}  // namespace
}  // namespace vt::alpha
