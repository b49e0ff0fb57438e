#include "track_record/performance.hpp"

#include "track_record/test_signals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::track_record {
namespace {

double no_edge(double) { return 0.23; }
double good(double) { return 0.6; }

/// The mean result of the generator where the target is met with chance p: what is not a target is a stop in .53.
double mean_of(double p) { return p * 1.4 - (1 - p) * 0.53 * 1.1; }

PerformancePlan plan_of(double null_r) {
    PerformancePlan plan;
    plan.null.net_r = null_r;
    plan.counting.correlation = 0;
    plan.bootstrap.resamples = 200;
    plan.side_draws = 99;
    return plan;
}

std::vector<Judged> strategy_of(const char* strategy, double (*chance)(double), int steps, Prng& prng) {
    return test::signals_of({.chance = chance, .strategy = strategy}, steps, prng);
}

TEST(Performance, CountsByHand) {
    Prng prng(1);
    auto all = strategy_of("a", good, 10, prng);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].barrier = i < 4 ? Barrier::target : i < 7 ? Barrier::stop : i < 9 ? Barrier::expired : Barrier::none;
        all[i].net_r = test::result_of(all[i].barrier);
    }
    all[9].net_r.reset();
    const auto found = evaluate(all, plan_of(-0.12), {});
    ASSERT_EQ(found.strategies.size(), 1U);
    const StrategyRecord& one = found.strategies.front();
    EXPECT_EQ(one.strategy, "a");
    EXPECT_EQ(one.n, 9U);
    EXPECT_EQ(one.open, 1U);
    EXPECT_NEAR(one.n_eff, 9, 1e-9);
    EXPECT_TRUE(one.is_thin);
    EXPECT_NEAR(one.target.share, 4.0 / 9, 1e-9);
    EXPECT_NEAR(one.stop.share, 3.0 / 9, 1e-9);
    EXPECT_NEAR(one.expired.share, 2.0 / 9, 1e-9);
    EXPECT_EQ(one.target.null, 0.23);
    EXPECT_NEAR(one.results->mean, (4 * 1.4 - 3 * 1.1) / 9, 1e-12);
    EXPECT_NEAR(one.results->maximum_drawdown, 3.3, 1e-12);
    EXPECT_FALSE(one.results->mean_interval.has_value()) << "nine results are too few to resample";
}

/// Random entries: the chance of such a mean is uniform, so it is below .05 in a twentieth of all runs.
TEST(Performance, RandomEntriesAreNoDiscovery) {
    Prng prng(2);
    constexpr int kRuns = 500;
    int small = 0, large = 0, targets = 0;
    PerformancePlan plan = plan_of(mean_of(0.23));
    plan.bootstrap.resamples = 100;
    for (int run = 0; run < kRuns; ++run) {
        const auto found = evaluate(strategy_of("a", no_edge, 100, prng), plan, {});
        const double p = *found.all.results->p_null;
        small += p < 0.05 ? 1 : 0;
        large += p > 0.95 ? 1 : 0;
        targets += found.all.target_p < 0.05 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(small) / kRuns, 0.05, 0.03);
    EXPECT_NEAR(static_cast<double>(large) / kRuns, 0.05, 0.035);
    EXPECT_LE(static_cast<double>(targets) / kRuns, 0.06);
}

TEST(Performance, OneGoodStrategyAmongManyIsFoundAndTheOthersAreNot) {
    Prng prng(3);
    std::vector<Judged> all;
    const std::vector<std::string> names{"b1", "b2", "b3", "b4", "b5", "b6", "b7", "good"};
    for (const auto& name : names) {
        const auto some = strategy_of(name.c_str(), name == "good" ? good : no_edge, 150, prng);
        all.insert(all.end(), some.begin(), some.end());
    }
    const auto found = evaluate(all, plan_of(mean_of(0.23)), {});
    ASSERT_EQ(found.strategies.size(), 8U);
    for (const StrategyRecord& one : found.strategies) {
        EXPECT_GE(*one.q_null, *one.results->p_null);
        EXPECT_EQ(*one.q_null < 0.01, one.strategy == "good") << one.strategy << ' ' << *one.q_null;
    }
    const auto& best = found.strategies.back();
    EXPECT_LT(*best.q_profit, 0.01);
    EXPECT_TRUE(best.results->mean_interval->contains(mean_of(0.6)));
    EXPECT_GT(best.results->mean_interval->lower, 0);
    EXPECT_GT(*best.results->probabilistic, 0.99);
    EXPECT_LT(*best.results->shortest_record, 150);
    EXPECT_EQ(found.all.n, 1200U);
}

TEST(Performance, LuckOfManyTrialsIsTakenOff) {
    Prng prng(4);
    const auto all = strategy_of("a", good, 60, prng);
    PerformancePlan plan = plan_of(-0.12);
    const auto once = evaluate(all, plan, {});
    plan.trials = 1000;
    plan.trial_variance = 0.02;
    const auto often = evaluate(all, plan, {});
    EXPECT_EQ(*once.all.results->deflated, *once.all.results->probabilistic);
    EXPECT_LT(*often.all.results->deflated, *often.all.results->probabilistic);
}

TEST(Performance, PlacebosOfAStrategyAreItsOwn) {
    Prng prng(5);
    auto all = strategy_of("a", good, 80, prng);
    const auto others = strategy_of("b", no_edge, 80, prng);
    all.insert(all.end(), others.begin(), others.end());
    StrategyPlacebos placebos{.strategy = "a", .mean_net_r = {}};
    for (int i = 0; i < 99; ++i) placebos.mean_net_r.push_back(-0.12 + 0.1 * prng.normal());
    const auto found = evaluate(all, plan_of(-0.12), std::vector{placebos});
    ASSERT_TRUE(found.strategies[0].placebo.has_value());
    EXPECT_TRUE(found.strategies[0].placebo->is_beaten);
    EXPECT_NEAR(found.strategies[0].placebo->p, 0.01, 1e-12);
    EXPECT_FALSE(found.strategies[1].placebo.has_value());
    EXPECT_TRUE(found.strategies[0].turned_sides[1]->is_beaten) << "good signals earn some 18 bps before costs";
}

TEST(Performance, AnEdgeThatIsGoneIsSeen) {
    Prng prng(6);
    auto all = strategy_of("a", good, 60, prng);
    EXPECT_FALSE(evaluate(all, plan_of(-0.12), {}).all.decay.is_decayed());
    auto after = strategy_of("a", no_edge, 120, prng);
    for (Judged& one : after) {
        one.confirmed_at += 60 * std::chrono::hours{4};
        one.ended_at += 60 * std::chrono::hours{4};
        one.probability = 0.6;  // what was claimed while nothing was known of the loss
    }
    all.insert(all.end(), after.begin(), after.end());
    const auto found = evaluate(all, plan_of(-0.12), {});
    EXPECT_TRUE(found.all.decay.is_decayed());
    EXPECT_EQ(found.all.decay.count(), 180U);
    for (Judged& one : all) one.probability.reset();
    EXPECT_EQ(evaluate(all, plan_of(-0.12), {}).all.decay.count(), 0U)
        << "nothing was claimed, nothing is held to it";
}

TEST(Performance, ManyResultsAreAveragedBeforeTheyAreResampled) {
    Prng prng(7);
    const auto all = strategy_of("a", no_edge, 12'000, prng);
    const auto found = evaluate(all, plan_of(-0.12), {});
    const ResultRecord& results = *found.all.results;
    EXPECT_EQ(results.n, 12'000U);
    ASSERT_TRUE(results.mean_interval.has_value());
    EXPECT_FALSE(results.drawdown_interval.has_value());
    const double half = 1.96 * results.mean / *results.sharpe / std::sqrt(12'000.0);
    EXPECT_NEAR(results.mean_interval->upper - results.mean, std::abs(half), std::abs(half) * 0.3);
    EXPECT_TRUE(results.mean_interval->contains(mean_of(0.23)));
}

TEST(Performance, SegmentsStayApartAndNothingIsNothing) {
    Prng prng(8);
    auto all = strategy_of("a", good, 20, prng);
    for (Judged& one : all) one.segment = Segment::demo;
    const auto found = evaluate(all, plan_of(-0.12), {});
    EXPECT_EQ(found.all.n, 0U);
    EXPECT_TRUE(found.strategies.empty());
    EXPECT_FALSE(found.all.results.has_value());
    PerformancePlan demo = plan_of(-0.12);
    demo.segment = Segment::demo;
    EXPECT_EQ(evaluate(all, demo, {}).all.n, 20U);
}

}  // namespace
}  // namespace vt::track_record
