#include "track_record/strategy_edge.hpp"

#include "statistics/log_odds.hpp"
#include "track_record/decay_watch.hpp"
#include "track_record/test_signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::track_record {
namespace {

/// Of outcomes that pay from a strength of 82 on: 1.4 p - 1.1 (1 - p) .53 is above 0 from p = .29 on.
double pays_above_82(double strength) { return strength < 82 ? 0.1 : 0.6; }
double never_pays(double /*strength*/) { return 0.1; }
double always_pays(double /*strength*/) { return 0.6; }

std::vector<Judged> judged_by(double (*chance)(double), int steps, std::uint64_t seed, const char* strategy = "a") {
    Prng prng(seed);
    return test::signals_of({.chance = chance, .strategy = strategy}, steps, prng);
}

const EdgePlan kPlan{.counting = {.correlation = 0}};

TEST(StrategyEdge, EachStrategyHasItsOwnBinsLevelAndProbability) {
    auto all = judged_by(pays_above_82, 600, 1, "b");
    const auto others = judged_by(never_pays, 400, 2, "a");
    all.insert(all.end(), others.begin(), others.end());
    const auto edges = edges_of(all, kPlan);
    ASSERT_EQ(edges.size(), 2U);
    EXPECT_EQ(edges[0].strategy, "a");
    EXPECT_EQ(edges[0].level, 100) << "no strength pays";
    EXPECT_NEAR(edges[1].effective, 600, 1e-6);
    ASSERT_EQ(edges[1].bins.size(), 10U);
    EXPECT_NEAR(edges[1].level.value(), 82, 1.5);
    EXPECT_NEAR(edges[1].probability("S999", 75).value(), .1, .06) << "of a symbol that was never seen";
    EXPECT_NEAR(edges[1].probability("S999", 92).value(), .6, .08);
    EXPECT_LT(edges[1].bins.front().low_net_r.value(), 0);
    EXPECT_GT(edges[1].bins.back().low_net_r.value(), 0);
    EXPECT_FALSE(edges[1].decay.is_decayed);
}

TEST(StrategyEdge, WhatPaysEverywhereHasTheLowestStrengthSeenAsItsLevel) {
    const auto all = judged_by(always_pays, 300, 3);
    double lowest = 100;
    for (const Judged& one : all) lowest = std::min(lowest, strength_of(one));
    const auto edge = edges_of(all, kPlan)[0];
    EXPECT_EQ(edge.level, lowest) << "below it nothing is known";
    EXPECT_EQ(edge.bin_of(lowest - .01), nullptr);
    EXPECT_FALSE(edge.probability("S100", lowest - .01));
    EXPECT_EQ(edge.bin_of(99.9), &edge.bins.back());
}

TEST(StrategyEdge, AsManyBinsAsHaveThirtyOutcomes) {
    EXPECT_EQ(edges_of(judged_by(pays_above_82, 31, 4), kPlan)[0].bins.size(), 1U);
    EXPECT_EQ(edges_of(judged_by(pays_above_82, 95, 4), kPlan)[0].bins.size(), 3U);
    const auto few = edges_of(judged_by(pays_above_82, 29, 4), kPlan)[0];
    EXPECT_FALSE(few.level) << "29 outcomes say nothing";
    EXPECT_FALSE(few.probability("S100", 80));
    EXPECT_NEAR(few.bins[0].effective, 29, 1e-6);
}

TEST(StrategyEdge, ASymbolMovesTheProbability) {
    StrategyEdge edge{.bins = {{.from = 60, .probability = .25}}, .symbols = {{"BTC", .5}, {"ETH", -.5}}};
    EXPECT_EQ(edge.probability("ADA", 70), .25);
    EXPECT_NEAR(edge.probability("BTC", 70).value(), statistics::logistic(statistics::logit(.25) + .5), 1e-15);
    EXPECT_LT(edge.probability("ETH", 70).value(), .25);
}

TEST(StrategyEdge, OtherSegmentsCountForNothing) {
    auto all = judged_by(pays_above_82, 100, 5);
    for (Judged& one : all) one.segment = Segment::reconstructed;
    EXPECT_TRUE(edges_of(all, kPlan).empty());
}

/// 60 outcomes claimed at .6 of which .1 come true: an alarm. What ends after the reset begins anew.
TEST(StrategyEdge, AnAlarmEndsByNewOutcomesOrByAReset) {
    auto all = judged_by(never_pays, 60, 6);
    for (Judged& one : all) one.probability = .6;
    const Timestamp after = all.back().ended_at + std::chrono::hours{1};
    const auto decayed = edges_of(all, kPlan)[0].decay;
    EXPECT_TRUE(decayed.is_decayed);
    EXPECT_EQ(decayed.alarm, 10);
    EXPECT_EQ(decayed.recovery, 5);
    EdgePlan reset = kPlan;
    reset.decay_since = after;
    EXPECT_FALSE(edges_of(all, reset)[0].decay.is_decayed);
    EXPECT_EQ(edges_of(all, reset)[0].decay.level, 0);
    reset.decay_since = all.back().ended_at;
    EXPECT_GE(edges_of(all, reset)[0].decay.level, 0) << "the last outcome still counts";

    auto better = judged_by(always_pays, 30, 7);
    for (Judged& one : better) {
        one.probability = .3;  // claimed by what is known now, and more comes true
        one.confirmed_at += after - test::kFirst;
        one.ended_at += after - test::kFirst;
    }
    all.insert(all.end(), better.begin(), better.end());
    EXPECT_FALSE(edges_of(all, kPlan)[0].decay.is_decayed);
}

TEST(DecayWatch, OutcomesCountInTheOrderInWhichTheyEnd) {
    Judged won, lost;
    won.barrier = Barrier::target;
    lost.barrier = Barrier::stop;
    won.probability = lost.probability = .5;
    won.ended_at = test::kFirst + std::chrono::hours{1};
    lost.ended_at = test::kFirst + std::chrono::hours{2};
    const std::vector<double> weights{1, 1};
    const std::vector<const Judged*> order{&lost, &won};
    EXPECT_DOUBLE_EQ(watch_decay(order, weights, {}).level(), .875) << "the loss came last";
    EXPECT_DOUBLE_EQ(watch_decay(order, weights, {}, lost.ended_at).level(), .875) << "ends at the instant count";
    EXPECT_EQ(watch_decay(order, weights, {}, lost.ended_at).count(), 1U);
    EXPECT_EQ(watch_decay(order, weights, {}, lost.ended_at + Nanos{1}).count(), 0U);
    won.probability.reset();
    EXPECT_EQ(watch_decay(order, weights, {}).count(), 1U) << "nothing was claimed, nothing is held to it";
}

}  // namespace
}  // namespace vt::track_record
