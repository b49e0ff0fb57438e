#include "analysis/liquidity/book_scale.hpp"

#include "analysis/liquidity/test_bars.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using namespace std::chrono_literals;

const Timestamp kHour = from_ms(1'699'999'200'000);

struct Scale {
    BookScale scale;
    BarHistory bars;
    Timestamp next = kHour;
    void minute(std::optional<double> spread, std::optional<double> sigma) {
        MinuteFeatures features;
        features.start = next;
        features.spread_bps_mean = spread;
        features.sigma_1m_bps = sigma;
        next += 1min;
        scale.close_minute(features, bars);
    }
};

TEST(BookScale, IsHalfAMinutesMoveBetweenOneAndTwentyBps) {
    for (const auto& [sigma, expected] : std::vector<std::pair<double, double>>{{10, 5}, {1, 1}, {100, 20}}) {
        Scale run;
        run.minute(.5, sigma);
        EXPECT_DOUBLE_EQ(run.scale.scale_bps(), expected);
    }
}

TEST(BookScale, IsNotBelowTheMedianSpreadOfTheDay) {
    Scale run;
    for (int i = 0; i < 119; ++i) run.minute(i % 2 == 0 ? 6.0 : 9.0, 2);
    run.minute(9, 2);
    EXPECT_DOUBLE_EQ(run.scale.median_spread_bps().value(), 7.5);
    EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 7.5);
    Scale wide;
    wide.minute(300, 2);
    EXPECT_DOUBLE_EQ(wide.scale.scale_bps(), 20) << "and not above 20";
}

TEST(BookScale, IsFixedForTheHour) {
    Scale run;
    for (int i = 0; i < 60; ++i) run.minute(.5, 10);
    EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 5);
    for (int i = 0; i < 59; ++i) {
        run.minute(.5, 20);
        EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 5);
    }
    run.minute(.5, 20);
    EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 10);
}

TEST(BookScale, UsesFiveMinuteClosesUntilMinutesAreKnown) {
    Scale run;
    const auto candles = test::random_walk(3, 100, 10'000, 2);
    std::vector<double> moves;
    for (std::size_t i = 0; i < candles.size(); ++i) {
        market::Candle candle = candles[i];
        candle.open_time += kHour - (test::kMonday + 500min);
        run.bars.put(candle);
        if (i > 0) moves.push_back(std::abs(1e4 * std::log(candles[i].close / candles[i - 1].close)));
    }
    run.minute(.5, std::nullopt);
    std::sort(moves.begin(), moves.end());
    EXPECT_NEAR(run.scale.scale_bps(), .5 * 1.4826 * moves[moves.size() / 2] / std::sqrt(5.0), 1e-5);
    run.minute(.5, 12);
    EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 6) << "in the same hour: nothing was settled yet";
    run.minute(.5, 16);
    EXPECT_DOUBLE_EQ(run.scale.scale_bps(), 6);
    Scale nothing;
    nothing.minute(std::nullopt, std::nullopt);
    EXPECT_DOUBLE_EQ(nothing.scale.scale_bps(), 1);
}

TEST(BookScale, MinutesThatWereNotSeenAreNoSpread) {
    Scale run;
    for (int i = 0; i < 10; ++i) run.minute(4, 1);
    run.next += 24h;
    run.minute(2, 1);
    EXPECT_DOUBLE_EQ(run.scale.median_spread_bps().value(), 2) << "the old ones are more than a day old";
}

}  // namespace
}  // namespace vt::analysis::liquidity
