#include "market/candle_frames.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::market {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'723'161'600'000);  // 2024-08-09 00:00 UTC: every frame begins here

/// The slow model: all minutes in a map, coarser candles summed anew whenever they are asked for.
struct SlowFrames {
    std::map<Timestamp, Candle> minute_bars;

    void add_trade(Timestamp at, double price, double quantity) {
        const Timestamp open_time = floor_to(at, minutes{1});
        auto [found, is_new] = minute_bars.try_emplace(
            open_time,
            Candle{.open_time = open_time, .interval = minutes{1}, .open = price, .high = price, .low = price});
        Candle& bar = found->second;
        bar.high = std::max(bar.high, price);
        bar.low = std::min(bar.low, price);
        bar.close = price;
        bar.volume_base += quantity;
        bar.turnover_quote += price * quantity;
    }
    [[nodiscard]] std::vector<Candle> candles(Nanos interval) const {
        std::vector<Candle> bars;
        for (const auto& [open_time, minute] : minute_bars) {
            if (bars.empty() || bars.back().open_time != floor_to(open_time, interval)) {
                bars.push_back(minute);
                bars.back().open_time = floor_to(open_time, interval);
                bars.back().interval = interval;
            } else {
                extend(bars.back(), minute);
            }
        }
        return bars;
    }
};

void expect_equal(const CandleFrames& frames, const SlowFrames& slow) {
    for (const Timeframe frame : kTimeframes) {
        const auto expected = slow.candles(interval_of(frame));
        const CandleSeries& series = frames[frame];
        ASSERT_EQ(series.size(),
                  std::min(expected.size(), frame == Timeframe::m1 ? std::size_t{1500} : std::size_t{1000}));
        for (std::size_t i = 0; i < series.size(); ++i) {
            Candle want = expected[expected.size() - series.size() + i];
            want.is_closed = i + 1 < series.size();
            ASSERT_EQ(series[i], want) << name(frame) << " bar " << i << " of " << series.size();
        }
    }
}

Candle minute_candle(Timestamp open_time, double price) {
    return {.open_time = open_time, .interval = minutes{1}, .open = price, .high = price + 2, .low = price - 2,
            .close = price + 1, .volume_base = 10, .turnover_quote = 10 * price, .is_closed = true};
}

}  // namespace

TEST(CandleFrames, EqualTheSlowSumOverTwoDaysOfTrades) {
    Prng prng(1, "candle_frames");
    CandleFrames frames;
    SlowFrames slow;
    Timestamp now = kStart + hours{1} + seconds{17};
    double price = 100;
    for (int i = 0; i < 40'000; ++i) {
        now += Nanos{static_cast<std::int64_t>(prng.exponential() * 4e9)};
        if (prng.below(2000) == 0) now += minutes{12};  // a silence
        price *= 1 + 0.0005 * prng.normal();
        const double quantity = 0.1 * static_cast<double>(1 + prng.below(100));
        ASSERT_NE(frames.add_trade(now, price, quantity), CandleOutcome::late);
        slow.add_trade(now, price, quantity);
        if (i % 4000 == 0) expect_equal(frames, slow);
        if (HasFatalFailure()) return;
    }
    expect_equal(frames, slow);
}

TEST(CandleFrames, ACorrectedMinuteCorrectsTheCoarserBars) {
    CandleFrames frames;
    SlowFrames slow;
    for (int minute = 0; minute < 600; ++minute) {
        if (minute % 7 == 3) continue;
        const Timestamp at = kStart + minutes{minute};
        (void)frames.add_trade(at, 100 + minute % 13, 1);
        slow.add_trade(at, 100 + minute % 13, 1);
    }
    for (const int minute :
         {3, 0, 598, 420, 421, 241, 599}) {  // holes, closed minutes of old bars and of the open ones
        const Candle fixed = minute_candle(kStart + minutes{minute}, 130 + minute % 5);
        EXPECT_EQ(frames.put(fixed), CandleOutcome::settled);
        slow.minute_bars[fixed.open_time] = fixed;
    }
    (void)frames.add_trade(kStart + minutes{600}, 111, 1);
    slow.add_trade(kStart + minutes{600}, 111, 1);
    expect_equal(frames, slow);
}

TEST(CandleFrames, ABackfillNewestFirstMakesWholeCoarserBars) {
    CandleFrames frames;
    SlowFrames slow;
    const Timestamp live = kStart + hours{20} + minutes{7};
    (void)frames.add_trade(live, 100, 1);
    slow.add_trade(live, 100, 1);
    for (int minute = 20 * 60 + 6; minute >= 0; --minute) {
        const Candle candle = minute_candle(kStart + minutes{minute}, 90 + minute % 17);
        EXPECT_EQ(frames.put(candle), CandleOutcome::settled);
        slow.minute_bars[candle.open_time] = candle;
    }
    expect_equal(frames, slow);
}

TEST(CandleFrames, APastBarOfWhichMinutesAreMissingIsNotMade) {
    CandleFrames frames;
    for (int minute = 3; minute < 12; ++minute)
        EXPECT_EQ(frames.put(minute_candle(kStart + minutes{minute}, 100)), CandleOutcome::settled);
    (void)frames.add_trade(kStart + minutes{12}, 100, 1);
    EXPECT_EQ(frames[Timeframe::m5].at(kStart + minutes{5})->volume_base, 50);
    EXPECT_EQ(frames[Timeframe::m5].back().volume_base, 21);
}

TEST(CandleFrames, TheVenuesCoarserCandleWinsOverItsMinutes) {
    CandleFrames frames;
    for (int minute = 0; minute < 7; ++minute) (void)frames.add_trade(kStart + minutes{minute}, 100, 1);
    Candle five = minute_candle(kStart, 200);
    five.interval = minutes{5};
    EXPECT_EQ(frames.put(five), CandleOutcome::settled);
    EXPECT_EQ(frames.put(minute_candle(kStart + minutes{1}, 300)), CandleOutcome::settled);
    EXPECT_EQ(frames[Timeframe::m5][0], five);
    EXPECT_EQ(frames[Timeframe::m30].back().high, 302);
}

TEST(CandleFrames, OfABarThatBeganBeforeTheMinutesOnlyThePricesFollow) {
    CandleFrames frames;
    Candle four = minute_candle(kStart, 100);
    four.interval = hours{4};
    four.volume_base = 1000;
    four.is_closed = false;
    EXPECT_EQ(frames.put(four), CandleOutcome::opened);
    (void)frames.add_trade(kStart + hours{3}, 150, 2);
    EXPECT_EQ(frames[Timeframe::h4].size(), 1U);
    EXPECT_EQ(frames[Timeframe::h4].back().volume_base, 1000);
    EXPECT_EQ(frames[Timeframe::h4].back().high, 150);
    EXPECT_EQ(frames[Timeframe::h4].back().open, 100);
}

TEST(CandleFrames, TimeClosesEachFrameAtItsOwnEnd) {
    CandleFrames frames;
    (void)frames.add_trade(kStart + minutes{4}, 100, 1);
    EXPECT_TRUE(frames.close_until(kStart + minutes{5}));
    EXPECT_TRUE(frames[Timeframe::m1].back().is_closed);
    EXPECT_TRUE(frames[Timeframe::m5].back().is_closed);
    EXPECT_FALSE(frames[Timeframe::m30].back().is_closed);
    EXPECT_FALSE(frames.close_until(kStart + minutes{6}));
    EXPECT_EQ(frames.add_trade(kStart + minutes{4} + seconds{59}, 100, 1), CandleOutcome::late);
    EXPECT_EQ(frames[Timeframe::m30].back().volume_base, 1);
}

TEST(CandleFrames, NamesAndIntervalsAreOnePair) {
    for (const Timeframe frame : kTimeframes) {
        EXPECT_EQ(timeframe_of(name(frame)), frame);
        EXPECT_EQ(timeframe_of(interval_of(frame)), frame);
    }
    EXPECT_EQ(timeframe_of("3m"), std::nullopt);
    EXPECT_EQ(timeframe_of(Nanos{minutes{3}}), std::nullopt);
    EXPECT_EQ(CandleFrames().put({.open_time = kStart, .interval = minutes{3}}), CandleOutcome::refused);
}

}  // namespace vt::market
