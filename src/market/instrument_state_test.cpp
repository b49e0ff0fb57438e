#include "market/instrument_state.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt::market {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'723'161'600'000);

Instrument bitcoin() {
    return {.symbol = "BTCUSDT",
            .base = "BTC",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 1},
            .lot_size = {1, 3}};
}

Event event_at(Timestamp at, EventBody body) {
    return {.exchange_time = at, .receive_time = at + std::chrono::milliseconds{3}, .body = body};
}

Event trade_at(Timestamp at, std::uint64_t id, std::int64_t price, std::int64_t quantity = 1000) {
    return event_at(at, Trade{.id = {0, id}, .price = Ticks{price}, .quantity = Lots{quantity}});
}

Applied apply(InstrumentState& state, const Event& event) { return state.apply(event).applied; }

BookUpdate book_of(const std::vector<Level>& bids, const std::vector<Level>& asks) {
    return {.is_snapshot = true, .bids = bids, .asks = asks};
}

}  // namespace

TEST(InstrumentState, ATradeReachesTapeAndCandlesOnce) {
    InstrumentState state(bitcoin());
    EXPECT_EQ(apply(state, trade_at(kStart, 1, 617'603, 2000)), Applied::changed);
    EXPECT_EQ(apply(state, trade_at(kStart + seconds{1}, 1, 617'603, 2000)), Applied::duplicate);
    EXPECT_EQ(state.trades().size(), 1U);
    EXPECT_DOUBLE_EQ(*state.last_price(), 61'760.3);
    EXPECT_DOUBLE_EQ(state.candles()[Timeframe::m1].back().volume_base, 2.0);
    EXPECT_EQ(state.counts().trades, 1U);
    EXPECT_EQ(state.counts().duplicate_trades, 1U);
}

TEST(InstrumentState, ALateTradeIsInTheTapeButNotInTheCandles) {
    InstrumentState state(bitcoin());
    (void)apply(state, trade_at(kStart, 1, 1000));
    EXPECT_FALSE(state.close_candles_until(kStart + seconds{59}));
    EXPECT_TRUE(state.close_candles_until(kStart + minutes{1}));
    EXPECT_EQ(apply(state, trade_at(kStart + seconds{59}, 2, 2000)), Applied::late);
    EXPECT_EQ(state.trades().size(), 2U);
    EXPECT_EQ(state.candles()[Timeframe::m1].back().high, 100);
    EXPECT_EQ(state.counts().late_trades, 1U);
}

TEST(InstrumentState, ABlockTradeIsNoPartOfACandle) {
    InstrumentState state(bitcoin());
    EXPECT_EQ(
        apply(state, event_at(kStart, Trade{.id = {0, 1}, .price = Ticks{5}, .quantity = Lots{1}, .is_block = true})),
        Applied::changed);
    EXPECT_EQ(state.trades().size(), 1U);
    EXPECT_TRUE(state.candles()[Timeframe::m1].empty());
}

TEST(InstrumentState, ImpossibleTradesAreRefused) {
    InstrumentState state(bitcoin());
    for (const auto& [price, quantity] :
         std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 1}, {-1, 1}, {1, 0}, {1, -1}}) {
        EXPECT_EQ(apply(state, trade_at(kStart, 1, price, quantity)), Applied::refused);
    }
    EXPECT_TRUE(state.trades().empty());
    EXPECT_EQ(state.last_price(), std::nullopt);
    EXPECT_EQ(state.counts().refused, 4U);
}

TEST(InstrumentState, ABadBookUpdateAsksForASnapshot) {
    InstrumentState state(bitcoin());
    const std::vector<Level> bids{{Ticks{100}, Lots{1}}};
    const std::vector<Level> asks{{Ticks{102}, Lots{1}}};
    const std::vector<Level> crossing{{Ticks{102}, Lots{1}}};
    const std::vector<Level> negative{{Ticks{-102}, Lots{1}}};
    EXPECT_EQ(apply(state, event_at(kStart, BookUpdate{.bids = bids})), Applied::ignored);
    EXPECT_EQ(apply(state, event_at(kStart, book_of(bids, asks))), Applied::changed);
    EXPECT_DOUBLE_EQ(*state.mid(), 10.1);
    const ApplyOutcome crossed = state.apply(event_at(kStart, BookUpdate{.bids = crossing}));
    EXPECT_EQ(crossed.applied, Applied::refused);
    EXPECT_EQ(crossed.gap, BookGap::crossed);
    EXPECT_FALSE(state.book().is_valid());
    EXPECT_EQ(state.mid(), std::nullopt);
    EXPECT_EQ(state.apply(event_at(kStart, book_of(bids, negative))).gap, BookGap::malformed);
    const ApplyOutcome good = state.apply(event_at(kStart, book_of(bids, asks)));
    EXPECT_EQ(good.gap, std::nullopt);
    EXPECT_EQ(state.book().generation(), 3U);
    EXPECT_EQ(apply(state, event_at(kStart, BookInvalid{})), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart, BookInvalid{})), Applied::unchanged);
    EXPECT_EQ(state.counts().crossed_books, 1U);
}

TEST(InstrumentState, AbsentTickerValuesStayAsTheyWere) {
    InstrumentState state(bitcoin());
    EXPECT_EQ(apply(state, event_at(kStart, Ticker{.last_price = 5.0, .funding_rate = 1e-4})), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart, Ticker{.mark_price = 6.0})), Applied::changed);
    EXPECT_EQ(state.ticker().last_price, 5.0);
    EXPECT_EQ(state.ticker().mark_price, 6.0);
    EXPECT_EQ(state.ticker().funding_rate, 1e-4);
    EXPECT_EQ(state.ticker().index_price, std::nullopt);
    EXPECT_EQ(apply(state, event_at(kStart, Ticker{.mark_price = 6.0})), Applied::unchanged);
    EXPECT_EQ(state.last_price(), 5.0);
}

TEST(InstrumentState, OpenInterestChangeNeedsASampleOfAnHourAgo) {
    InstrumentState state(bitcoin());
    for (int minute = 0; minute < 60; ++minute) {
        (void)apply(state, event_at(kStart + minutes{minute}, Ticker{.open_interest_base = 1000.0 + minute}));
    }
    EXPECT_EQ(state.open_interest_change_1h(kStart + minutes{59}), std::nullopt);
    (void)apply(state, event_at(kStart + minutes{60}, Ticker{.open_interest_base = 1100.0}));
    EXPECT_DOUBLE_EQ(*state.open_interest_change_1h(kStart + minutes{60}), 1100.0 / 1000.0 - 1);
    EXPECT_DOUBLE_EQ(*state.open_interest_change_1h(kStart + minutes{61}), 1100.0 / 1001.0 - 1);
    EXPECT_EQ(state.open_interest_change_1h(kStart + hours{4}), std::nullopt);  // nothing since: not "no change"
    EXPECT_EQ(state.open_interest_base(), 1100.0);
}

TEST(InstrumentState, OpenInterestHistoryMayArriveNewestFirst) {
    InstrumentState state(bitcoin());
    (void)apply(state, event_at(kStart + hours{2}, Ticker{.open_interest_base = 1200.0}));
    for (int step = 23; step >= 0; --step) {
        (void)apply(state, event_at(kStart + minutes{5 * step}, OpenInterestSample{1000.0 + step}));
    }
    EXPECT_EQ(state.open_interest_base(), 1200.0);
    EXPECT_DOUBLE_EQ(*state.open_interest_change_1h(kStart + hours{2} + minutes{2}), 1200.0 / 1012.0 - 1);
}

TEST(InstrumentState, FundingLiquidationsAndRatiosAreKept) {
    InstrumentState state(bitcoin());
    EXPECT_EQ(apply(state, event_at(kStart, FundingSettlement{1e-4})), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart - hours{8}, FundingSettlement{2e-4})),
              Applied::unchanged);  // an older one
    EXPECT_EQ(state.last_settlement()->rate, 1e-4);
    EXPECT_EQ(apply(state, event_at(kStart, Liquidation{.price = 1, .quantity = 2})), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart, Liquidation{.price = 0, .quantity = 2})), Applied::refused);
    EXPECT_EQ(state.liquidations().size(), 1U);
    EXPECT_EQ(apply(state, event_at(kStart, LongShortRatio{0.6, 0.4})), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart, LongShortRatio{1.6, -0.6})), Applied::refused);
    EXPECT_EQ(apply(state, event_at(kStart - minutes{5}, LongShortRatio{0.1, 0.9})), Applied::unchanged);
    EXPECT_EQ(state.long_short_ratio()->ratio.long_share, 0.6);
    EXPECT_FALSE(state.long_short_ratio(RatioOf::top_accounts));
    EXPECT_EQ(apply(state, event_at(kStart - minutes{5}, LongShortRatio{0.3, 0.7, RatioOf::top_accounts})),
              Applied::changed);  // older than the other kind's, which does not matter to it
    EXPECT_EQ(apply(state, event_at(kStart, LongShortRatio{0.2, 0.8, RatioOf::top_positions})), Applied::changed);
    EXPECT_EQ(state.long_short_ratio()->ratio.long_share, 0.6);
    EXPECT_EQ(state.long_short_ratio(RatioOf::top_accounts)->ratio.long_share, 0.3);
    EXPECT_EQ(state.long_short_ratio(RatioOf::top_positions)->ratio.long_share, 0.2);
    const BestQuote quote{.bid = {Ticks{10}, Lots{1}}, .ask = {Ticks{11}, Lots{1}}};
    EXPECT_EQ(apply(state, event_at(kStart, quote)), Applied::changed);
    EXPECT_EQ(apply(state, event_at(kStart, BestQuote{.bid = quote.ask, .ask = quote.ask})), Applied::refused);
    EXPECT_EQ(state.best_quote()->quote.bid.price, Ticks{10});
}

TEST(InstrumentState, StreamTimesAreTheNewestSeen) {
    InstrumentState state(bitcoin());
    EXPECT_EQ(state.last_exchange_time(Stream::trades), std::nullopt);
    (void)apply(state, trade_at(kStart + seconds{5}, 1, 10));
    (void)apply(state, trade_at(kStart + seconds{4}, 2, 10));
    EXPECT_EQ(state.last_exchange_time(Stream::trades), kStart + seconds{5});
    EXPECT_EQ(state.last_receive_time(Stream::trades), kStart + seconds{4} + std::chrono::milliseconds{3});
    EXPECT_EQ(state.last_exchange_time(Stream::book), std::nullopt);
}

TEST(InstrumentState, ANewTickSizeEmptiesWhatIsCountedInTicks) {
    InstrumentState state(bitcoin());
    const std::vector<Level> bids{{Ticks{100}, Lots{1}}};
    const std::vector<Level> asks{{Ticks{102}, Lots{1}}};
    (void)apply(state, trade_at(kStart, 1, 1000));
    (void)apply(state, event_at(kStart, book_of(bids, asks)));
    state.relist(bitcoin());
    EXPECT_TRUE(state.book().is_valid());
    Instrument finer = bitcoin();
    finer.tick_size = {1, 2};
    state.relist(finer);
    EXPECT_FALSE(state.book().is_valid());
    EXPECT_TRUE(state.trades().empty());
    EXPECT_EQ(state.candles()[Timeframe::m1].size(), 1U);
    (void)apply(state, trade_at(kStart, 2, 1000));
    EXPECT_EQ(state.candles()[Timeframe::m1].back().low, 10);
}

}  // namespace vt::market
