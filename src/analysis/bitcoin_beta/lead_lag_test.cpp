#include "analysis/bitcoin_beta/lead_lag_search.hpp"
#include "analysis/bitcoin_beta/lead_lag_slope.hpp"
#include "analysis/bitcoin_beta/test_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace vt::analysis::bitcoin_beta {
namespace {

using namespace test;

/// The t of the slope on x beside y, by the textbook: White's and Newey's sandwich for both slopes, its first
/// element.
long double t_of_first(const std::vector<std::array<long double, 4>>& rows, std::array<long double, 2> mean,
                       const long double (&slopes)[2], long double intercept) {
    long double xx = 0, xy = 0, yy = 0;
    std::vector<std::array<long double, 2>> scores;
    for (const auto& row : rows) {
        const long double dx = row[1] - mean[0];
        const long double dy = row[2] - mean[1];
        xx += dx * dx, xy += dx * dy, yy += dy * dy;
        const long double residual = row[3] - intercept - slopes[0] * row[1] - slopes[1] * row[2];
        scores.push_back({dx * residual, dy * residual});
    }
    const long double determinant = xx * yy - xy * xy;
    const long double bread[2] = {yy / determinant, -xy / determinant};  // of the inverse, its first row
    const auto lags =
        static_cast<std::size_t>(std::floor(4 * std::pow(static_cast<double>(rows.size()) / 100, 2.0 / 9)));
    long double variance = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t j = 0; j < 2; ++j) {
            long double meat = 0;
            for (std::size_t lag = 0; lag <= lags; ++lag) {
                const long double weight = 1 - static_cast<long double>(lag) / static_cast<long double>(lags + 1);
                for (std::size_t t = lag; t < scores.size(); ++t) {
                    meat += weight * scores[t][i] * scores[t - lag][j];
                    if (lag > 0) meat += weight * scores[t - lag][i] * scores[t][j];
                }
            }
            variance += bread[i] * meat * bread[j];
        }
    }
    return slopes[0] / std::sqrt(variance);
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
        std::vector<std::array<long double, 4>> rows;
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
            rows.push_back({row[0], row[1], row[2], row[3]});
            squares += row[3] * row[3];
            n += 1;
        }
        const long double sums[2] = {m[0][1] / n, m[0][2] / n};
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
        const long double slopes[2] = {m[1][3] / m[1][1], m[2][3] / m[2][2]};
        const auto t = static_cast<double>(t_of_first(rows, {sums[0], sums[1]}, slopes, m[0][3] / m[0][0]));
        ASSERT_NEAR(found->t_hac, t, 1e-4 * (1 + std::abs(t)));
    }
}

TEST(LeadLagSlope, ItsTHasTheSpreadOfAStandardNormalWhereThereIsNoLead) {
    double sum = 0, squares = 0;
    constexpr int kSeries = 400;
    for (std::uint64_t seed = 1; seed <= kSeries; ++seed) {
        Prng prng(seed, "no lead");
        std::vector<float> x, y;
        for (int i = 0; i < 4000; ++i) {
            x.push_back(static_cast<float>(prng.normal()));
            y.push_back(static_cast<float>(x.back() + prng.normal()));
        }
        const double t = lead_lag_slope(x, y, 1, 2).value().t_hac;
        sum += t;
        squares += t * t;
    }
    EXPECT_LT(std::abs(sum / kSeries), 0.2);
    EXPECT_NEAR(squares / kSeries, 1, 0.25);
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
    // The gap and its score, from the mids of three seconds before and now.
    for (int i = 0; i < 20; ++i) {
        const double bitcoin = walk.bitcoin, own = walk.own;
        walk.run(3);
        const LeadLagEstimate now = walk.dimension.lead_lag().value();
        const double gap = now.beta * (walk.bitcoin - bitcoin) - now.answered * (walk.own - own);
        const Leaf& leaf = walk.component(lead_lag_gap).leaves[0];
        ASSERT_NEAR(leaf.value.value(), 1e4 * now.lambda * gap, 2e-3);
        ASSERT_NEAR(leaf.score.value(), 50 + 50 * std::tanh(*leaf.value / now.own_sd_bps / 2), 1e-9);
    }
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

}  // namespace
}  // namespace vt::analysis::bitcoin_beta
