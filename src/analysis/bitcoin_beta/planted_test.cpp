// What is planted in the simulated market is found, and where nothing is planted nothing is.

#include "analysis/bitcoin_beta/test_simulation.hpp"
#include "analysis/bitcoin_beta/test_walk.hpp"
#include "indicators/least_squares.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace vt::analysis::bitcoin_beta {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using namespace test;

/// LAG2 of one seed, an hour after two of warming up. out: beta at the lag
double expect_lag_of_two(std::uint64_t seed) {
    Simulation run(sim::Truth::lagged, hours{2}, seed);
    run.to(60);
    const auto& found = run.dimension.lead_lag();
    EXPECT_TRUE(found.has_value());
    if (!found) return 0;
    EXPECT_EQ(found->lag_s, 2U) << seed;
    EXPECT_GT(found->lambda, 0) << seed;
    EXPECT_GT(found->beta, 1.2) << seed;
    EXPECT_LT(found->beta, 1.55) << seed;
    EXPECT_LT(found->correlation_now, 0.5 * found->correlation) << "without the lag most of it is not seen";
    EXPECT_GT(run.estimates(Frame::m1).least_squares.slope, 1.0) << seed;
    EXPECT_LT(run.estimates(Frame::m1).least_squares.slope, 1.8) << seed;
    const Leaf& leaf = run.leaf(lead_lag_gap);
    EXPECT_FALSE(leaf.flags.has(Flag::no_lead_lag)) << seed;
    EXPECT_TRUE(leaf.score.has_value()) << seed;
    return found->beta;
}

/// Mean and spread of beta over so many seeds.
void expect_lags_of_two(std::uint64_t seeds) {
    double sum = 0;
    double squares = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const double beta = expect_lag_of_two(seed);
        sum += beta;
        squares += beta * beta;
    }
    const auto n = static_cast<double>(seeds);
    const double mean = sum / n;
    const double sd = std::sqrt((squares - n * mean * mean) / (n - 1));
    std::printf("beta over %.0f seeds: mean %.3f, sd %.3f\n", n, mean, sd);
    EXPECT_NEAR(mean, 1.40, 0.06);
    EXPECT_LT(sd, 0.06);
}

/// The second and the third have jumps of 94 and 45 bps.
TEST(PlantedLead, ALagOfTwoSecondsIsFound) { expect_lags_of_two(3); }
TEST(PlantedLead, DISABLED_ALagOfTwoSecondsIsFoundWithEachOfThirtySeeds) { expect_lags_of_two(30); }

TEST(PlantedLead, InStepThereIsNone) {
    Simulation run(sim::Truth::in_step, hours{1}, 1, true);
    run.to(20);
    const auto& found = run.dimension.lead_lag();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->lambda, 0);
    EXPECT_TRUE(run.leaf(lead_lag_gap).flags.has(Flag::no_lead_lag));
    const double beta = run.estimates(Frame::m5).least_squares.slope;
    EXPECT_GT(beta, 1.6);
    EXPECT_LT(beta, 2.0);
}

TEST(PlantedLead, WithoutAnEdgeNothingIsFound) {
    Simulation run(sim::Truth::no_edge, hours{1}, 2, true);
    run.inputs.score = 90;
    run.inputs.coverage = 1;
    run.to(20);
    EXPECT_EQ(run.dimension.lead_lag().value().lambda, 0);
    EXPECT_TRUE(run.leaf(residual_return).flags.has(Flag::not_btc_driven));
    EXPECT_LT(run.leaf(btc_pull).value.value(), 0.1);
    EXPECT_LT(run.estimates(Frame::m5).correlation.value().lower, 0.1);
}

TEST(PlantedBreak, TheKalmanBetaFollowsAndTheBreakIsSeen) {
    constexpr double kAlert = 0.001;
    Simulation run(sim::Truth::beta_break, hours{2}, 1);
    double least_before = 1;
    for (int minute = 1; minute <= 120; ++minute) {
        run.to(minute);
        const auto& found = run.dimension.estimates()[beta_index(Frame::m1)];
        if (found && found->broken) least_before = std::min(least_before, found->broken->p);
    }
    EXPECT_GT(least_before, kAlert);
    run.to(180);
    const BetaEstimates& found = run.estimates(Frame::m1);
    EXPECT_NEAR(found.kalman.value().beta, 0.5, 0.3);
    EXPECT_LT(found.broken.value().p, kAlert);
}

/// The own part reverts with a half-life of 30 minutes, or walks: five days of seconds, by the law of the simulated
/// market.
double residual_ic(double half_life_s, double& t) {
    test::Walk walk({.reversion_half_life_s = half_life_s, .seed = 3});
    std::vector<std::pair<double, double>> seen;  // score and own price at each half hour
    for (int i = 1; i <= 5 * 86'400; ++i) {
        walk.second();
        if (i % 1800 != 0) continue;
        const Leaf& leaf = walk.component(residual_return).leaves[1];
        seen.emplace_back(leaf.value.value_or(0), walk.own - 1.5 * walk.bitcoin);
    }
    double xy = 0, xx = 0, yy = 0;
    int n = 0;
    for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
        if (seen[i].first == 0) continue;
        const double next = seen[i + 1].second - seen[i].second;
        xy += seen[i].first * next;
        xx += seen[i].first * seen[i].first;
        yy += next * next;
        ++n;
    }
    const double correlation = xy / std::sqrt(xx * yy);
    t = correlation * std::sqrt(n / (1 - correlation * correlation));
    return correlation;
}

TEST(PlantedReversion, ResidualsPointBack) {
    double t = 0;
    EXPECT_LT(residual_ic(1800, t), 0);
    EXPECT_LT(t, -3);
}

/// OU30 in the market's own books: rank correlation of the residual of each half hour of five days with what the
/// instrument does beside Bitcoin in the next one.
struct Reversion {
    double correlation = 0;
    double t = 0;
};
Reversion reversion_of(sim::Truth truth, std::uint64_t seed) {
    Simulation run(truth, hours{2}, seed, true);
    const double beta = analysis::test::finely_priced_symbol().beta;
    std::vector<std::optional<double>> residuals;
    std::vector<double> own;
    const auto beside_bitcoin = [&] { return math::log(run.mid(1)) - beta * math::log(run.mid(0)); };
    for (int i = 1; i <= 5 * 48; ++i) {
        run.to(30 * i);
        residuals.push_back(run.leaf(residual_return, 1).value);
        own.push_back(beside_bitcoin());
    }
    std::vector<double> value, next;
    for (std::size_t i = 0; i + 1 < own.size(); ++i) {
        if (!residuals[i]) continue;
        value.push_back(*residuals[i]);
        next.push_back(own[i + 1] - own[i]);
    }
    const auto ranks = [](const std::vector<double>& values) {
        std::vector<double> result;
        for (const double one : values)
            result.push_back(static_cast<double>(std::ranges::count_if(values, [&](double v) { return v < one; })));
        return result;
    };
    const auto line = indicators::least_squares(ranks(value), ranks(next), 0).value();
    std::printf("seed %d: rank correlation %.3f, t %.1f, n %zu\n", static_cast<int>(seed), line.correlation, line.t,
                value.size());
    return {line.correlation, line.t};
}

/// Of 240 half hours a reversion of that speed has a t of -4, give or take one: so three seeds together are asked.
/// Beside it the same market without the reversion is no walk: liquidations push on, and so half hours follow each
/// other. (A walk is judged below, and a symbol without any edge by WithoutAnEdgeNothingIsFound.)
TEST(PlantedReversion, DISABLED_ResidualsPointBackInFiveDaysOfTheSimulatedMarket) {
    double reverting = 0;
    double plain = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const Reversion found = reversion_of(sim::Truth::reverting, seed);
        EXPECT_LT(found.correlation, 0) << seed;
        reverting += found.t / std::sqrt(3.0);
        plain += reversion_of(sim::Truth::none, seed).t / std::sqrt(3.0);
    }
    EXPECT_LT(reverting, -3);
    EXPECT_GT(plain, -2) << "what is not planted is not found";
}

TEST(PlantedReversion, OfAWalkTheyPointNowhere) {
    double t = 0;
    (void)residual_ic(0, t);
    EXPECT_LT(std::abs(t), 3);
}

}  // namespace
}  // namespace vt::analysis::bitcoin_beta
