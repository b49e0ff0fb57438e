#include "signals/levels.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::signals {
namespace {

using market::Side;

/// No costs but for what a test adds: round numbers.
LevelInputs plain(Side side) {
    return {.side = side, .mid = 100, .atr = 0.5, .structure = {}, .costs = {}, .tick = 0.01};
}

TEST(Levels, TwoAtrAndMultiplesOfThem) {
    const Levels levels = levels_of(plain(Side::buy), {}).value();
    EXPECT_DOUBLE_EQ(levels.entry, 100);
    EXPECT_DOUBLE_EQ(levels.stop, 99);
    EXPECT_NEAR(levels.stop_distance, 1, 1e-9);
    EXPECT_NEAR(levels.stop_atr, 2, 1e-9);
    EXPECT_NEAR(levels.targets[0], 101.5, 1e-9);
    EXPECT_NEAR(levels.targets[1], 102.5, 1e-9);
    EXPECT_NEAR(levels.targets[2], 104, 1e-9);
    // An isolated position at ten times: liquidated 9.5 % away.
    EXPECT_NEAR(levels.liquidation_share, 1 / 9.5, 1e-9);
}

TEST(Levels, AShortIsAMirror) {
    const Levels levels = levels_of(plain(Side::sell), {}).value();
    EXPECT_NEAR(levels.stop, 101, 1e-9);
    EXPECT_NEAR(levels.targets[0], 98.5, 1e-9);
    EXPECT_NEAR(levels.targets[2], 96, 1e-9);
}

TEST(Levels, StructureCountsWithinOneToThreeAtr) {
    LevelInputs in = plain(Side::buy);
    in.structure = 98.8;  // 2.4 ATR away
    EXPECT_NEAR(levels_of(in, {})->stop_distance, 1.2 + .125, 1e-2);
    in.structure = 99.3;  // 1.4 ATR and a quarter: less than two
    EXPECT_NEAR(levels_of(in, {})->stop_distance, 1, 1e-9);
    in.structure = 98.4;  // 3.2 ATR: too far to count
    EXPECT_NEAR(levels_of(in, {})->stop_distance, 1, 1e-9);
    in.structure = 100.9;  // on the wrong side: price fell through it
    EXPECT_NEAR(levels_of(in, {})->stop_distance, 1, 1e-9);
}

TEST(Levels, CostsWidenTheStopButNotWhatTheMarketAsksFor) {
    LevelInputs in = plain(Side::buy);
    in.costs = {.fee_bps = 5, .entry_bps = 10, .exit_bps = 10};  // 30 bps a round trip: five of them are 1.5
    const Levels levels = levels_of(in, {}).value();
    EXPECT_NEAR(levels.entry, 100.1, 1e-9);
    EXPECT_NEAR(levels.market_distance, 1, 1e-9);
    EXPECT_NEAR(levels.stop_distance, 1.5015, 1e-2);
    EXPECT_LE(levels.stop, 100.1 - 1.5015);
}

/// Rounding never brings the stop nearer nor makes a target easier.
TEST(Levels, RoundAwayFromTheEntry) {
    Prng random(7);
    for (int i = 0; i < 2000; ++i) {
        const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
        LevelInputs in = plain(side);
        in.tick = 0.05;
        in.mid = 80 + 40 * random.uniform();
        in.atr = 0.1 + random.uniform();
        in.costs = {.fee_bps = 5.5, .entry_bps = random.uniform(), .exit_bps = random.uniform()};
        const Levels levels = levels_of(in, {}).value();
        const double sign = market::sign(side);
        const double wanted = std::max(2 * in.atr, 5e-4 * in.costs.round_trip_bps() * levels.entry);
        EXPECT_GE(levels.stop_distance, wanted - 1e-9);
        EXPECT_LE(levels.stop_distance, wanted + in.tick);
        for (std::size_t t = 0; t < kTargetCount; ++t) {
            const double distance = sign * (levels.targets[t] - levels.entry);
            EXPECT_GE(distance, Params{}.target_distances[t] * levels.stop_distance - 1e-6);
            EXPECT_LE(distance, Params{}.target_distances[t] * levels.stop_distance + in.tick);
            EXPECT_NEAR(std::remainder(levels.targets[t], in.tick), 0, 1e-9);
        }
    }
}

TEST(Levels, APriceThatWouldNotBePositiveIsNone) {
    LevelInputs in = plain(Side::sell);
    in.mid = 1;
    in.atr = 0.2;  // the last target would lie at 1 - 4 x .4
    EXPECT_FALSE(levels_of(in, {}));
}

/// analysis 5.3: 10,000 at risk .5 %, entry 100, stop 98.2, 15 bps of costs: 25.6410 units.
TEST(Levels, TheSizeLosesTheRiskAtTheStopWithItsCosts) {
    Levels levels{.entry = 100, .stop = 98.2, .stop_distance = 1.8};
    const Costs costs{.fee_bps = 5, .entry_bps = 0, .exit_bps = 5};
    EXPECT_NEAR(size_share(levels, costs, {}) * 10'000 / 100, 25.6410, 1e-4);
    EXPECT_NEAR(size_share(levels, {}, {}) * 10'000 / 100, 27.7778, 1e-4) << "costs ignored: 8 % too large";
}

}  // namespace
}  // namespace vt::signals
