#include "views/minute_detail.hpp"

#include "analysis/liquidity/test_bars.hpp"
#include "engine/symbol.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vt::views {
namespace {

using analysis::liquidity::test::in_live_order;
using analysis::liquidity::test::kMonday;
using analysis::liquidity::test::random_walk;
using market::Timeframe;
using namespace std::chrono_literals;

market::Instrument bitcoin() {
    return {.symbol = "BTCUSDT",
            .base = "BTC",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 1},
            .lot_size = {1, 3}};
}

/// A symbol after `days` of a random walk in candles of 5m and more, its last minute closed.
std::unique_ptr<engine::Symbol> after_days(int days) {
    auto symbol = std::make_unique<engine::Symbol>(bitcoin(), confluence::Params{});
    const auto candles = in_live_order(random_walk(3, static_cast<std::size_t>(days) * 288));
    for (const market::Candle& candle : candles)
        (void)symbol->apply({.exchange_time = candle.open_time + candle.interval, .body = candle});
    const Timestamp now = kMonday + 24h * days;
    (void)symbol->apply({.exchange_time = now, .body = market::Ticker{.last_price = candles.back().close}});
    symbol->close_bars(now, true);
    (void)symbol->analysis().evaluate(now + 20s, symbol->state().book(), {});
    symbol->keep_minute(
        std::make_shared<const analysis::MinuteFeatures>(analysis::MinuteFeatures{.start = now, .is_missing = true}));
    return symbol;
}

TEST(MinuteDetail, ShowsWhatTheBarsMade) {
    const auto symbol = after_days(8);
    const auto detail = minute_detail_of(*symbol);
    EXPECT_EQ(detail->at, kMonday + 24h * 8 + 1min);
    ASSERT_EQ(detail->minutes.size(), 1U);
    EXPECT_EQ(detail->minutes[0], symbol->minutes()[0]) << "shared, not copied";

    const ZonesView& zones = detail->zones;
    ASSERT_GT(zones.zones.size(), 10U);
    EXPECT_TRUE(zones.atr && zones.placebo_rate);
    EXPECT_NEAR(*zones.placebo_rate, zones.placebo.bounces / zones.placebo.touches, 1e-12);
    EXPECT_TRUE(std::is_sorted(zones.zones.begin(), zones.zones.end(),
                               [](const ZoneView& a, const ZoneView& b) { return a.price < b.price; }));
    const double price = *symbol->state().last_price();
    double touches = 0;
    for (const ZoneView& zone : zones.zones) {
        EXPECT_GT(zone.kinds, 0U);
        EXPECT_LE(zone.born, detail->at);
        EXPECT_NEAR(zone.distance_atr.value() * *zones.atr, zone.price - price, 1e-6);
        EXPECT_GE(zone.value.value(), 0);
        for (const TouchesView* side : {&zone.support, &zone.resistance}) {
            touches += side->touches;
            EXPECT_EQ(side->penetration_atr.has_value(), side->touches > 0);
            EXPECT_LE(side->bounce_rate.lower, side->bounce_rate.upper);
            if (side->penetration_atr) {
                EXPECT_GT(*side->penetration_atr, 0);
            }
        }
    }
    EXPECT_GT(touches, 50);

    ASSERT_TRUE(detail->profile);
    double volume = 0;
    for (const auto& [row, of_row] : detail->profile->rows) volume += of_row;
    EXPECT_NEAR(volume, detail->profile->area.total, 1e-6);
    EXPECT_NEAR(volume, 288, 1e-6) << "a coin in each 5m bar of the day";
    EXPECT_EQ(detail->profile->closed_until, kMonday + 24h * 8);

    EXPECT_FALSE(detail->technical[static_cast<std::size_t>(Timeframe::m1)]) << "no minutes were given";
    const auto& of_5m = detail->technical[static_cast<std::size_t>(Timeframe::m5)];
    ASSERT_TRUE(of_5m);
    EXPECT_EQ(of_5m->bars, engine::TechnicalFrames::kBarsKnown);
    EXPECT_TRUE(of_5m->values[static_cast<std::size_t>(indicators::TechnicalValue::sma_200)]);
    const auto& of_4h = detail->technical[static_cast<std::size_t>(Timeframe::h4)];
    ASSERT_TRUE(of_4h);
    EXPECT_EQ(of_4h->bars, 48U);
    EXPECT_TRUE(of_4h->values[static_cast<std::size_t>(indicators::TechnicalValue::rsi_14)]);
    EXPECT_FALSE(of_4h->values[static_cast<std::size_t>(indicators::TechnicalValue::sma_50)]) << "warming";
    EXPECT_FALSE(detail->measures.empty());
}

TEST(MinuteDetail, WhatIsNotKnownIsAbsent) {
    engine::Symbol symbol(bitcoin(), confluence::Params{});
    symbol.keep_minute(std::make_shared<const analysis::MinuteFeatures>());
    const auto detail = minute_detail_of(symbol);
    EXPECT_TRUE(detail->zones.zones.empty());
    EXPECT_FALSE(detail->zones.atr || detail->zones.placebo_rate || detail->profile);
    for (const auto& technical : detail->technical) EXPECT_FALSE(technical);
    for (const auto& measure : detail->measures) EXPECT_FALSE(measure.value) << measure.name;
}

TEST(MinuteDetail, TheProfileIsThereAgainAfterARestart) {
    const auto before = after_days(4);
    std::string bytes;
    before->analysis().save(bytes);
    engine::Symbol after(bitcoin(), confluence::Params{});
    ASSERT_TRUE(after.analysis().load(bytes));
    after.keep_minute(before->minutes()[0]);
    const auto one = minute_detail_of(*before), two = minute_detail_of(after);
    ASSERT_TRUE(one->profile && two->profile);
    EXPECT_EQ(one->profile->rows, two->profile->rows);
    EXPECT_EQ(one->zones.zones.size(), two->zones.zones.size());
}

TEST(Symbol, KeepsTheLastMinutes) {
    engine::Symbol symbol(bitcoin(), confluence::Params{});
    for (int i = 0; i < 100; ++i)
        symbol.keep_minute(
            std::make_shared<const analysis::MinuteFeatures>(analysis::MinuteFeatures{.start = kMonday + 1min * i}));
    ASSERT_EQ(symbol.minutes().size(), engine::Symbol::kMinutesKept);
    EXPECT_EQ(symbol.minutes().back()->start, kMonday + 99min);
    EXPECT_EQ(symbol.minute_revision, 100U);
}

/// The venue's closed candle comes before the second is evaluated that ends the minute: our clock closes nothing.
TEST(Symbol, BarsThatTheVenueClosedAreHandedOn) {
    engine::Symbol symbol(bitcoin(), confluence::Params{});
    for (const market::Candle& candle : random_walk(3, 40)) {
        (void)symbol.apply({.exchange_time = candle.open_time + candle.interval, .body = candle});
        symbol.close_bars(candle.open_time + candle.interval, true);
    }
    EXPECT_EQ(symbol.technical()[Timeframe::m5].bars, 40U);
}

}  // namespace
}  // namespace vt::views
