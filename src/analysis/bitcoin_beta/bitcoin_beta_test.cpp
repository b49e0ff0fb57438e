#include "analysis/bitcoin_beta/bitcoin_beta.hpp"

#include "analysis/bitcoin_beta/lead_lag_slope.hpp"
#include "analysis/bitcoin_beta/test_walk.hpp"
#include "indicators/correlation_interval.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace vt::analysis::bitcoin_beta {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::kStart;
using test::Walk;

enum ComponentIndex : std::size_t { btc_pull, lead_lag_gap, residual_return, alpha_drift };

market::Candle candle(Timestamp open_time, Nanos interval, double log_return) {
    return {.open_time = open_time,
            .interval = interval,
            .open = 100,
            .high = 110,
            .low = 90,
            .close = 100 * std::exp(log_return),
            .is_closed = true};
}
/// Pairs of candles that end at kStart, with the given beta.
void hand_over_candles(Walk& walk, Nanos interval, int count, double beta, double noise = 1e-3) {
    Prng prng(17, "candles");
    for (int i = count; i > 0; --i) {
        const double x = prng.normal() * 2e-3;
        const double y = beta * x + prng.normal() * noise;
        const Timestamp open = kStart - interval * i;
        walk.dimension.on_candles(candle(open, interval, y), candle(open, interval, x), walk.scratch);
    }
}

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

/// The two-regressor line by Cramer's rule, in long double.
TEST(LeadLagSlope, EqualsTheNormalEquationsOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed, "slope");
        const std::size_t lag = 1 + seed % 3;
        std::vector<float> x, y;
        for (std::size_t i = 0; i < 2 * lag * (60 + seed % 50); ++i) {
            x.push_back(static_cast<float>(prng.normal()));
            const double follows = i >= lag ? static_cast<double>(x[i - lag]) : 0;
            y.push_back(static_cast<float>(1.4 * follows + prng.normal()));
        }
        long double m[3][4] = {};  // of 1, x, y and what comes
        long double squares = 0, n = 0;
        for (std::size_t t = lag; t + lag <= x.size(); t += 2 * lag) {
            long double row[4] = {1, 0, 0, 0};
            for (std::size_t k = 0; k < lag; ++k) {
                row[1] += x[t - lag + k];
                row[2] += y[t - lag + k];
                row[3] += y[t + k];
            }
            for (int i = 0; i < 3; ++i) {
                for (int j = 0; j < 4; ++j) m[i][j] += row[i] * row[j];
            }
            squares += row[3] * row[3];
            n += 1;
        }
        for (int k = 0; k < 3; ++k) {
            for (int i = 0; i < 3; ++i) {
                if (i == k) continue;
                const long double factor = m[i][k] / m[k][k];
                for (int j = k; j < 4; ++j) m[i][j] -= factor * m[k][j];
            }
        }
        const auto found = lead_lag_slope(x, y, 1.4, lag);
        ASSERT_TRUE(found.has_value());
        const auto on_x = static_cast<double>(m[1][3] / m[1][1]);
        const auto on_y = static_cast<double>(m[2][3] / m[2][2]);
        ASSERT_NEAR(found->lambda, on_x / 1.4, 1e-5);
        if (found->lambda > 0.1) {
            ASSERT_NEAR(found->answered, std::clamp(-on_y / found->lambda, 0.0, 1.0), 1e-4);
        }
        ASSERT_NEAR(found->own_sd, static_cast<double>(std::sqrt(squares / n)), 1e-6);
        ASSERT_EQ(found->n, static_cast<std::size_t>(n));
    }
}

TEST(LeadLagSlope, NothingToFit) {
    const std::vector<float> few(40, 1), flat(1000, 0);
    EXPECT_FALSE(lead_lag_slope(few, few, 1, 1).has_value());
    EXPECT_FALSE(lead_lag_slope(flat, flat, 1, 1).has_value());
}

TEST(LeadLagSearch, FindsALagAndWhatIsStillOwed) {
    Walk walk({.beta = 1.4, .lag_s = 3});
    walk.run(3 * 3600);
    const auto& found = walk.dimension.lead_lag();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->lag_s, 3U);
    EXPECT_NEAR(found->beta, 1.4, 0.1);
    EXPECT_NEAR(found->lambda, 1, 0.15);
    EXPECT_LT(*found->p, 0.002);
    EXPECT_GT(found->t_hac, 10);
    EXPECT_EQ(found->stability, 1);
    // Three more seconds bring what the gap says, on the whole.
    double owed = 0, paid = 0;
    for (int i = 0; i < 2000; ++i) {
        const double gap = walk.component(lead_lag_gap).leaves[0].value.value() * 1e-4;
        const double before = walk.own;
        walk.run(3);
        owed += gap * gap;
        paid += gap * (walk.own - before);
    }
    EXPECT_NEAR(paid / owed, 1, 0.15);
}

TEST(LeadLagSearch, InStepOrAheadThereIsNoLead) {
    for (const double beta : {1.8, 0.0}) {
        Walk walk({.beta = beta});
        walk.run(2 * 3600);
        const auto& found = walk.dimension.lead_lag();
        ASSERT_TRUE(found.has_value());
        EXPECT_FALSE(found->has_lead());
        const Leaf& leaf = walk.component(lead_lag_gap).leaves[0];
        EXPECT_TRUE(leaf.flags.has(Flag::no_lead_lag));
        EXPECT_EQ(leaf.value, 0);
        EXPECT_EQ(leaf.score, 50);
    }
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

TEST(BitcoinBeta, EachInputThatIsLostCostsItsPart) {
    Walk walk({.beta = 1.4, .lag_s = 2});
    for (const Nanos interval : {Nanos{minutes{5}}, Nanos{minutes{30}}, Nanos{hours{4}}})
        hand_over_candles(walk, interval, 600, 1.4);
    walk.run(5 * 3600 + 30);
    const DimensionScore& score = walk.dimension.score();
    const double all = score.coverage;
    EXPECT_GT(all, 0.5);
    ASSERT_TRUE(score.score.has_value());
    EXPECT_NE(*score.score, 50);
    const auto adds_up = [&] {
        double sum = 0;
        for (const Component& component : score.components) {
            for (const Leaf& leaf : component.leaves) sum += leaf_term(component, leaf);
        }
        if (score.score) {
            EXPECT_NEAR(sum, score.coverage * (*score.score - 50), 1e-9);
        }
    };
    adds_up();
    const double pull = walk.component(btc_pull).coverage * 0.4;
    walk.inputs.score.reset();
    walk.second();
    EXPECT_NEAR(score.coverage, all - pull, 0.002);
    adds_up();
    walk.has_bitcoin = false;
    walk.run(2);
    EXPECT_EQ(score.coverage, 0);
    EXPECT_FALSE(score.score);
    walk.has_bitcoin = true;
    walk.inputs.score = 60;
    walk.run(120);
    EXPECT_NEAR(score.coverage, all, 0.01);
    walk.has_own = false;
    walk.second();
    EXPECT_FALSE(walk.component(lead_lag_gap).leaves[0].score);
}

TEST(BitcoinBeta, SavedAndLoadedItGoesOnTheSame) {
    Walk walk({.beta = 1.4, .lag_s = 2});
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

}  // namespace
}  // namespace vt::analysis::bitcoin_beta
