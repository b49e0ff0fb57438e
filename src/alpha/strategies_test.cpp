#include "alpha/strategies.hpp"

#include "alpha/test_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alpha {
namespace {

using market::Side;
using test::all_down;
using test::all_up;
using test::failing;

template <class Visit>
void each_strategy(Visit&& visit) {
    for (std::size_t i = 0; i < kStrategyCount; ++i) visit(static_cast<Strategy>(i));
}

TEST(Strategies, StrengthIsSeventyAtTheThresholdAndNeverAHundred) {
    EXPECT_NEAR(strength(2, 2), 70, 1e-12);
    EXPECT_NEAR(strength(-2, 2), 30, 1e-12);
    EXPECT_NEAR(strength(4, 2), 82, 1e-12) << "50 + 50 (1 - .36)";
    EXPECT_NEAR(strength(1, 2), 50 + 50 * (1 - std::sqrt(.6)), 1e-12);
    EXPECT_EQ(strength(0, 2), 50);
    EXPECT_LE(strength(1e9, 2), 100);
}

TEST(Strategies, EachFindsBothSidesAlike) {
    each_strategy([](Strategy strategy) {
        const Verdict up = judge(strategy, all_up(), {});
        const Verdict down = judge(strategy, all_down(), {});
        ASSERT_TRUE(up.finding) << name(strategy) << ": " << failing(up);
        ASSERT_TRUE(down.finding) << name(strategy) << ": " << failing(down);
        EXPECT_EQ(up.strategy, strategy);
        EXPECT_EQ(up.finding->side, Side::buy) << name(strategy);
        EXPECT_EQ(down.finding->side, Side::sell) << name(strategy);
        EXPECT_NEAR(up.score + down.score, 100, 1e-9) << name(strategy);
        EXPECT_GE(up.score, 70) << name(strategy);
        EXPECT_EQ(up.coverage, .9);
        EXPECT_FALSE(up.finding->reasons.empty());
        EXPECT_GE(up.finding->horizon, std::chrono::minutes{15});
        for (const signals::Gate& condition : up.conditions) EXPECT_FALSE(condition.unit.empty()) << condition.name;
    });
}

TEST(Strategies, WithoutInputsThereIsNoFindingAndAReason) {
    each_strategy([](Strategy strategy) {
        const Verdict cold = judge(strategy, {.is_applicable = true}, {});
        EXPECT_FALSE(cold.finding) << name(strategy);
        EXPECT_FALSE(cold.figure) << name(strategy);
        EXPECT_EQ(cold.score, 50) << name(strategy);
        const signals::Gate* held = signals::holding_gate(cold.conditions);
        ASSERT_NE(held, nullptr) << name(strategy);
        EXPECT_FALSE(held->passes) << name(strategy) << ": unknown is no failure";
        EXPECT_FALSE(held->unit.empty());

        Facts bitcoin = all_up();
        bitcoin.is_applicable = false;
        const Verdict none = judge(strategy, bitcoin, {});
        EXPECT_FALSE(none.finding);
        EXPECT_EQ(failing(none), "applies") << name(strategy);
    });
}

struct Edge {
    Strategy strategy;
    const char* condition;
    void (*inside)(Facts&);
    void (*outside)(Facts&);
};

/// Each threshold of each strategy, just inside and just outside.
constexpr Edge kEdges[] = {
    {Strategy::lead_lag, "lead", [](Facts& f) { f.lead_lag->lambda = .001; },
     [](Facts& f) { f.lead_lag->lambda = 0; }},
    {Strategy::lead_lag, "coverage", [](Facts& f) { f.gap_coverage = .6; }, [](Facts& f) { f.gap_coverage = .59; }},
    {Strategy::lead_lag, "chance", [](Facts& f) { f.lead_q = .05; }, [](Facts& f) { f.lead_q = .051; }},
    {Strategy::lead_lag, "gap", [](Facts& f) { f.gap_bps = 12; }, [](Facts& f) { f.gap_bps = 11.9; }},
    {Strategy::lead_lag, "worth", [](Facts& f) { f.round_trip_bps = 30; }, [](Facts& f) { f.round_trip_bps = 30.1; }},
    {Strategy::residual_momentum, "coverage", [](Facts& f) { f.measured.momentum->coverage = .6; },
     [](Facts& f) { f.measured.momentum->coverage = .59; }},
    {Strategy::residual_momentum, "momentum", [](Facts& f) { f.measured.momentum->move = 3; },
     [](Facts& f) { f.measured.momentum->move = 2.99; }},
    {Strategy::residual_momentum, "chance", [](Facts& f) { f.measured.momentum->q = .05; },
     [](Facts& f) { f.measured.momentum->q = .051; }},
    {Strategy::residual_reversion, "coverage", [](Facts& f) { f.measured.level->coverage = .6; },
     [](Facts& f) { f.measured.level->coverage = .59; }},
    {Strategy::residual_reversion, "chance", [](Facts& f) { f.measured.level->q = .05; },
     [](Facts& f) { f.measured.level->q = .051; }},
    {Strategy::residual_reversion, "half_life", [](Facts& f) { f.measured.level->half_life_bars = 48; },
     [](Facts& f) { f.measured.level->half_life_bars = 48.1; }},
    {Strategy::residual_reversion, "distance", [](Facts& f) { f.measured.level->distance = -2; },
     [](Facts& f) { f.measured.level->distance = -1.99; }},
    // Three half-lives give back seven eighths of 80 bps: 70.
    {Strategy::residual_reversion, "worth", [](Facts& f) { f.round_trip_bps = 69.9; },
     [](Facts& f) { f.round_trip_bps = 70.1; }},
    {Strategy::alpha_breakout, "coverage", [](Facts& f) { f.alphas[1]->coverage = .6; },
     [](Facts& f) { f.alphas[1]->coverage = .59; }},
    {Strategy::alpha_breakout, "alpha", [](Facts& f) { f.alphas[1]->t = 3; },
     [](Facts& f) { f.alphas[1]->t = 2.99; }},
    {Strategy::alpha_breakout, "chance", [](Facts& f) { f.alphas[1]->q = .05; },
     [](Facts& f) { f.alphas[1]->q = .051; }},
    {Strategy::alpha_breakout, "breakout", [](Facts& f) { f.residual_30m = 1; },
     [](Facts& f) { f.residual_30m = -1; }},
    {Strategy::correlation_breakdown, "coverage", [](Facts& f) { f.measured.correlation->coverage = .6; },
     [](Facts& f) { f.measured.correlation->coverage = .59; }},
    {Strategy::correlation_breakdown, "correlation_before", [](Facts& f) { f.measured.correlation->before = .6; },
     [](Facts& f) { f.measured.correlation->before = .59; }},
    {Strategy::correlation_breakdown, "correlation_now", [](Facts& f) { f.measured.correlation->now = .3; },
     [](Facts& f) { f.measured.correlation->now = .31; }},
    {Strategy::correlation_breakdown, "chance", [](Facts& f) { f.measured.correlation->q = .05; },
     [](Facts& f) { f.measured.correlation->q = .051; }},
    {Strategy::correlation_breakdown, "move", [](Facts& f) { f.measured.correlation->move = 2; },
     [](Facts& f) { f.measured.correlation->move = 1.99; }},
    {Strategy::beta_shift, "coverage", [](Facts& f) { f.measured.shift->coverage = .6; },
     [](Facts& f) { f.measured.shift->coverage = .59; }},
    {Strategy::beta_shift, "chance", [](Facts& f) { f.measured.shift->q = .05; },
     [](Facts& f) { f.measured.shift->q = .051; }},
    {Strategy::beta_shift, "change", [](Facts& f) { f.measured.shift->after = .75; },
     [](Facts& f) { f.measured.shift->after = .74; }},
    {Strategy::beta_shift, "shift", [](Facts& f) { f.measured.shift->change_sd = -3; },
     [](Facts& f) { f.measured.shift->change_sd = -2.99; }},
    {Strategy::beta_shift, "kalman", [](Facts& f) { f.measured.shift->kalman_share = .5; },
     [](Facts& f) { f.measured.shift->kalman_share = .49; }},
    {Strategy::beta_shift, "move", [](Facts& f) { f.measured.shift->move = .5; },
     [](Facts& f) { f.measured.shift->move = .49; }},
    {Strategy::beta_divergence, "coverage", [](Facts& f) { f.measured.divergence->coverage = .6; },
     [](Facts& f) { f.measured.divergence->coverage = .59; }},
    {Strategy::beta_divergence, "chance", [](Facts& f) { f.measured.divergence->q = .05; },
     [](Facts& f) { f.measured.divergence->q = .051; }},
    {Strategy::beta_divergence, "difference", [](Facts& f) { f.measured.divergence->day = 1.45; },
     [](Facts& f) { f.measured.divergence->day = 1.44; }},
    {Strategy::beta_divergence, "divergence", [](Facts& f) { f.measured.divergence->difference_sd = 3; },
     [](Facts& f) { f.measured.divergence->difference_sd = 2.99; }},
    {Strategy::beta_divergence, "unbroken", [](Facts& f) { f.measured.divergence->break_p = .05; },
     [](Facts& f) { f.measured.divergence->break_p = .049; }},
    {Strategy::beta_divergence, "bitcoin", [](Facts& f) { f.measured.divergence->bitcoin = -1; },
     [](Facts& f) { f.measured.divergence->bitcoin = -.99; }},
    {Strategy::sector_rotation, "coverage", [](Facts& f) { f.measured.sector->coverage = .6; },
     [](Facts& f) { f.measured.sector->coverage = .59; }},
    {Strategy::sector_rotation, "rotation", [](Facts& f) { f.measured.sector->rotation = 2.5; },
     [](Facts& f) { f.measured.sector->rotation = 2.49; }},
    {Strategy::sector_rotation, "chance", [](Facts& f) { f.measured.sector->q = .05; },
     [](Facts& f) { f.measured.sector->q = .051; }},
    {Strategy::sector_rotation, "lag", [](Facts& f) { f.measured.sector->own = 2; },
     [](Facts& f) { f.measured.sector->own = 2.01; }},
};

TEST(Strategies, EachThresholdHoldsJustOutsideAndNotJustInside) {
    for (const Edge& edge : kEdges) {
        Facts inside = all_up(), outside = all_up();
        edge.inside(inside);
        edge.outside(outside);
        const Verdict found = judge(edge.strategy, inside, {});
        EXPECT_TRUE(found.finding) << name(edge.strategy) << " " << edge.condition << ": " << failing(found);
        const Verdict held = judge(edge.strategy, outside, {});
        EXPECT_FALSE(held.finding) << name(edge.strategy) << " " << edge.condition;
        EXPECT_EQ(failing(held), edge.condition) << name(edge.strategy);
    }
}

TEST(Strategies, EveryConditionHasSuchAThreshold) {
    each_strategy([](Strategy strategy) {
        for (const signals::Gate& condition : judge(strategy, all_up(), {}).conditions) {
            const bool is_tried = std::ranges::any_of(kEdges, [&](const Edge& edge) {
                return edge.strategy == strategy && edge.condition == condition.name;
            });
            EXPECT_TRUE(is_tried) << name(strategy) << " " << condition.name;
        }
    });
}

TEST(Strategies, WhatAnotherInputDoesNotKnowStaysUnknown) {
    Facts facts = all_up();
    facts.round_trip_bps.reset();
    for (const Strategy strategy : {Strategy::lead_lag, Strategy::residual_reversion}) {
        const Verdict verdict = judge(strategy, facts, {});
        EXPECT_FALSE(verdict.finding);
        EXPECT_EQ(failing(verdict), "worth") << "costs that are not known are not nothing";
        EXPECT_TRUE(verdict.figure) << "the figure itself is known, and may come back";
    }
    Params free;
    free.worth_min = 0;
    EXPECT_FALSE(judge(Strategy::lead_lag, facts, free).finding);
    facts.residual_30m.reset();
    EXPECT_EQ(failing(judge(Strategy::alpha_breakout, facts, {})), "breakout");
    facts.measured.shift->kalman_share.reset();
    EXPECT_EQ(failing(judge(Strategy::beta_shift, facts, {})), "kalman");
    facts.measured.divergence->break_p.reset();
    EXPECT_EQ(failing(judge(Strategy::beta_divergence, facts, {})), "unbroken");
}

TEST(Strategies, TheSurestAlphaSpeaks) {
    Facts facts = all_up();
    facts.alphas[3] = Alpha{.t = -6, .q = .001, .n = 180, .coverage = .9};
    facts.residual_30m = -2;
    const Verdict verdict = judge(Strategy::alpha_breakout, facts, {});
    ASSERT_TRUE(verdict.finding);
    EXPECT_EQ(verdict.finding->side, Side::sell);
    EXPECT_NE(verdict.finding->reasons[0].find("4h"), std::string::npos) << verdict.finding->reasons[0];
    facts.alphas[3]->q.reset();
    EXPECT_EQ(judge(Strategy::alpha_breakout, facts, {}).figure, 4.0 / 3) << "one that was not tested does not";
}

TEST(Strategies, CompressionWhileBitcoinRisesPointsDown) {
    Facts facts = all_up();
    facts.measured.shift = BetaShift{.before = 1.5,
                                     .after = .5,
                                     .change_sd = -6,
                                     .move = -2.5,
                                     .p = 1e-5,
                                     .q = 1e-4,
                                     .kalman_share = .9,
                                     .bars_after = 50,
                                     .coverage = 1};
    const Verdict verdict = judge(Strategy::beta_shift, facts, {});
    ASSERT_TRUE(verdict.finding);
    EXPECT_EQ(verdict.finding->side, Side::sell);
    EXPECT_EQ(verdict.finding->reasons[0], "beta was compressed from 1.50 to 0.50 50 bars ago");
}

TEST(Strategies, PValuesAreCorrectedForAllThatWereMeasured) {
    std::vector<Measured> all(4);
    all[0].momentum = ResidualMomentum{.p = .01};
    all[2].momentum = ResidualMomentum{.p = .04};
    all[3].momentum = ResidualMomentum{.p = .5};
    all[1].level = ResidualLevel{.p = .01};
    std::vector<double> p;
    std::vector<std::size_t> order;
    correct_for_many(all, p, order);
    EXPECT_NEAR(*all[0].momentum->q, .03, 1e-12) << ".01 * 3/1";
    EXPECT_NEAR(*all[2].momentum->q, .06, 1e-12) << ".04 * 3/2";
    EXPECT_NEAR(*all[3].momentum->q, .5, 1e-12);
    EXPECT_NEAR(*all[1].level->q, .01, 1e-12) << "another kind is another family";
    EXPECT_FALSE(all[1].momentum);
}

/// Thirty instruments of one venue that only follow Bitcoin, with tails as heavy as those of returns.
std::vector<Measured> measured_without_edge(std::uint64_t seed, const Params& params) {
    std::vector<std::string_view> names;
    for (const Sector& sector : params.sectors)
        for (std::size_t i = 0; i < 4; ++i) names.push_back(sector.coins[i]);
    names.resize(30);
    std::vector<Measured> all(names.size());
    std::vector<CoinMove> coins;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const test::Walk day = test::plain_walk(1000 * seed + i, 288);
        const test::Walk week = test::plain_walk(1'000'000 + 1000 * seed + i, 336);
        all[i].momentum = measure_momentum(week.bars(336), params);
        all[i].level = measure_level(day.bars(288));
        all[i].correlation = measure_correlation(day.bars(288), params);
        const auto broken = indicators::beta_break(day.bitcoin, day.own);
        all[i].shift = measure_shift(day.bars(288), *broken, std::nullopt);
        if (all[i].shift) all[i].shift->kalman_share = 1;
        coins.push_back({.coin = names[i], .move = *measure_own_move(day.bars(288))});
    }
    for (std::size_t i = 0; i < names.size(); ++i) all[i].sector = measure_sector(names[i], coins, params);
    return all;
}

/// Each market-day is a new window of every instrument: so many chances as independent days give.
TEST(Strategies, OfMarketsWithoutAnEdgeNextToNothingStands) {
    Params params;
    params.worth_min = 0;
    constexpr int kDays = 40;
    std::array<int, kStrategyCount> found{};
    std::vector<double> p;
    std::vector<std::size_t> order;
    for (int day = 1; day <= kDays; ++day) {
        auto all = measured_without_edge(static_cast<std::uint64_t>(day), params);
        correct_for_many(all, p, order);
        for (const Measured& one : all) {
            const Facts facts{.is_applicable = true, .round_trip_bps = 10, .measured = one};
            each_strategy([&](Strategy strategy) {
                if (judge(strategy, facts, params).finding) ++found[static_cast<std::size_t>(strategy)];
            });
        }
    }
    // Of 1200 days of an instrument. Benjamini and Hochberg allow one false family in twenty: two of forty days.
    each_strategy([&](Strategy strategy) {
        const int count = found[static_cast<std::size_t>(strategy)];
        testing::Test::RecordProperty(std::string(name(strategy)), count);
        EXPECT_LE(count, 6) << name(strategy);
    });
}

TEST(Strategies, ModesAreNamed) {
    for (const Mode mode : {Mode::off, Mode::shadow, Mode::on}) EXPECT_EQ(mode_named(name(mode)), mode);
    EXPECT_FALSE(mode_named("loud"));
}

}  // namespace
}  // namespace vt::alpha
