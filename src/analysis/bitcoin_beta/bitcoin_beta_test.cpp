#include "analysis/bitcoin_beta/bitcoin_beta.hpp"

#include "analysis/bitcoin_beta/test_walk.hpp"
#include "analysis/symbol_analysis.hpp"
#include "analysis/test_sums.hpp"
#include "indicators/correlation_interval.hpp"
#include "indicators/least_squares.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace vt::analysis::bitcoin_beta {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace test;

TEST(BtcPull, IsBitcoinsOpinionTimesTheSurePartOfTheCorrelation) {
    Walk walk({});
    walk.inputs.score = 80;
    walk.inputs.coverage = 0.7;
    hand_over_candles(walk, minutes{5}, 288, 1.5);
    walk.second();
    const Leaf& leaf = walk.component(btc_pull).leaves[0];
    Prng prng(17, "candles");
    long double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
    for (int i = 0; i < 288; ++i) {
        const double x = prng.normal() * 2e-3;
        const double y = 1.5 * x + prng.normal() * 1e-3;
        sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
    }
    const auto r =
        static_cast<double>((288 * sxy - sx * sy) / std::sqrt((288 * sxx - sx * sx) * (288 * syy - sy * sy)));
    const double sure = std::tanh(std::atanh(r) - 1.959963984540054 / std::sqrt(285.0));
    ASSERT_TRUE(leaf.value && leaf.score);
    EXPECT_NEAR(*leaf.value, sure * 0.6, 1e-9);
    EXPECT_NEAR(*leaf.score, 50 + 50 * sure * 0.6, 1e-7);
    EXPECT_TRUE(leaf.flags.has(Flag::kline_based));
    EXPECT_NEAR(leaf.coverage, 0.7 * 0.7, 1e-12);
    walk.inputs.score.reset();
    walk.second();
    EXPECT_FALSE(walk.component(btc_pull).leaves[0].score);
    EXPECT_TRUE(walk.component(btc_pull).leaves[0].flags.has(Flag::no_input));
}

TEST(BtcPull, AnInstrumentThatGoesItsOwnWayIsNotPulled) {
    Walk walk({});
    walk.inputs.score = 95;
    hand_over_candles(walk, minutes{5}, 288, 0);
    walk.second();
    EXPECT_EQ(walk.component(btc_pull).leaves[0].value, 0);
    EXPECT_EQ(walk.component(btc_pull).leaves[0].score, 50);
}

/// Everything from the mids alone, in long double.
TEST(ResidualReturn, EqualsItsDefinition) {
    Walk walk({.seed = 5});
    std::vector<std::pair<double, double>> closes{{0, 0}};  // of minutes
    walk.u = kStart - seconds{1};
    walk.second();
    closes[0] = {walk.bitcoin, walk.own};
    for (int i = 1; i <= 9 * 3600; ++i) {
        walk.second();
        if (i % 60 == 0) closes.emplace_back(walk.bitcoin, walk.own);
    }
    const std::size_t last = closes.size() - 1;  // 09:00: the newest bar of the regression ended at 08:55
    std::vector<long double> x, y;
    for (std::size_t end = 5; end + 5 <= last; end += 5) {
        x.push_back(closes[end].first - closes[end - 5].first);
        y.push_back(closes[end].second - closes[end - 5].second);
    }
    const auto n = static_cast<long double>(x.size());
    long double mx = 0, my = 0, sxx = 0, sxy = 0, squares = 0;
    for (std::size_t i = 0; i < x.size(); ++i) mx += x[i] / n, my += y[i] / n;
    for (std::size_t i = 0; i < x.size(); ++i) sxx += (x[i] - mx) * (x[i] - mx), sxy += (x[i] - mx) * (y[i] - my);
    const long double slope = sxy / sxx;
    for (std::size_t i = 0; i < x.size(); ++i) squares += std::pow(y[i] - my - slope * (x[i] - mx), 2);
    const long double sd = std::sqrt(squares / (n - 2));
    const long double error = sd / std::sqrt(sxx);
    const long double weight = 0.09L / (0.09L + error * error);
    const long double beta = weight * slope + (1 - weight) * 1.2L;
    const long double now_x = closes[last].first - closes[last - 5].first;
    const long double now_y = closes[last].second - closes[last - 5].second;
    const Leaf& leaf = walk.component(residual_return).leaves[0];
    ASSERT_TRUE(leaf.value.has_value());
    EXPECT_NEAR(*leaf.value, static_cast<double>((now_y - (my - beta * mx) - beta * now_x) / sd), 1e-6);
    ASSERT_TRUE(leaf.score.has_value());
    EXPECT_LE((*leaf.score - 50) * *leaf.value, 0);  // it points back
}

TEST(ResidualReturn, SaysNothingOfAnInstrumentThatBitcoinDoesNotDrive) {
    Walk walk({.beta = 0});
    hand_over_candles(walk, minutes{5}, 288, 0);
    walk.run(600);
    const Leaf& leaf = walk.component(residual_return).leaves[0];
    EXPECT_FALSE(leaf.score);
    EXPECT_EQ(leaf.coverage, 0);
    EXPECT_TRUE(leaf.flags.has(Flag::not_btc_driven));
}

TEST(ResidualReturn, CandlesGiveTheSamplesOfThePast) {
    Walk walk({});
    for (const Nanos interval : {Nanos{minutes{5}}, Nanos{minutes{30}}, Nanos{hours{4}}})
        hand_over_candles(walk, interval, 500, 1.5);
    walk.run(4 * 3600 + 60);
    for (const Leaf& leaf : walk.component(residual_return).leaves) {
        EXPECT_TRUE(leaf.score.has_value()) << name(leaf.frame);
        EXPECT_GE(leaf.n, leaf.n_min);
    }
    EXPECT_TRUE(walk.component(residual_return).leaves[2].flags.has(Flag::kline_based));
}

TEST(AlphaDrift, StandsOnlyAmongAllThatWereTested) {
    Walk walk({});
    Prng prng(4);
    for (int i = 288; i > 0; --i) {
        const double x = prng.normal() * 2e-3;
        const Timestamp open = kStart - minutes{5} * i;
        walk.dimension.on_candles(candle(open, minutes{5}, x + 5e-4 + prng.normal() * 1e-3),
                                  candle(open, minutes{5}, x), walk.scratch);
    }
    walk.run(60);
    const std::size_t m5 = beta_index(Frame::m5);
    const Leaf& leaf = walk.component(alpha_drift).leaves[m5];
    EXPECT_FALSE(leaf.value);  // it has a t, but was not yet held against the others
    walk.inputs.alpha_p[m5] = 0.001;
    walk.second();
    ASSERT_TRUE(leaf.value);
    EXPECT_GT(*leaf.value, 3);
    EXPECT_EQ(*leaf.value, walk.dimension.estimates()[m5]->least_squares.intercept_t_hac);
    EXPECT_GT(*leaf.score, 90);
    walk.inputs.alpha_p[m5] = 0.2;
    walk.second();
    EXPECT_EQ(leaf.value, 0);
    EXPECT_TRUE(leaf.flags.has(Flag::no_event));
    EXPECT_EQ(walk.component(alpha_drift).weight, 0);
}

TEST(SecondReturns, KeepsSixHoursInOnePieceAndMarksWhatIsNotKnown) {
    SecondReturns returns;
    double own = 0;
    const auto push = [&](double step, bool is_known) {
        own += step;
        returns.push(is_known ? std::optional(SecondReturns::LogMids{2 * own, own}) : std::nullopt);
    };
    for (int i = 0; i < 30'000; ++i) push(1e-5 * (i % 7), i % 1000 != 0);
    EXPECT_GE(returns.size(), SecondReturns::kKept);
    EXPECT_LE(returns.size(), SecondReturns::kKept + SecondReturns::kSlack);
    EXPECT_NEAR(static_cast<double>(returns.own().back()), 1e-5 * (29'999 % 7), 0x1p-25);
    EXPECT_NEAR(static_cast<double>(returns.bitcoin().back()), 2e-5 * (29'999 % 7), 0x1p-25);
    EXPECT_TRUE(returns.are_newest_known(998));
    EXPECT_FALSE(returns.are_newest_known(999));  // the second after an unknown one has no return either
    const std::size_t first = returns.size() - SecondReturns::kKept;
    EXPECT_NEAR(static_cast<double>(returns.count_known(first, returns.size())), 21'600 - 2 * 21.6, 2);
    returns.skip(10);
    EXPECT_FALSE(returns.are_newest_known(1));
    returns.skip(30'000);
    EXPECT_EQ(returns.size(), 0U);
}

TEST(BarReturns, MidsWinOverCandlesAndOrderDoesNotMatter) {
    BarReturns in_order(kBetaFrames[1]), mixed(kBetaFrames[1]);
    std::vector<BarReturn> bars;
    Prng prng(6);
    for (int i = 1; i <= 100; ++i) {
        bars.push_back({.close_time = kStart + minutes{5} * i,
                        .bitcoin = prng.normal(),
                        .own = prng.normal(),
                        .is_kline_based = i <= 60});
    }
    for (const BarReturn& bar : bars) in_order.put(bar);
    for (std::size_t i = 0; i < bars.size(); ++i) mixed.put(bars[(i * 37) % bars.size()]);
    ASSERT_TRUE(in_order.line() && mixed.line());
    EXPECT_NEAR(in_order.line()->slope, mixed.line()->slope, 1e-12);
    EXPECT_EQ(in_order.n(), 100U);
    EXPECT_TRUE(in_order.is_kline_based());
    const auto before = in_order.revision();
    in_order.put({.close_time = bars[99].close_time, .own = 5, .is_kline_based = true});
    EXPECT_EQ(in_order.revision(), before);  // mids had spoken
    for (int i = 1; i <= 20; ++i) in_order.put({.close_time = bars[static_cast<std::size_t>(i)].close_time});
    EXPECT_FALSE(in_order.is_kline_based());
    // After a hole longer than the window, what lies before it is gone.
    in_order.put({.close_time = kStart + hours{100}, .bitcoin = 1, .own = 1});
    EXPECT_EQ(in_order.n(), 1U);
}

/// The same by plain loops: which bars lie in the span of time, and what their line is.
TEST(BarReturns, AfterAHoleTheWindowReachesNoFurtherBack) {
    constexpr BetaFrame kFrame = kBetaFrames[1];
    BarReturns returns(kFrame);
    Prng prng(8);
    std::vector<BarReturn> bars;
    std::vector<double> x, y;
    for (int i = 1; i <= 1400; ++i) {
        if ((i > 350 && i <= 470) || (i > 700 && i <= 703)) continue;
        bars.push_back({.close_time = kStart + minutes{5} * i,
                        .bitcoin = prng.normal(),
                        .own = prng.normal(),
                        .is_kline_based = i % 3 == 0});
        returns.put(bars.back());
        const Timestamp from = bars.back().close_time - minutes{5} * kFrame.window;
        x.clear();
        std::size_t of_candles = 0;
        for (const BarReturn& bar : bars) {
            if (bar.close_time <= from) continue;
            x.push_back(bar.bitcoin);
            of_candles += bar.is_kline_based ? 1U : 0U;
        }
        std::vector<double> kept;
        returns.copy(kept, y);
        ASSERT_EQ(kept, x) << i;
        ASSERT_EQ(returns.is_kline_based(), 2 * of_candles > x.size());
    }
    ASSERT_EQ(returns.n(), kFrame.window);
    const auto line = indicators::least_squares(x, y, 0);
    ASSERT_TRUE(line && returns.line());
    EXPECT_NEAR(returns.line()->slope, line->slope, 1e-10);
}

/// Five hours of an instrument that follows Bitcoin, with the venue's candles before them: every component speaks.
Walk followed_walk() {
    Walk walk({.beta = 1.4, .lag_s = 2});
    for (const Nanos interval : {Nanos{minutes{5}}, Nanos{minutes{30}}, Nanos{hours{4}}})
        hand_over_candles(walk, interval, 600, 1.4);
    walk.run(5 * 3600 + 30);
    return walk;
}

TEST(BitcoinBeta, EachInputThatIsLostCostsItsPart) {
    const Walk whole = followed_walk();
    const DimensionScore& full = whole.dimension.score();
    EXPECT_GT(full.coverage, 0.5);
    ASSERT_TRUE(full.score.has_value());
    EXPECT_NE(*full.score, 50);
    expect_sum(full, "all");
    struct Loss {
        std::string of;
        std::vector<std::size_t> components;  // that say nothing without it
        void (*lose)(Walk&);
    };
    const std::vector<std::size_t> all{btc_pull, lead_lag_gap, residual_return};
    for (const Loss& loss : {Loss{"Bitcoin's score", {btc_pull}, [](Walk& walk) { walk.inputs.score.reset(); }},
                             Loss{"Bitcoin's mid", all, [](Walk& walk) { walk.has_bitcoin = false; }},
                             Loss{"the own mid", {lead_lag_gap}, [](Walk& walk) { walk.has_own = false; }}}) {
        Walk walk = whole;
        loss.lose(walk);
        walk.second();
        const DimensionScore& score = walk.dimension.score();
        expect_sum(score, loss.of);
        double lost = 0;
        for (const std::size_t i : loss.components) {
            const Component& before = full.components[i];
            EXPECT_GT(before.coverage, 0) << loss.of << ' ' << before.name;
            EXPECT_EQ(score.components[i].coverage, 0) << loss.of << ' ' << before.name;
            EXPECT_FALSE(score.components[i].leaves.front().score) << loss.of;
            lost += before.weight * before.coverage;
        }
        EXPECT_NEAR(score.coverage, full.coverage - lost, 0.002) << loss.of;
        EXPECT_EQ(score.score.has_value(), score.coverage >= kMinDimensionCoverage) << loss.of;
        // It comes back with its input.
        walk.inputs.score = 60;
        walk.has_bitcoin = walk.has_own = true;
        walk.run(400);
        EXPECT_NEAR(score.coverage, full.coverage, 0.01) << loss.of;
        expect_sum(score, loss.of + ", back");
    }
    // Where betas lie and which alphas stand are no evidence of their own: without them nothing is lost.
    Walk walk = whole;
    walk.inputs.priors = {};
    walk.inputs.alpha_p = {};
    walk.second();
    EXPECT_NEAR(walk.dimension.score().coverage, full.coverage, 0.002);
    expect_sum(walk.dimension.score(), "priors");
}

/// Bars of all frames that close at one instant, and bars of one frame that come late, in any order.
TEST(BitcoinBeta, EqualTimesInAnyOrderGiveTheSame) {
    struct Pair {
        market::Candle own, bitcoin;
    };
    std::vector<Pair> pairs;
    Prng prng(31, "equal times");
    for (const Nanos interval : {Nanos{minutes{1}}, Nanos{minutes{5}}, Nanos{minutes{30}}, Nanos{hours{4}}}) {
        const double x = prng.normal() * 1e-3;
        pairs.push_back({candle(kStart - interval, interval, 1.3 * x), candle(kStart - interval, interval, x)});
    }
    const auto after = [&](const std::vector<std::size_t>& order) {
        Walk walk({});
        for (const Nanos interval : {Nanos{minutes{1}}, Nanos{minutes{5}}, Nanos{minutes{30}}, Nanos{hours{4}}}) {
            for (int i = 80; i > 1; --i) {
                const double x = 1e-3 * ((i * 37) % 11 - 5);
                const Timestamp open = kStart - interval * i;
                walk.dimension.on_candles(candle(open, interval, 1.2 * x + 1e-4 * (i % 3)), candle(open, interval, x),
                                          walk.scratch);
            }
        }
        for (const std::size_t i : order) walk.dimension.on_candles(pairs[i].own, pairs[i].bitcoin, walk.scratch);
        walk.run(120);
        return walk.saved();
    };
    const std::string in_order = after({0, 1, 2, 3});
    std::vector<std::size_t> order{0, 1, 2, 3};
    while (std::next_permutation(order.begin(), order.end())) ASSERT_TRUE(after(order) == in_order);
    EXPECT_FALSE(after({0, 1, 2}) == in_order);
}

/// Two candles of one bar: the one that the stream brought first stands.
TEST(BarReturns, OfTwoThatSpeakOfOneBarTheStreamSaysWhichStands) {
    const auto last = [](double first, double second) {
        BarReturns returns(kBetaFrames[1]);
        for (const double own : {first, second})
            returns.put({.close_time = kStart, .bitcoin = 1, .own = own, .is_kline_based = true});
        std::vector<double> x, y;
        returns.copy(x, y);
        return y;
    };
    EXPECT_EQ(last(1, 2), std::vector<double>{1});
    EXPECT_EQ(last(2, 1), std::vector<double>{2});
}

/// The estimates of 5 minutes are made in the 15th second, which is caught up.
TEST(BitcoinBeta, ASecondThatIsCaughtUpKnowsWhereBetasLie) {
    SymbolAnalysis analysis(made_up_alt(), {});
    Prng prng(5, "caught up");
    for (int i = 100; i > 0; --i) {
        const double x = prng.normal() * 2e-3;
        const Timestamp open = kStart - minutes{5} * i;
        analysis.on_bitcoin_candle(candle(open, minutes{5}, x + prng.normal() * 1e-3), candle(open, minutes{5}, x));
    }
    EvaluationInputs inputs;
    inputs.bitcoin.priors.fill({.mean = 3, .sd = 0.001});
    const market::OrderBook book(4096);
    for (const int second : {11, 12, 18}) (void)analysis.evaluate(kStart + seconds{second}, book, inputs);
    const auto& found = analysis.bitcoin_beta()->estimates()[beta_index(Frame::m5)];
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->least_squares.slope, 1, 0.3);
    EXPECT_NEAR(found->vasicek.beta, 3, 0.01);
}

TEST(BitcoinBeta, SavedAndLoadedItGoesOnTheSame) {
    Walk walk({.beta = 1.4, .lag_s = 2});
    walk.inputs.priors.fill({.mean = 2, .sd = 0.1});
    hand_over_candles(walk, minutes{5}, 400, 1.4);
    // In the midst of a search and between a bar and its estimates.
    walk.run(2 * 3600 + 600 + 40);
    for (const int more : {0, 7, 333}) {
        walk.run(more);
        const std::string bytes = walk.saved();
        Walk other = walk;
        StateReader reader(bytes);
        other.dimension = BitcoinBeta(test::made_up_alt(), {});
        reader(other.dimension);
        ASSERT_FALSE(reader.failed());
        EXPECT_EQ(reader.remaining(), 0U);
        EXPECT_EQ(other.saved(), bytes);
        EXPECT_EQ(other.dimension.priors()[0].mean, 2) << "seconds that nobody told of the others go on with it";
        Walk same = walk;
        for (Walk* one : {&other, &same}) one->run(900);
        EXPECT_EQ(other.saved(), same.saved());
        EXPECT_EQ(other.dimension.score().score, same.dimension.score().score);
        EXPECT_LT(bytes.size(), 300'000U);
    }
    std::string cut = walk.saved();
    cut.resize(cut.size() / 2);
    StateReader reader(cut);
    BitcoinBeta broken(test::made_up_alt(), {});
    reader(broken);
    EXPECT_TRUE(reader.failed());
}

TEST(BitcoinBeta, TheFutureDoesNotChangeThePast) {
    Walk walk({.beta = 1.4, .lag_s = 2});
    std::vector<std::optional<double>> whole;
    for (int i = 0; i < 4000; ++i) {
        walk.second();
        whole.push_back(walk.component(lead_lag_gap).leaves[0].value);
    }
    Walk part({.beta = 1.4, .lag_s = 2});
    for (std::size_t i = 0; i < 3000; ++i) {
        part.second();
        ASSERT_EQ(part.component(lead_lag_gap).leaves[0].value, whole[i]);
    }
}

TEST(BitcoinBeta, SecondsThatNobodySawAreUnknown) {
    Walk walk({.beta = 1.4, .lag_s = 2});
    walk.run(3 * 3600);
    for (int i = 0; i < 100; ++i) walk.pass();
    walk.second();
    EXPECT_FALSE(walk.component(lead_lag_gap).leaves[0].value);  // no return over the hole
    walk.run(3);
    EXPECT_TRUE(walk.component(lead_lag_gap).leaves[0].value);
    walk.dimension.clear_prices();
    walk.second();
    EXPECT_FALSE(walk.component(lead_lag_gap).leaves[0].value);
}

TEST(BitcoinBeta, EveryEstimatorHasAnErrorAndTheirIntervalsHoldTheTruth) {
    Walk walk({.beta = 1.5});
    walk.run(5 * 3600 + 60);
    const auto& found = walk.dimension.estimates()[beta_index(Frame::m1)];
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->n, 240U);
    EXPECT_EQ(found->coverage, 1);
    ASSERT_TRUE(found->ewma && found->kalman && found->scholes_williams && found->dimson && found->up_down &&
                found->broken && found->correlation);
    for (const BetaValue& value : {BetaValue{found->least_squares.slope, found->least_squares.slope_error, 240},
                                   *found->ewma, *found->kalman, *found->scholes_williams, *found->dimson}) {
        EXPECT_GT(value.error, 0);
        EXPECT_LT(std::abs(value.beta - 1.5), 4 * value.error);
    }
    EXPECT_GT(found->broken->p, 0.01);
    EXPECT_GT(found->upper_beta(), found->least_squares.slope + found->least_squares.slope_error);
    EXPECT_NEAR(found->vasicek.beta, 1.5, 0.2);
}

TEST(MinuteMids, AnotherSessionGoesOnWithoutAStep) {
    MinuteMids mids;
    const auto at = [](int minute) { return test::kStart + std::chrono::minutes{minute}; };
    for (int minute = 0; minute < 10; ++minute)
        mids.put({.at = at(minute), .bitcoin = 11 + .001 * minute, .own = 3 - .002 * minute});
    mids.join_to_next();
    mids.put({.at = at(10), .bitcoin = 11.04, .own = 2.9});
    mids.put({.at = at(11), .bitcoin = 11.041, .own = 2.898});
    const auto found = mids.over(std::chrono::minutes{5}, at(11));
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->bitcoin, .004, 1e-12)
        << "four minutes of the two sessions, and the one between them counts none";
    EXPECT_NEAR(found->own, -.008, 1e-12);
}

}  // namespace
}  // namespace vt::analysis::bitcoin_beta
