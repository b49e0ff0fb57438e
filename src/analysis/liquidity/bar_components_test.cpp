#include "analysis/liquidity/liquidity_sweep.hpp"
#include "analysis/liquidity/profile_location.hpp"
#include "analysis/liquidity/test_bars.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using namespace std::chrono_literals;
using test::kMonday;

LiquidityContext context_at(Timestamp u, std::vector<float>& scratch) {
    return {.second = {.u = u, .scratch = scratch}, .ages = {}, .quote_flags = {}, .book_flags = {}};
}

/// Five-minute bars with a swing high of 103 in bar 60, quiet otherwise: ATR about 2, volume 1.
std::vector<PriceBar> bars_with_a_high() {
    std::vector<PriceBar> bars;
    for (int i = 0; i < 80; ++i) {
        PriceBar bar{.close_time = kMonday + 5min * (i + 1), .high = 101, .low = 99, .close = 100, .volume = 1};
        bar.high += .001 * (i % 5);  // no plateaus
        bar.low -= .001 * (i % 5);
        if (i == 60) bar.high = 103;
        bars.push_back(bar);
    }
    return bars;
}

double sweep_after(const std::vector<PriceBar>& tail) {
    LiquiditySweep sweep;
    auto bars = bars_with_a_high();
    for (PriceBar bar : tail) {
        bar.close_time = bars.back().close_time + 5min;
        bars.push_back(bar);
    }
    for (const PriceBar& bar : bars) sweep.on_bar(bar);
    Component component = LiquiditySweep::describe();
    std::vector<float> scratch;
    sweep.evaluate(context_at(bars.back().close_time, scratch), component);
    return component.leaves.front().value.value();
}

TEST(LiquiditySweep, AHighThatIsSweptAndLostPointsDown) {
    EXPECT_NEAR(sweep_after({{.high = 103.5, .low = 100, .close = 101, .volume = 2}}), std::tanh(-1), 1e-12);
    EXPECT_NEAR(sweep_after({{.high = 103.5, .low = 100, .close = 103.2, .volume = 2},
                             {.high = 103.6, .low = 100, .close = 103.2, .volume = 1},
                             {.high = 103.3, .low = 100, .close = 101, .volume = 1}}),
                std::tanh(-1), 1e-12)
        << "three bars are time enough";
}

TEST(LiquiditySweep, WhatIsNoSweep) {
    EXPECT_EQ(sweep_after({{.high = 103.5, .low = 100, .close = 101, .volume = 1.4}}), 0) << "too little volume";
    EXPECT_EQ(sweep_after({{.high = 105, .low = 100, .close = 101, .volume = 2}}), 0)
        << "beyond by more than half an ATR";
    EXPECT_EQ(sweep_after({{.high = 103.5, .low = 100, .close = 103.2, .volume = 2},
                           {.high = 103.5, .low = 100, .close = 103.2, .volume = 2},
                           {.high = 103.5, .low = 100, .close = 103.2, .volume = 2},
                           {.high = 103.5, .low = 100, .close = 101, .volume = 2}}),
              0)
        << "back too late";
    EXPECT_EQ(sweep_after({{.high = 102.9, .low = 100, .close = 101, .volume = 2}}), 0) << "not beyond";
}

TEST(LiquiditySweep, FadesByHalfInAnHour) {
    LiquiditySweep sweep;
    auto bars = bars_with_a_high();
    bars.push_back(
        {.close_time = bars.back().close_time + 5min, .high = 103.5, .low = 100, .close = 101, .volume = 2});
    for (const PriceBar& bar : bars) sweep.on_bar(bar);
    Component component = LiquiditySweep::describe();
    std::vector<float> scratch;
    sweep.evaluate(context_at(bars.back().close_time + 1h, scratch), component);
    EXPECT_NEAR(component.leaves.front().value.value(), std::tanh(-.5), 1e-12);
    EXPECT_NEAR(component.leaves.front().coverage, std::exp(-3000.0 / 3600), 1e-12) << "the bars are an hour old";
}

TEST(LiquiditySweep, LowsAreMirrored) {
    // The same bars upside down around 100.
    LiquiditySweep sweep;
    auto bars = bars_with_a_high();
    bars.push_back(
        {.close_time = bars.back().close_time + 5min, .high = 103.5, .low = 100, .close = 101, .volume = 2});
    for (const PriceBar& bar : bars) {
        sweep.on_bar({.close_time = bar.close_time,
                      .high = 200 - bar.low,
                      .low = 200 - bar.high,
                      .close = 200 - bar.close,
                      .volume = bar.volume});
    }
    Component component = LiquiditySweep::describe();
    std::vector<float> scratch;
    sweep.evaluate(context_at(bars.back().close_time, scratch), component);
    EXPECT_NEAR(component.leaves.front().value.value(), std::tanh(1), 1e-12);
}

TEST(LiquiditySweep, NothingSweptIsAnObservation) {
    LiquiditySweep sweep;
    std::vector<float> scratch;
    Component component = LiquiditySweep::describe();
    const auto bars = bars_with_a_high();
    for (std::size_t i = 0; i < 40; ++i) sweep.on_bar(bars[i]);
    sweep.evaluate(context_at(bars[39].close_time, scratch), component);
    EXPECT_FALSE(component.leaves.front().value.has_value());
    EXPECT_TRUE(component.leaves.front().flags.has(Flag::warming));
    for (std::size_t i = 40; i < bars.size(); ++i) sweep.on_bar(bars[i]);
    sweep.evaluate(context_at(bars.back().close_time, scratch), component);
    EXPECT_EQ(component.leaves.front().value, 0);
    EXPECT_EQ(component.leaves.front().score, 50);
    EXPECT_TRUE(component.leaves.front().flags.has(Flag::no_event));
}

TEST(ProfileLocation, PlacesTheCloseInTheValueAreaOfTheDay) {
    BarHistory history;
    PriceBar last;
    const auto add = [&](std::int64_t index, double low, double high, double close) {
        history.put({.open_time = kMonday + 5min * index,
                     .interval = 5min,
                     .open = low,
                     .high = high,
                     .low = low,
                     .close = close,
                     .volume_base = 1,
                     .is_closed = true});
        last = {.close_time = kMonday + 5min * (index + 1), .high = high, .low = low, .close = close};
    };
    for (int i = 0; i < 300; ++i) add(i, 100, 110, 105);
    ProfileLocation location(.5);
    location.update(last, history, 25);  // rows of .5: ATR/50 = tick
    Component component = ProfileLocation::describe();
    std::vector<float> scratch;
    location.evaluate(context_at(last.close_time, scratch), component);
    const Leaf& leaf = component.leaves.front();
    ASSERT_TRUE(location.value_area().has_value());
    EXPECT_NEAR(location.value_area()->total, 288, 1e-9) << "a day";
    EXPECT_GE(location.value_area()->volume / 288, .7);
    EXPECT_NEAR(*leaf.value,
                2 * (105 - (location.value_area()->high + location.value_area()->low) / 2) /
                    (location.value_area()->high - location.value_area()->low),
                1e-12);
    EXPECT_NEAR(leaf.coverage, 1, 1e-12);
    add(300, 100, 120, 120);
    location.update(last, history, 25);
    location.evaluate(context_at(last.close_time, scratch), component);
    EXPECT_EQ(component.leaves.front().value, 1) << "above the area";
    location.update(last, history, std::nullopt);
    location.evaluate(context_at(last.close_time, scratch), component);
    EXPECT_FALSE(component.leaves.front().value.has_value()) << "no ATR, no rows";
}

TEST(BarHistory, TakesOnlyClosedPossibleBarsOfItsSizes) {
    BarHistory history;
    const market::Candle good{
        .open_time = kMonday, .interval = 5min, .open = 1, .high = 2, .low = 1, .close = 2, .is_closed = true};
    market::Candle open = good, odd = good, impossible = good;
    open.is_closed = false;
    odd.interval = 15min;
    impossible.close = 3;
    for (const auto& candle : {open, odd, impossible}) history.put(candle);
    for (const BarSize size : kBarSizes) EXPECT_TRUE(history[size].empty());
    history.put(good);
    EXPECT_EQ(history[BarSize::m5].size(), 1U);
    int visits = 0;
    const auto count = [&](BarSize, const PriceBar&) { ++visits; };
    history.advance(
        kMonday + 5min + BarHistory::kSettle - 1ns, [] {}, count);
    EXPECT_EQ(visits, 0) << "the venue may still correct it";
    history.advance(
        kMonday + 5min + BarHistory::kSettle, [] {}, count);
    EXPECT_EQ(visits, 1);
    history.advance(
        kMonday + 1h, [] { ADD_FAILURE() << "nothing came late"; }, count);
    EXPECT_EQ(visits, 1);
}

TEST(BarHistory, HandsOnTheShorterOfOneInstantFirst) {
    BarHistory history;
    for (const Nanos interval : {Nanos{4h}, Nanos{30min}, Nanos{5min}}) {
        history.put({.open_time = kMonday + 4h - interval,
                     .interval = interval,
                     .open = 1,
                     .high = 1,
                     .low = 1,
                     .close = 1,
                     .is_closed = true});
    }
    std::vector<BarSize> order;
    history.advance(
        kMonday + 5h, [] {}, [&](BarSize size, const PriceBar&) { order.push_back(size); });
    EXPECT_EQ(order, (std::vector<BarSize>{BarSize::m5, BarSize::m30, BarSize::h4}));
}

}  // namespace
}  // namespace vt::analysis::liquidity
