#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::simulation {
namespace {

using namespace std::chrono_literals;

std::string in_words(const Outcome& outcome) {
    std::string text = "seed " + std::to_string(outcome.seed) + ":";
    for (const Violation& violation : outcome.violations)
        text += "\n  " + std::to_string(to_ms(violation.at)) + " " + violation.what;
    return text;
}

/// `virtuoso simulate` runs more of them (tests/program/simulate.py).
TEST(Simulation, NothingThatMustNotHappenHappens) {
    Outcome all;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const Outcome outcome = simulate({.seed = seed, .span = 10min});
        EXPECT_TRUE(outcome.is_sound()) << in_words(outcome);
        all.trades += outcome.trades;
        all.crashes += outcome.crashes;
        all.disconnections += outcome.disconnections;
        all.lost_requests += outcome.lost_requests;
        all.leverages += outcome.leverages;
        all.executions += outcome.executions;
    }
    // that there was something to hold
    EXPECT_GT(all.trades, 10U);
    EXPECT_GT(all.executions, 20U);
    EXPECT_GE(all.crashes, 1U);
    EXPECT_GT(all.disconnections, 1U);
    EXPECT_GE(all.lost_requests, 1U);
    EXPECT_GT(all.leverages, 10U);
}

TEST(Simulation, TheSameSeedGivesTheSameBytes) {
    const auto first = simulate({.seed = 11, .span = 5min});
    EXPECT_EQ(simulate({.seed = 11, .span = 5min}).digest, first.digest);
    EXPECT_NE(simulate({.seed = 12, .span = 5min}).digest, first.digest);
}

TEST(Simulation, InACalmMarketNothingIsWarnedOf) {
    const auto outcome = simulate({.seed = 5,
                                   .span = 20min,
                                   .crash_every = 0s,
                                   .disconnect_every = 0s,
                                   .pause_every = 0s,
                                   .kill_every = 0s,
                                   .faults = {}});
    EXPECT_TRUE(outcome.is_sound()) << in_words(outcome);
    EXPECT_GT(outcome.trades, 3U);
    EXPECT_EQ(outcome.warnings, 0U);
    EXPECT_LE(outcome.longest_unprotected, 500ms);
}

/// An executor that waits for its stop for a minute, at a venue that loses every other request: the checks see it.
TEST(Simulation, SeesAPositionThatIsNotProtected) {
    Params params{.seed = 3, .span = 10min};
    params.crash_every = params.disconnect_every = params.pause_every = params.kill_every = 0s;
    params.faults = {.lose = .5};
    params.ideas_per_hour = 1'200;
    params.desk.execution.protect_within = 1min;
    params.desk.risk.venue_failures_max = 100;
    const auto outcome = simulate(params);
    EXPECT_FALSE(outcome.is_sound());
    EXPECT_GT(outcome.longest_unprotected, 5s);
}

/// Somebody else sets every leverage to 1 again and again.
TEST(Simulation, SeesAnEntryWithAnotherLeverage) {
    Params params{.seed = 3, .span = 10min};
    params.crash_every = params.disconnect_every = params.pause_every = params.kill_every = 0s;
    params.faults = {};
    ASSERT_TRUE(simulate(params).is_sound());
    params.meddle_every = 5s;
    const auto outcome = simulate(params);
    ASSERT_FALSE(outcome.is_sound());
    EXPECT_NE(outcome.violations[0].what.find("with a leverage of 1 instead of"), std::string::npos)
        << in_words(outcome);
}

/// A venue that refuses four requests of five: trades end without an entry, and nothing else happens.
TEST(Simulation, LeveragesThatAreNotConfirmedOpenNothing) {
    Params params{.seed = 4, .span = 20min};
    params.crash_every = params.disconnect_every = params.pause_every = params.kill_every = 0s;
    params.faults = {.refuse = .8};
    params.ideas_per_hour = 600;
    params.desk.risk.venue_failures_max = 100;
    const auto outcome = simulate(params);
    EXPECT_GT(outcome.without_leverage, 9U);
    for (const Violation& violation : outcome.violations)
        EXPECT_EQ(violation.what.find("leverage"), std::string::npos) << in_words(outcome);
}

}  // namespace
}  // namespace vt::simulation
