#include "indicators/beta_break.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(BetaBreak, KolmogorovsTable) {
    EXPECT_NEAR(brownian_bridge_p(1.3580986), 0.05, 1e-6);
    EXPECT_NEAR(brownian_bridge_p(1.6276236), 0.01, 1e-6);
    EXPECT_NEAR(brownian_bridge_p(1.2238479), 0.10, 1e-6);
    EXPECT_EQ(brownian_bridge_p(0), 1);
    EXPECT_NEAR(brownian_bridge_p(0.4), 0.9972, 1e-4);
}

TEST(BetaBreak, EqualsItsDefinitionOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed, 30);
        const auto found = beta_break(made.x, made.y);
        ASSERT_TRUE(found.has_value());
        const auto n = static_cast<long double>(made.x.size());
        long double sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (std::size_t i = 0; i < made.x.size(); ++i) {
            sx += made.x[i];
            sy += made.y[i];
            sxx += static_cast<long double>(made.x[i]) * made.x[i];
            sxy += static_cast<long double>(made.x[i]) * made.y[i];
        }
        const long double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
        const long double intercept = (sy - slope * sx) / n;
        long double statistic = 0, squares = 0;
        for (std::size_t k = 1; k <= made.x.size(); ++k) {
            long double sum = 0;
            for (std::size_t i = 0; i < k; ++i)
                sum += (made.x[i] - sx / n) * (made.y[i] - intercept - slope * made.x[i]);
            statistic = std::max(statistic, std::abs(sum));
            squares += std::pow((made.x[k - 1] - sx / n) * (made.y[k - 1] - intercept - slope * made.x[k - 1]), 2);
        }
        ASSERT_NEAR(found->statistic, static_cast<double>(statistic / std::sqrt(squares)), 1e-9);
    }
}

TEST(BetaBreak, RejectsAsOftenAsItSaysAndSeesAChange) {
    int false_alarms = 0, seen = 0;
    double place = 0;
    constexpr int kRuns = 1000;
    for (int run = 0; run < kRuns; ++run) {
        Prng prng(static_cast<std::uint64_t>(run), "break");
        std::vector<double> x, same, broken;
        for (int i = 0; i < 240; ++i) {
            const double burst = i % 60 < 20 ? 1.5 : 1;  // volatility comes in bursts
            x.push_back(prng.normal() * burst);
            const double noise = prng.normal() * burst;
            same.push_back(1.5 * x.back() + noise);
            broken.push_back((i < 180 ? 1.5 : 0.5) * x.back() + noise);
        }
        if (beta_break(x, same)->p < 0.05) ++false_alarms;
        const auto found = beta_break(x, broken);
        if (found->p < 0.01) ++seen;
        place += static_cast<double>(found->at) / kRuns;
    }
    EXPECT_LT(false_alarms, 0.06 * kRuns);  // the discrete maximum is a little below the bridge's
    EXPECT_GT(false_alarms, 0.015 * kRuns);
    EXPECT_GT(seen, 0.8 * kRuns);
    EXPECT_NEAR(place, 180, 12);
}

TEST(BetaBreak, NothingToSay) {
    const test::Returns made = test::random_returns(1, 40);
    EXPECT_FALSE(beta_break(std::span(made.x).first(29), std::span(made.y).first(29)).has_value());
    EXPECT_FALSE(beta_break(std::vector<double>(40, .1), std::span(made.y).first(40)).has_value());
    EXPECT_FALSE(beta_break(made.x, made.x).has_value());
}

}  // namespace
}  // namespace vt::indicators
