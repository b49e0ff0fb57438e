#include "views/builder.hpp"

#include "views/beta_view.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace vt::views {
namespace {

Row bitcoin(market::Venue venue, market::Category category, std::optional<double> price) {
    Row row;
    row.instrument.venue = venue;
    row.instrument.category = category;
    row.instrument.base = "BTC";
    row.price = price;
    return row;
}

TEST(Overview, BitcoinsPriceIsThePrimaryVenuesPerpetual) {
    using enum market::Venue;
    using enum market::Category;
    std::vector<Row> rows{bitcoin(binance, spot, 3.0), bitcoin(binance, linear, 2.0), bitcoin(bybit, spot, 4.0),
                          bitcoin(bybit, linear, 1.0)};
    EXPECT_EQ(overview_of(rows).btc_price, 1.0);
    rows.back().price.reset();  // not known yet: the next best speaks
    EXPECT_EQ(overview_of(rows).btc_price, 4.0);
    rows[2].age = std::chrono::minutes{2};  // the venue is down: its last price is not the price
    EXPECT_EQ(overview_of(rows).btc_price, 2.0);
    rows[1].age = rows[0].age = std::chrono::minutes{3};
    EXPECT_EQ(overview_of(rows).btc_price, 4.0);  // all are silent
    EXPECT_FALSE(overview_of({}).btc_price);
}

TEST(Overview, ACoinOfTwoVenuesIsCountedOnce) {
    using enum market::Venue;
    using enum market::Category;
    const auto row = [](market::Venue venue, market::Category category, const char* base, double volume) {
        Row made = bitcoin(venue, category, 1.0);
        made.instrument.base = base;
        made.turnover_24h_usd = volume;
        made.open_interest_usd = category == spot ? std::nullopt : std::optional(volume / 10);
        made.change_24h_pct = 1.0;
        made.funding_rate = venue == bybit ? 0.001 : 0.005;
        return made;
    };
    std::vector<Row> rows{row(bybit, linear, "BTC", 100),       row(binance, linear, "BTC", 200),
                          row(binance, spot, "BTC", 400),       row(binance, linear, "1000SHIB", 1000),
                          row(bybit, linear, "SHIB1000", 2000), row(binance, linear, "BNB", 10'000)};
    const MarketOverview overview = overview_of(rows);
    EXPECT_EQ(overview.coins_count, 3U);
    EXPECT_EQ(overview.gainers_count, 3U);
    EXPECT_EQ(overview.total_volume_24h_usd, 100 + 2000 + 10'000);
    EXPECT_EQ(overview.total_open_interest_usd, 10 + 200 + 1000);
    EXPECT_NEAR(overview.average_funding_rate.value(), (0.001 + 0.001 + 0.005) / 3, 1e-12);
    ASSERT_EQ(overview.markets.size(), 3U);
    EXPECT_EQ(overview.markets[0].venue, bybit);
    EXPECT_EQ(overview.markets[0].instruments, 2U);
    EXPECT_EQ(overview.markets[0].volume_24h_usd, 2100);
    EXPECT_EQ(overview.markets[1].category, linear);
    EXPECT_EQ(overview.markets[1].volume_24h_usd, 11'200);
    EXPECT_EQ(overview.markets[2].volume_24h_usd, 400);
    EXPECT_FALSE(overview.markets[2].open_interest_usd);
    rows[0].price.reset();  // the primary venue says nothing yet: the other one speaks for the coin
    EXPECT_EQ(overview_of(rows).total_volume_24h_usd, 200 + 2000 + 10'000);
}

TEST(Overview, WhatNoRowKnowsIsNotKnown) {
    const MarketOverview overview = overview_of({bitcoin(market::Venue::bybit, market::Category::linear, {})});
    EXPECT_FALSE(overview.btc_price);
    EXPECT_FALSE(overview.total_volume_24h_usd);
    EXPECT_FALSE(overview.average_funding_rate);
}

using namespace std::chrono_literals;

constexpr Timestamp kNow = from_ms(1'750'000'000'000);
constexpr Timestamp kMinute = floor_to(kNow, 1min);

/// An engine that lists Bitcoin (0) and Ether (1), and what a venue says of them.
struct Market {
    Market() {
        for (const char* base : {"BTC", "ETH"}) {
            market::Instrument one{.symbol = std::string(base) + "USDT",
                                   .base = base,
                                   .quote = "USDT",
                                   .settle = "USDT",
                                   .tick_size = {1, 1},
                                   .lot_size = {1, 3}};
            one.launched_at = kNow - 24h * 400;
            std::vector<engine::Effect> effects;
            engine.step({++sequence, kNow, engine::ListInstrument{one}}, effects);
        }
    }
    engine::Symbol& symbol(std::size_t index) { return *engine.symbols()[index]; }
    void tell(std::size_t index, market::EventBody body, Timestamp at = kNow) {
        (void)symbol(index).apply({symbol(index).instrument().id, at, at, ++sequence, std::move(body)});
    }
    void trade(std::size_t index, std::int64_t ticks, Timestamp at = kNow) {
        tell(index, market::Trade{.id = market::TradeId{sequence + 1}, .price = Ticks{ticks}, .quantity = Lots{500}},
             at);
    }
    void book(std::size_t index, std::int64_t bid, std::int64_t ask) {
        const market::Level bids[] = {{Ticks{bid}, Lots{10}}, {Ticks{bid - 1}, Lots{20}}};
        const market::Level asks[] = {{Ticks{ask}, Lots{30}}};
        tell(index, market::BookUpdate{.is_snapshot = true, .update_id = 1, .bids = bids, .asks = asks});
        symbol(index).stream_states[static_cast<std::size_t>(market::Stream::book)] = exchange::StreamState::live;
    }
    void candle(std::size_t index, Timestamp open, double close, bool is_closed) {
        tell(index, market::Candle{.open_time = open,
                                   .interval = 1min,
                                   .open = close,
                                   .high = close,
                                   .low = close,
                                   .close = close,
                                   .is_closed = is_closed});
    }
    std::shared_ptr<const Snapshot> picture(Timestamp now = kNow, Surroundings more = {}) {
        more.now = now;
        return builder.build(engine, more);
    }
    engine::Engine engine{engine::Params{}};
    Builder builder{MarketMode::replay};
    std::uint64_t sequence = 0;
};

TEST(Builder, APictureHasARowAndADetailForEveryInstrument) {
    Market market;
    const auto first = market.picture();
    EXPECT_EQ(first->publication, 1U);
    EXPECT_EQ(first->mode, MarketMode::replay);
    EXPECT_EQ(first->uptime, Nanos{0});
    EXPECT_EQ(first->events, 2U);
    ASSERT_EQ(first->rows.size(), 2U);
    ASSERT_EQ(first->details.size(), 2U);
    EXPECT_EQ(first->rows[1].instrument.base, "ETH");
    EXPECT_FALSE(first->rows[1].price) << "nothing was said yet";
    EXPECT_FALSE(first->rows[1].age);
    ASSERT_NE(first->rows[1].score, nullptr);
    EXPECT_FALSE(first->rows[1].score->score);
    EXPECT_EQ(first->details[1]->minute, nullptr);
    EXPECT_EQ(market.picture(kNow + 7s)->uptime, Nanos{7s});
    EXPECT_EQ(market.picture()->publication, 3U);
}

TEST(Builder, ARowSaysWhatTheMarketSaid) {
    Market market;
    market.book(0, 600'000, 600'006);
    market.tell(0, market::Ticker{.last_price = 60'000,
                                  .mark_price = 60'010,
                                  .change_24h = .025,
                                  .turnover_24h_quote = 1e9,
                                  .open_interest_base = 100,
                                  .funding_rate = .0001,
                                  .next_funding_at = kNow + 2h,
                                  .funding_interval = Nanos{8h}});
    const auto picture = market.picture(kNow + 3s);
    const Row& row = picture->rows[0];
    EXPECT_EQ(row.price, 60'000);
    EXPECT_EQ(row.change_24h_pct, 2.5);
    EXPECT_EQ(row.open_interest_usd, 100 * 60'010.0) << "at the mark price";
    EXPECT_EQ(row.funding_interval_hours, 8);
    EXPECT_NEAR(row.spread_bps.value(), 1e4 * .6 / 60'000.3, 1e-9);
    EXPECT_EQ(row.age, Nanos{3s});
    const signals::GateFacts facts = engine::gate_facts(*market.engine.symbols()[0], kNow + 3s);
    EXPECT_EQ(facts.listed_for, Nanos{24h * 400 + 3s});
    EXPECT_EQ(facts.to_funding, Nanos{2h - 3s});
    EXPECT_EQ(facts.book_age, Nanos{3s});
    EXPECT_EQ(picture->overview.btc_price, 60'000);
    const BookView& book = picture->details[0]->book;
    EXPECT_EQ(book.state, exchange::StreamState::live);
    ASSERT_EQ(book.bids.size(), 2U);
    EXPECT_EQ(book.bids[0].price, Ticks{600'000}) << "best first";
    EXPECT_FALSE(engine::gate_facts(*market.engine.symbols()[1], kNow + 3s).book_age) << "Ether has no book";
}

TEST(Builder, ARowSaysWhatStopsASignal) {
    Market market;
    market.tell(0, market::Ticker{.last_price = 60'000, .turnover_24h_quote = 1e6});
    market.tell(1, market::Ticker{.last_price = 3'000, .turnover_24h_quote = 1e9});
    const auto picture = market.picture();
    ASSERT_TRUE(picture->rows[0].gate);
    EXPECT_EQ(picture->rows[0].gate->name, "tradable") << "a thin market";
    EXPECT_EQ(picture->rows[0].gate->value, 1e6);
    ASSERT_TRUE(picture->rows[1].gate);
    EXPECT_FALSE(picture->rows[1].gate->is_known) << "nothing was evaluated yet, so nothing fails";
    EXPECT_FALSE(picture->rows[1].gate->value);
}

TEST(Builder, WhatDidNotChangeIsSharedWithTheLastPicture) {
    Market market;
    market.candle(0, kMinute - 1min, 1, true);
    market.candle(0, kMinute, 2, false);
    market.tell(0, market::Liquidation{.price = 1, .quantity = 1});
    const auto first = market.picture();
    const auto second = market.picture(kNow + 1s);
    EXPECT_EQ(first->details[0], second->details[0]);

    market.trade(0, 600'000);
    const auto third = market.picture(kNow + 2s);
    EXPECT_NE(third->details[0], first->details[0]);
    EXPECT_EQ(third->details[1], first->details[1]) << "of the other symbol nothing changed";
    EXPECT_EQ(third->details[0]->candles[0].closed, first->details[0]->candles[0].closed);
    EXPECT_EQ(third->details[0]->liquidations, first->details[0]->liquidations);
    EXPECT_EQ(third->details[0]->candles[0].closed->size(), 1U);
    EXPECT_EQ(third->details[0]->candles[0].open.value().close, 60'000) << "the trade is in it";
    EXPECT_TRUE(first->details[0]->trades.empty()) << "what was published stays as it was";

    market.candle(0, kMinute, 3, true);
    market.tell(0, market::Liquidation{.price = 2, .quantity = 1});
    const auto fourth = market.picture(kNow + 3s);
    EXPECT_EQ(fourth->details[0]->candles[0].closed->size(), 2U);
    EXPECT_EQ(fourth->details[0]->liquidations->size(), 2U);
    EXPECT_EQ(first->details[0]->liquidations->size(), 1U);
}

TEST(Builder, TheTapeHasTheNewestHundredTradesWithTheirNumbers) {
    Market market;
    for (int i = 0; i < 130; ++i) market.trade(0, 600'000 + i);
    const auto& trades = market.picture()->details[0]->trades;
    ASSERT_EQ(trades.size(), 100U);
    EXPECT_EQ(trades.front().sequence, 31U);
    EXPECT_EQ(trades.back().sequence, 130U);
    EXPECT_EQ(trades.back().trade.price, Ticks{600'129});
}

TEST(Builder, WhatMovesWithTheMinuteIsMadeOncePerMinute) {
    Market market;
    const auto close_minute = [&](Timestamp start) {
        market.symbol(0).keep_minute(
            std::make_shared<const analysis::MinuteFeatures>(analysis::MinuteFeatures{.start = start}));
    };
    close_minute(floor_to(kNow, 1min) - 2min);
    market.trade(0, 600'000);
    const auto first = market.picture();
    ASSERT_NE(first->details[0]->minute, nullptr);
    EXPECT_EQ(first->details[0]->minute->at, floor_to(kNow, 1min) - 1min);
    market.trade(0, 600'001);
    const auto second = market.picture();
    EXPECT_EQ(second->details[0]->minute, first->details[0]->minute);
    close_minute(floor_to(kNow, 1min) - 1min);
    market.trade(0, 600'002);
    const auto third = market.picture();
    EXPECT_EQ(third->details[0]->minute->at, floor_to(kNow, 1min));
    EXPECT_EQ(first->details[0]->minute->minutes.size(), 1U);
}

TEST(Builder, BetasAreSharedUntilAnEstimateChangesAndBitcoinHasNone) {
    Market market;
    const auto first = market.picture();
    EXPECT_EQ(first->rows[0].beta, nullptr);
    ASSERT_NE(first->rows[1].beta, nullptr);
    EXPECT_FALSE(first->rows[1].beta->shown()) << "nothing was estimated yet";
    EXPECT_EQ(market.picture()->rows[1].beta, first->rows[1].beta);
}

TEST(Builder, FlagsNameTheStreamsThatAreNotLive) {
    Market market;
    engine::Symbol& bitcoin = market.symbol(0);
    bitcoin.connections[static_cast<std::size_t>(market::Stream::book)] = exchange::ConnectionId{1};
    bitcoin.stream_states[static_cast<std::size_t>(market::Stream::book)] = exchange::StreamState::stale;
    EXPECT_EQ(market.picture()->rows[0].flags, std::vector<std::string>{"book stale"});
    EXPECT_TRUE(market.picture()->rows[1].flags.empty()) << "what was never asked for is no fault";
}

TEST(Builder, HealthSaysWhyItIsNotGood) {
    Market market;
    const auto alone = market.picture();
    EXPECT_EQ(alone->health, Health::degraded);
    EXPECT_EQ(alone->reasons, std::vector<std::string>{"no stream is subscribed yet"});
    EXPECT_TRUE(alone->tiers.empty());
    const auto picture = market.picture(kNow, {.now = kNow,
                                               .dropped = 3,
                                               .hindrances = {"bybit is not asked for 600 s: 403"},
                                               .tiers = {{.name = "l1", .server = "memory"}}});
    ASSERT_EQ(picture->tiers.size(), 1U);
    EXPECT_EQ(picture->tiers[0].server, "memory");
    EXPECT_EQ(picture->dropped, 3U);
    ASSERT_EQ(picture->reasons.size(), 3U);
    EXPECT_EQ(picture->reasons[1], "bybit is not asked for 600 s: 403");
    EXPECT_EQ(picture->reasons[2], "3 inputs were lost since the start: the engine was too slow");
}

}  // namespace
}  // namespace vt::views
