// What is planted in the simulated market is found by the strategies beside the score, and where nothing is planted
// nothing is. Days of it run only when they are asked for (CONTRIBUTING.md).

#include "engine/test_two_markets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

namespace vt::engine {
namespace {

using alpha::Strategy;
using test::TwoMarkets;

/// Everything on, nothing asked of age and turnover, and no fees: whether it pays is not what is asked here.
signals::Params free_of_costs() {
    signals::Params params;
    params.listed_days_min = params.turnover_min_usd = 0;
    params.taker_fee_bps = 0;
    return params;
}
alpha::Params all_on() {
    alpha::Params params;
    params.modes.fill(alpha::Mode::on);
    params.worth_min = 0;
    return params;
}

/// What the strategies said of one truth.
struct Said {
    std::map<std::string, int> minutes;     ///< with a finding, by strategy and side
    std::map<std::string, int> raised;      ///< signals, likewise
    std::map<std::string, int> held;        ///< by strategy and gate
    std::map<std::string, int> stopped;     ///< minutes without a finding, by strategy and condition
    std::map<std::string, double> largest;  ///< figure, by strategy
    int closed_minutes = 0;
    [[nodiscard]] int of(const std::map<std::string, int>& counts, const std::string& key) const {
        const auto found = counts.find(key);
        return found == counts.end() ? 0 : found->second;
    }
    void print(const char* what) const {
        std::printf("%s, %d minutes:", what, closed_minutes);
        for (const auto& [key, count] : minutes) std::printf(" %s %d min", key.c_str(), count);
        for (const auto& [key, count] : raised) std::printf("; raised %s %d", key.c_str(), count);
        for (const auto& [key, count] : held) std::printf("; held %s %d", key.c_str(), count);
        for (const auto& [key, count] : stopped) std::printf("\n  stopped %s %d min", key.c_str(), count);
        for (const auto& [key, figure] : largest) std::printf("\n  %s at most %.2f", key.c_str(), figure);
        std::printf("\n");
    }
};

Said run(sim::Truth truth, std::uint64_t seed, int first_minute, int last_minute, const alpha::Params& params) {
    TwoMarkets markets(seed, truth, free_of_costs(), params);
    Said said;
    for (int minute = 1; minute <= last_minute; ++minute) {
        for (int second = 0; second < 60; ++second) markets.second();
        if (minute <= first_minute) continue;
        ++said.closed_minutes;
        for (const alpha::Judgement& judged : *markets.symbol().strategies) {
            const std::string name(alpha::name(judged.verdict.strategy));
            double& largest = said.largest[name];
            largest = std::max(largest, std::abs(judged.verdict.figure.value_or(0)));
            if (!judged.verdict.finding) {
                const signals::Gate* held = signals::holding_gate(judged.verdict.conditions);
                ++said.stopped[name + " " + std::string(held == nullptr ? "side" : held->name)];
                continue;
            }
            const auto side = signals::direction_name(judged.verdict.finding->side);
            ++said.minutes[name + " " + std::string(side)];
        }
        for (const Effect& effect : markets.take_effects()) {
            const auto* signalled = std::get_if<Signalled>(&effect);
            if (signalled == nullptr || signalled->instrument != markets.symbol().instrument().id) continue;
            const signals::Signal& signal = signalled->change->signal;
            const std::string side(signals::direction_name(signal.side));
            if (signalled->change->change == signals::Change::raised) ++said.raised[signal.strategy + " " + side];
            if (signalled->change->change == signals::Change::suppressed)
                ++said.held[signal.strategy + " " + signal.suppressed_by];
        }
    }
    return said;
}

/// What is found is written down, and by that gate alone no signal: the order flow of a market that began hours ago
/// has not its history yet.
void expect_held_by_warm(const Said& said, const std::string& strategy) {
    EXPECT_TRUE(said.raised.empty());
    EXPECT_GE(said.of(said.held, strategy + " warm"), 1);
    for (const auto& [key, count] : said.held) EXPECT_TRUE(key.ends_with(" warm")) << key;
}

/// LAG2. In two hours of it the gap is as large as the own move usually is at some minute's end.
TEST(PlantedStrategies, WhatFollowsBitcoinLaterIsFoundWhereCostsAreNotAsked) {
    const Said said = run(sim::Truth::lagged, 1, 90, 210, all_on());
    said.print("lagged");
    EXPECT_GE(said.of(said.minutes, "lead_lag long") + said.of(said.minutes, "lead_lag short"), 1);
    expect_held_by_warm(said, "lead_lag");
}

/// BREAK: beta falls from 1.5 to .5 at +120 min. Which way that points depends on where Bitcoin went since, and it
/// points nowhere where Bitcoin went nowhere.
TEST(PlantedStrategies, ABetaThatBreaksIsFoundWithinAnHour) {
    const Said said = run(sim::Truth::beta_break, 1, 0, 200, all_on());
    said.print("beta_break");
    EXPECT_GE(said.of(said.minutes, "beta_shift long") + said.of(said.minutes, "beta_shift short") +
                  said.of(said.stopped, "beta_shift move"),
              10);
    EXPECT_EQ(said.of(said.minutes, "lead_lag long") + said.of(said.minutes, "lead_lag short"), 0);
    EXPECT_EQ(said.of(said.raised, "beta_shift long"), 1) << "through every gate: Bitcoin fell meanwhile";
    EXPECT_EQ(said.raised.size(), 1U);
}

/// What follows no more from +60 min on goes up by itself.
TEST(PlantedStrategies, WhatDecouplesIsFoundWithItsSide) {
    alpha::Params params = all_on();
    params.breakdown_bars = 30;
    const Said said = run(sim::Truth::decoupled, 1, 60, 240, params);
    said.print("decoupled");
    EXPECT_GE(said.of(said.minutes, "correlation_breakdown long"), 1);
    EXPECT_EQ(said.of(said.minutes, "correlation_breakdown short"), 0);
    EXPECT_EQ(said.of(said.raised, "correlation_breakdown long"), 1) << "through every gate, once it is warm";
    EXPECT_EQ(said.of(said.raised, "correlation_breakdown short"), 0);
}

TEST(PlantedStrategies, WithoutAnEdgeNothingIsFound) {
    const Said said = run(sim::Truth::no_edge, 1, 0, 120, all_on());
    said.print("no_edge");
    EXPECT_TRUE(said.minutes.empty());
}

/// The control over a day, and the reversion that a day is needed for.
class StrategyDay : public testing::TestWithParam<std::uint64_t> {};
TEST_P(StrategyDay, DISABLED_WithoutAnEdgeNothingIsFound) {
    const Said said = run(sim::Truth::no_edge, GetParam(), 0, 1440, all_on());
    said.print("no_edge");
    int false_minutes = 0;
    for (const auto& [key, count] : said.minutes) false_minutes += count;
    EXPECT_LE(false_minutes, 14) << "one in a hundred";
}
TEST_P(StrategyDay, DISABLED_WhatRevertsIsFound) {
    const Said said = run(sim::Truth::reverting, GetParam(), 0, 1440, all_on());
    said.print("reverting");
    EXPECT_GE(said.of(said.minutes, "residual_reversion long") + said.of(said.minutes, "residual_reversion short"),
              1);
}
INSTANTIATE_TEST_SUITE_P(Seed, StrategyDay, testing::Values(1, 2));

}  // namespace
}  // namespace vt::engine
