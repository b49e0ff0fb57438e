#include "engine/signal_odds.hpp"

#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::engine {
namespace {

signals::Signal calibrated(market::Side side) {
    signals::Signal signal = signals::test_signal(side);  // score 72 or 28: strength 72
    signal.is_uncalibrated = false;
    signal.probability = .5;
    return signal;
}

track_record::StrategyEdge edge_of_100() {
    return {.strategy = "confluence",
            .effective = 150,
            .bins = {{.from = 60, .effective = 50}, {.from = 70, .effective = 100, .probability = .5}},
            .decay = {.level = 1.5, .alarm = 5}};
}

/// Costs of 2 x 5 + 0 + 2 = 12 bps of 100 are .12: won 1.5 - .12 = 1.38, lost 1 + .12.
TEST(SignalOdds, AreThoseOfTheFirstTargetAgainstTheStopWithCosts) {
    for (const auto side : {market::Side::buy, market::Side::sell}) {
        const auto chance = win_chance(calibrated(side), edge_of_100());
        ASSERT_TRUE(chance);
        EXPECT_EQ(chance->probability, .5);
        EXPECT_NEAR(chance->payoff, 1.38 / 1.12, 1e-12);
        EXPECT_NEAR(chance->standard_error, .05, 1e-15);
        // Wilson at half of n: .5 -+ z / (2 sqrt(n + z^2))
        const double z = 1.6448536269514722;
        EXPECT_NEAR(chance->low, .5 - z / (2 * std::sqrt(100 + z * z)), 1e-12);
    }
}

TEST(SignalOdds, OfWhatIsNotKnownThereAreNone) {
    auto signal = calibrated(market::Side::buy);
    signal.is_uncalibrated = true;
    EXPECT_FALSE(win_chance(signal, edge_of_100()));
    signal = calibrated(market::Side::buy);
    signal.probability.reset();
    EXPECT_FALSE(win_chance(signal, edge_of_100()));
    signal = calibrated(market::Side::buy);
    signal.levels.reset();
    EXPECT_FALSE(win_chance(signal, edge_of_100()));
    signal = calibrated(market::Side::buy);
    signal.score = 59;  // weaker than all that was seen
    EXPECT_FALSE(win_chance(signal, edge_of_100()));
    signal = calibrated(market::Side::buy);
    signal.costs.fee_bps = 80;  // the round trip costs more than the first target brings
    EXPECT_FALSE(win_chance(signal, edge_of_100()));
}

TEST(SignalOdds, HealthIsTheDecaysLevelBesideItsAlarm) {
    const auto health = edge_health(edge_of_100());
    ASSERT_TRUE(health);
    EXPECT_EQ(health->decay, 1.5);
    EXPECT_EQ(health->alarm, 5);
    EXPECT_FALSE(edge_health({}));
}

}  // namespace
}  // namespace vt::engine
