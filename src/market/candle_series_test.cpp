#include "market/candle_series.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt::market {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'723'161'240'000);  // a whole minute

CandleSeries minute_series(std::size_t capacity = 10) { return CandleSeries(minutes{1}, capacity); }

Candle candle(int minute, double price, double volume, bool is_closed) {
    return {.open_time = kStart + minutes{minute},
            .interval = minutes{1},
            .open = price,
            .high = price + 1,
            .low = price - 1,
            .close = price + 0.5,
            .volume_base = volume,
            .turnover_quote = volume * price,
            .is_closed = is_closed};
}

}  // namespace

TEST(CandleSeries, ABarHoldsTheTradesOfItsRange) {
    CandleSeries series = minute_series();
    EXPECT_EQ(series.add_trade(kStart, 100, 1), CandleOutcome::opened);
    EXPECT_EQ(series.add_trade(kStart + seconds{30}, 103, 2), CandleOutcome::amended);
    EXPECT_EQ(series.add_trade(kStart + seconds{59}, 99, 1), CandleOutcome::amended);
    EXPECT_EQ(series.add_trade(kStart + minutes{1} - Nanos{1}, 101, 1), CandleOutcome::amended);
    EXPECT_FALSE(series.back().is_closed);
    EXPECT_EQ(series.add_trade(kStart + minutes{1}, 102, 1), CandleOutcome::opened);
    EXPECT_EQ(series[0], (Candle{.open_time = kStart, .interval = minutes{1}, .open = 100, .high = 103, .low = 99,
                                 .close = 101, .volume_base = 5, .turnover_quote = 100 + 206 + 99 + 101,
                                 .is_closed = true}));
}

TEST(CandleSeries, ASilentIntervalHasNoBar) {
    CandleSeries series = minute_series();
    (void)series.add_trade(kStart, 100, 1);
    (void)series.add_trade(kStart + minutes{7}, 101, 1);
    ASSERT_EQ(series.size(), 2U);
    EXPECT_EQ(series[1].open_time, kStart + minutes{7});
    EXPECT_EQ(series.at(kStart + minutes{3}), std::nullopt);
    EXPECT_EQ(series.first_from(kStart + minutes{3}), 1U);
}

TEST(CandleSeries, ALateTradeIsCountedAndChangesNothing) {
    CandleSeries series = minute_series();
    (void)series.add_trade(kStart, 100, 1);
    (void)series.add_trade(kStart + minutes{1}, 101, 1);
    const Candle before = series[0];
    EXPECT_EQ(series.add_trade(kStart + seconds{59}, 500, 1), CandleOutcome::late);
    EXPECT_EQ(series[0], before);
    EXPECT_EQ(series.late_count(), 1U);
    EXPECT_TRUE(series.close_until(kStart + minutes{2}));
    EXPECT_FALSE(series.close_until(kStart + minutes{2}));
    EXPECT_EQ(series.add_trade(kStart + seconds{119}, 500, 1), CandleOutcome::late);
    EXPECT_EQ(series.late_count(), 2U);
    EXPECT_EQ(series.add_trade(kStart + minutes{2}, 102, 1), CandleOutcome::opened);
}

TEST(CandleSeries, TimeClosesABarOnlyAtItsEnd) {
    CandleSeries series = minute_series();
    (void)series.add_trade(kStart + seconds{3}, 100, 1);
    EXPECT_FALSE(series.close_until(kStart + minutes{1} - Nanos{1}));
    EXPECT_FALSE(series.back().is_closed);
    EXPECT_TRUE(series.close_until(kStart + minutes{1}));
    EXPECT_TRUE(series.back().is_closed);
}

TEST(CandleSeries, TheVenuesClosedCandleWins) {
    CandleSeries series = minute_series();
    (void)series.add_trade(kStart, 100, 1);
    (void)series.add_trade(kStart + minutes{1}, 101, 1);
    EXPECT_EQ(series.put(candle(0, 200, 9, true)), CandleOutcome::settled);
    EXPECT_EQ(series[0], candle(0, 200, 9, true));
    EXPECT_TRUE(series.is_venues(0));
    EXPECT_EQ(series.put(candle(0, 200, 9, true)), CandleOutcome::unchanged);
    EXPECT_EQ(series.put(candle(0, 300, 9, false)), CandleOutcome::late);  // a stale update of a closed candle
    EXPECT_EQ(series[0], candle(0, 200, 9, true));
    EXPECT_EQ(series.put(candle(1, 210, 4, true)), CandleOutcome::settled);
    EXPECT_EQ(series.add_trade(kStart + seconds{61}, 500, 1), CandleOutcome::late);
}

TEST(CandleSeries, AVenuesOpenCandleKeepsItsVolume) {
    CandleSeries series = minute_series();
    (void)series.add_trade(kStart, 100, 1);
    EXPECT_EQ(series.put(candle(0, 100, 9, false)), CandleOutcome::amended);
    EXPECT_EQ(series.add_trade(kStart + seconds{9}, 150, 3), CandleOutcome::amended);  // may be in the nine already
    EXPECT_EQ(series.back().volume_base, 9);
    EXPECT_EQ(series.back().high, 150);
    EXPECT_EQ(series.back().close, 150);
}

TEST(CandleSeries, ABackfillTakesItsPlaceInAnyOrder) {
    CandleSeries series = minute_series(5);
    (void)series.add_trade(kStart + minutes{9}, 100, 1);
    for (const int minute : {8, 6, 7, 5, 4}) {
        EXPECT_EQ(series.put(candle(minute, 100 + minute, 1, true)),
                  minute == 4 ? CandleOutcome::late : CandleOutcome::settled);  // the ring is full: 4 is too old
    }
    ASSERT_EQ(series.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(series[i].open_time, kStart + minutes{5 + static_cast<int>(i)});
    EXPECT_EQ(series.put(candle(5, 77, 1, false)), CandleOutcome::late);
}

TEST(CandleSeries, WhatIsNoCandleIsRefused) {
    CandleSeries series = minute_series();
    const Candle good = candle(0, 100, 1, true);
    const auto with = [&](auto change) {
        Candle bad = good;
        change(bad);
        return series.put(bad);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(with([](Candle& c) { c.interval = minutes{5}; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.open_time += seconds{1}; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.high = c.close - 0.1; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.low = c.open + 0.1; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.low = 0; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.volume_base = -1; }), CandleOutcome::refused);
    EXPECT_EQ(with([nan](Candle& c) { c.turnover_quote = nan; }), CandleOutcome::refused);
    EXPECT_EQ(with([nan](Candle& c) { c.close = nan; }), CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.open_time = from_ns(std::numeric_limits<std::int64_t>::max()); }),
              CandleOutcome::refused);
    EXPECT_EQ(with([](Candle& c) { c.open_time = from_ns(std::numeric_limits<std::int64_t>::min()); }),
              CandleOutcome::refused);
    EXPECT_EQ(series.add_trade(from_ns(std::numeric_limits<std::int64_t>::min()), 1, 1), CandleOutcome::refused);
    EXPECT_TRUE(series.empty());
    EXPECT_EQ(series.refused_count(), 11U);
}

}  // namespace vt::market
