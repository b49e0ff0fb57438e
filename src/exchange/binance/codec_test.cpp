#include "exchange/binance/codec.hpp"

#include "exchange/test_files.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::binance {
namespace {

constexpr market::Category kFutures = market::Category::linear;
constexpr market::Category kSpot = market::Category::spot;

class BinanceCodec : public testing::Test {
protected:
    market::InstrumentDirectory directory = test_directory();
    Codec codec;
    std::vector<std::string> futures = test_lines("binance/frames.jsonl");
    std::vector<std::string> spot = test_lines("binance/frames-spot.jsonl");

    std::string refusal(std::string_view text, market::Category category = kFutures) {
        const auto message = codec.decode(text, category, directory);
        return message ? "accepted" : message.error().what;
    }
};

TEST_F(BinanceCodec, ReadsAFuturesDepthUpdate) {
    const auto message = codec.decode(futures.at(0), kFutures, directory);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->kind, MessageKind::depth);
    EXPECT_EQ(message->instrument, market::InstrumentId{3});
    EXPECT_EQ(message->exchange_time, from_ms(1723161256298));  // T, not E
    EXPECT_EQ(message->first_update_id, 100U);
    EXPECT_EQ(message->last_update_id, 110U);
    EXPECT_EQ(message->previous_update_id, 99U);
    ASSERT_EQ(message->bids.size(), 2U);
    EXPECT_EQ(message->bids[0], (market::Level{Ticks{587102}, Lots{14}}));
    EXPECT_EQ(message->bids[1], (market::Level{Ticks{615109}, Lots{0}}));
    EXPECT_EQ(message->asks[0], (market::Level{Ticks{618003}, Lots{2510}}));
}

TEST_F(BinanceCodec, ReadsBookTickersWithAndWithoutTime) {
    const auto message = codec.decode(futures.at(1), kFutures, directory);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->kind, MessageKind::best_quote);
    EXPECT_EQ(message->exchange_time, from_ms(1723161256313));
    EXPECT_EQ(message->quote.bid, (market::Level{Ticks{618002}, Lots{2507}}));
    EXPECT_EQ(message->quote.ask, (market::Level{Ticks{618003}, Lots{2510}}));
    EXPECT_EQ(message->quote.update_id, 112U);
    const auto timeless = codec.decode(spot.at(1), kSpot, directory);
    ASSERT_TRUE(timeless);
    EXPECT_EQ(timeless->instrument, market::InstrumentId{4});
    EXPECT_FALSE(timeless->exchange_time);
    EXPECT_EQ(timeless->quote.bid, (market::Level{Ticks{6183763}, Lots{378826000}}));
}

TEST_F(BinanceCodec, BuyerMakerMeansAnAggressiveSale) {
    const auto bought = codec.decode(futures.at(2), kFutures, directory);
    ASSERT_TRUE(bought);
    EXPECT_EQ(bought->kind, MessageKind::trade);
    EXPECT_EQ(bought->trade.aggressor, market::Side::buy);
    EXPECT_EQ(bought->trade.id, (market::TradeId{0, 5266583935}));
    const auto sold = codec.decode(futures.at(4), kFutures, directory);  // without the wrapper
    ASSERT_TRUE(sold);
    EXPECT_EQ(sold->trade.aggressor, market::Side::sell);
    const auto on_spot = codec.decode(spot.at(2), kSpot, directory);
    ASSERT_TRUE(on_spot);
    EXPECT_EQ(on_spot->kind, MessageKind::trade);
    EXPECT_EQ(on_spot->exchange_time, from_ms(1723161255342));
}

TEST_F(BinanceCodec, OnlyMarketTradesOfFuturesAreTrades) {
    const auto fund = codec.decode(futures.at(3), kFutures, directory);
    ASSERT_TRUE(fund);
    EXPECT_EQ(fund->kind, MessageKind::passed_over);
    const auto acknowledged = codec.decode(futures.at(5), kFutures, directory);
    ASSERT_TRUE(acknowledged);
    EXPECT_EQ(acknowledged->kind, MessageKind::acknowledged);
    EXPECT_EQ(acknowledged->request_id, 1U);
}

class BinanceMarketFrames : public BinanceCodec {
protected:
    std::vector<std::string> frames = test_lines("binance/frames-market.jsonl");
    Message read(std::size_t index) {
        const auto message = codec.decode(frames.at(index), kFutures, directory);
        EXPECT_TRUE(message) << (message ? "" : message.error().what);
        return message.value_or(Message{});
    }
};

TEST_F(BinanceMarketFrames, AnAggregateTradeHasIdsOfItsOwnKind) {
    const Message message = read(0);
    EXPECT_EQ(message.kind, MessageKind::aggregate_trade);
    EXPECT_EQ(message.trade.id, (market::TradeId{1, 26129}));
    EXPECT_EQ(message.trade.aggressor, market::Side::sell);
    EXPECT_EQ(message.trade.quantity, Lots{470});
    EXPECT_EQ(message.exchange_time, from_ms(1782864000120));
}

TEST_F(BinanceMarketFrames, TickersBecomeFractionsAndQuoteCurrency) {
    const Message day = read(1);
    EXPECT_EQ(day.kind, MessageKind::day_ticker);
    EXPECT_DOUBLE_EQ(day.ticker.change_24h.value(), 0.0198);
    EXPECT_DOUBLE_EQ(day.ticker.previous_price_24h.value(), 60599.80);
    EXPECT_DOUBLE_EQ(day.ticker.turnover_24h_quote.value(), 7530864129.50);
    EXPECT_FALSE(day.ticker.mark_price);
    EXPECT_EQ(day.exchange_time, from_ms(1782864000123));
    const Message mini = read(2);
    EXPECT_EQ(mini.kind, MessageKind::mini_ticker);
    EXPECT_NEAR(mini.ticker.change_24h.value(), 0.030005, 1e-9);
}

TEST_F(BinanceMarketFrames, AMarkPriceNamesTheNextFunding) {
    const Message message = read(3);
    EXPECT_EQ(message.kind, MessageKind::mark_price);
    EXPECT_DOUBLE_EQ(message.ticker.mark_price.value(), 61794.15);
    EXPECT_DOUBLE_EQ(message.ticker.index_price.value(), 61784.62659091);
    EXPECT_DOUBLE_EQ(message.ticker.funding_rate.value(), 0.00038167);
    EXPECT_EQ(message.ticker.next_funding_at, from_ms(1782892800000));
    EXPECT_EQ(message.exchange_time, from_ms(1782864001000));
    const auto dated =
        codec.decode(R"({"e":"markPriceUpdate","E":1782864001000,"s":"BTCUSDT","p":"61794.15","i":"0","r":"","T":0})",
                     kFutures, directory);
    ASSERT_TRUE(dated);
    EXPECT_FALSE(dated->ticker.funding_rate);
    EXPECT_FALSE(dated->ticker.next_funding_at);
    EXPECT_FALSE(dated->ticker.index_price);
}

TEST_F(BinanceMarketFrames, ACandleIsOpenUntilItSaysSo) {
    const Message message = read(4);
    EXPECT_EQ(message.kind, MessageKind::candle);
    EXPECT_FALSE(message.candle.is_closed);
    EXPECT_EQ(message.candle.interval, Nanos{std::chrono::minutes{1}});
    EXPECT_EQ(message.candle.open_time, from_ms(1782864000000));
    EXPECT_DOUBLE_EQ(message.candle.turnover_quote, 772503.75);
    std::string odd = frames.at(4);
    odd.replace(odd.find("61801.00"), 8, "61700.00");
    EXPECT_EQ(refusal(odd), "binance has a candle whose extremes do not hold its prices");
}

TEST_F(BinanceMarketFrames, ALiquidationSaysWhoWasLiquidatedAndThatOthersAreMissing) {
    const Message message = read(5);
    EXPECT_EQ(message.kind, MessageKind::liquidation);
    EXPECT_EQ(message.liquidation.side, market::LiquidatedSide::long_position);  // the order sells: it closes a long
    EXPECT_DOUBLE_EQ(message.liquidation.price, 61600.5);
    EXPECT_DOUBLE_EQ(message.liquidation.quantity, 0.010);
    EXPECT_TRUE(message.liquidation.is_censored);
    EXPECT_EQ(message.instrument, market::InstrumentId{3});
}

TEST_F(BinanceMarketFrames, WhatIsNotForUsIsPassedOverAndNeverAnError) {
    EXPECT_EQ(read(6).kind, MessageKind::contract);
    EXPECT_EQ(read(6).text, "NEWUSDT");
    EXPECT_EQ(read(7).kind, MessageKind::shutdown);
    EXPECT_EQ(read(10).kind, MessageKind::passed_over);
    EXPECT_EQ(read(11).kind, MessageKind::passed_over);
    EXPECT_EQ(read(11).text, "somethingNew");
    std::string foreign = frames.at(3);
    foreign.replace(foreign.find(R"("st":1)"), 6, R"("st":2)");
    const auto other = codec.decode(foreign, kFutures, directory);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->kind, MessageKind::passed_over);
    for (const char* text : {"[]", R"([{"e":"markPriceUpdate"}])", "{}", R"({"x":{"y":[1]}})"}) {
        const auto message = codec.decode(text, kFutures, directory);
        ASSERT_TRUE(message) << text;
        EXPECT_EQ(message->kind, MessageKind::passed_over) << text;
    }
}

TEST_F(BinanceMarketFrames, ARefusalNamesItsRequestIfItCan) {
    const Message refused = read(8);
    EXPECT_EQ(refused.kind, MessageKind::refused);
    EXPECT_EQ(refused.request_id, 7U);
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.text, "Invalid request: unknown variant");
    const Message bare = read(9);
    EXPECT_EQ(bare.kind, MessageKind::refused);
    EXPECT_FALSE(bare.request_id);
    EXPECT_EQ(bare.code, -1102);
}

TEST(BinanceIntervals, AreReadAndWritten) {
    for (const char* text : {"1m", "5m", "30m", "4h", "1d"})
        EXPECT_EQ(interval_name(interval_of(text).value()), text);
    EXPECT_EQ(interval_of("1w"), Nanos{std::chrono::hours{168}});
    for (const char* text : {"", "m", "1M", "-1m", "1x", "1.5m"}) EXPECT_FALSE(interval_of(text)) << text;
}

TEST_F(BinanceCodec, NoTruncatedFrameIsBelieved) {
    const auto more = test_lines("binance/frames-market.jsonl");
    for (const auto& [samples, category] :
         {std::pair(futures, kFutures), std::pair(spot, kSpot), std::pair(more, kFutures)}) {
        for (const std::string& sample : samples) {
            for (std::size_t length = 0; length < sample.size(); ++length) {
                EXPECT_FALSE(codec.decode(std::string_view(sample).substr(0, length), category, directory)) << sample;
            }
        }
    }
}

TEST_F(BinanceCodec, RefusalsNameStreamAndReason) {
    EXPECT_EQ(
        refusal(
            R"({"stream":"x@trade","data":{"e":"trade","s":"XUSDT","T":1,"t":1,"p":"1","q":"1","X":"MARKET","m":true}})"),
        "binance x@trade names an unknown symbol");
    EXPECT_EQ(refusal(R"({"stream":"s","data":{"e":"kline","E":1,"s":"BTCUSDT","k":{"i":"1m"}}})"),
              "binance s lacks a time that must be there");
    EXPECT_EQ(
        refusal(
            R"({"stream":"s","data":{"e":"trade","s":"BTCUSDT","T":1,"t":1,"p":"1.05","q":"1","X":"MARKET","m":true}})"),
        "binance s has a value off the instrument's step");
    EXPECT_EQ(
        refusal(
            R"({"stream":"s","data":{"e":"trade","s":"BTCUSDT","T":1,"t":1,"p":"1","q":"0","X":"MARKET","m":true}})"),
        "binance s has a quantity that is not positive");
    EXPECT_EQ(
        refusal(R"({"stream":"s","data":{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}})"),
        "binance s lacks pu or T");
    EXPECT_EQ(
        refusal(
            R"({"stream":"s","data":{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":3,"u":2,"pu":1,"b":[],"a":[]}})"),
        "binance s has update ids out of order");
    EXPECT_EQ(
        refusal(
            R"({"stream":"s","data":{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":1,"b":[],"b":[],"a":[]}})"),
        "binance s repeats a member");
    EXPECT_NE(
        refusal(
            R"({"stream":"s","data":{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":1,"b":"1","a":[]}})"),
        "accepted");
    EXPECT_NE(refusal(R"({"stream":"s","data":7})"), "accepted");
    EXPECT_NE(refusal("[}"), "accepted");
    EXPECT_NE(refusal("[1,2"), "accepted");
    EXPECT_NE(refusal(R"({"x":)" + std::string(40, '[') + std::string(40, ']') + "}"), "accepted");
}

TEST_F(BinanceCodec, ReadsADepthSnapshot) {
    const market::Instrument& bitcoin = directory[market::InstrumentId{3}];
    const std::string body =
        R"({"lastUpdateId":105,"E":1723161256501,"T":1723161256493,"bids":[["61800.20","2.909"]],"asks":[["61800.30","1.000"]]})";
    const auto snapshot = codec.depth_snapshot(body, bitcoin);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->last_update_id, 105U);
    EXPECT_EQ(snapshot->exchange_time, from_ms(1723161256493));
    EXPECT_EQ(snapshot->asks[0], (market::Level{Ticks{618003}, Lots{1000}}));
    for (std::size_t length = 0; length < body.size(); ++length) {
        EXPECT_FALSE(codec.depth_snapshot(body.substr(0, length), bitcoin));
    }
    EXPECT_FALSE(codec.depth_snapshot(R"({"code":-1003,"msg":"banned"})", bitcoin));
}

}  // namespace
}  // namespace vt::exchange::binance
