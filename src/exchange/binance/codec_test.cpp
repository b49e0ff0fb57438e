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
    EXPECT_EQ(acknowledged->kind, MessageKind::passed_over);
}

TEST_F(BinanceCodec, NoTruncatedFrameIsBelieved) {
    for (const auto& [samples, category] : {std::pair(futures, kFutures), std::pair(spot, kSpot)}) {
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
    EXPECT_EQ(refusal(R"({"stream":"s","data":{"e":"kline","s":"BTCUSDT"}})"), "binance s is of an unknown kind");
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
    EXPECT_NE(refusal("[]"), "accepted");
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
