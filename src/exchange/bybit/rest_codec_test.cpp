#include "exchange/bybit/rest_codec.hpp"

#include "exchange/test_files.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::bybit {
namespace {

constexpr EventStamp kStamp{from_ms(1'700'000'000'000), 42};
constexpr market::InstrumentId kBitcoin{0};
constexpr HistoryOf kOfBitcoin{kBitcoin, "BTCUSDT", market::Category::linear};

std::string reply(std::string_view result) {
    return R"({"retCode":0,"retMsg":"OK","result":)" + std::string(result) +
           R"(,"retExtInfo":{},"time":1700000000000})";
}

class BybitRest : public testing::Test {
protected:
    RestCodec rest;
    Output out;
    market::InstrumentDirectory directory = test_directory();
    template <class T>
    const T& body(std::size_t i) {
        return std::get<T>(out.events.at(i).body);
    }
};

TEST_F(BybitRest, EnvelopeSaysWhetherItWorked) {
    const auto limited = rest.envelope(
        R"({"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1672025956592})");
    ASSERT_TRUE(limited);
    EXPECT_EQ(limited->ret_code, 10006);
    EXPECT_EQ(limited->ret_message, "Too many visits!");
    EXPECT_EQ(limited->server_time, from_ms(1672025956592));
    EXPECT_FALSE(rest.envelope("<html>busy</html>"));
    EXPECT_FALSE(rest.envelope(R"({"result":{}})"));
    EXPECT_FALSE(rest.envelope(""));
}

TEST_F(BybitRest, ServerTimeIsReadToTheNanosecond) {
    EXPECT_EQ(rest.server_time(reply(R"({"timeSecond":"1700000000","timeNano":"1700000000123456789"})")),
              from_ns(1'700'000'000'123'456'789));
    EXPECT_FALSE(rest.server_time(reply(R"({"timeSecond":"1700000000"})")));
    EXPECT_FALSE(rest.server_time(reply(R"({"timeNano":"99999999999999999999"})")));
}

TEST_F(BybitRest, ReadsRecordedInstruments) {
    const auto page =
        rest.instruments(test_file("bybit/hirokisan-instruments-linear.json"), market::Category::linear);
    ASSERT_TRUE(page) << page.error().what;
    ASSERT_EQ(page->instruments.size(), 20U);
    EXPECT_TRUE(page->next_cursor.empty());
    const market::Instrument& first = page->instruments[0];
    EXPECT_EQ(first.symbol, "10000NFTUSDT");
    EXPECT_EQ(first.base, "10000NFT");
    EXPECT_EQ(first.tick_size, (Decimal{5, 6}));
    EXPECT_EQ(first.lot_size, (Decimal{10, 0}));
    EXPECT_EQ(first.funding_interval, std::chrono::minutes{480});
    EXPECT_TRUE(first.is_trading);
    EXPECT_FALSE(rest.instruments(test_file("bybit/hirokisan-instruments-linear.json"), market::Category::inverse));
}

TEST_F(BybitRest, LeavesOutDatedFuturesAndMarksTheClosed) {
    const auto row = [](std::string_view symbol, std::string_view type, std::string_view status) {
        return R"({"symbol":")" + std::string(symbol) + R"(","contractType":")" + std::string(type) +
               R"(","status":")" + std::string(status) +
               R"(","baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"qtyStep":"1"}})";
    };
    const auto page =
        rest.instruments(reply(R"({"category":"linear","list":[)" + row("A", "LinearPerpetual", "Trading") + "," +
                               row("B", "LinearFutures", "Trading") + "," + row("C", "LinearPerpetual", "Closed") +
                               R"(],"nextPageCursor":"page%3D2"})"),
                         market::Category::linear);
    ASSERT_TRUE(page) << page.error().what;
    ASSERT_EQ(page->instruments.size(), 2U);
    EXPECT_TRUE(page->instruments[0].is_trading);
    EXPECT_FALSE(page->instruments[1].is_trading);
    EXPECT_EQ(page->next_cursor, "page%3D2");
}

TEST_F(BybitRest, ReadsRecordedTickers) {
    const auto rows = rest.tickers(test_file("bybit/hirokisan-tickers-linear.json"), market::Category::linear);
    ASSERT_TRUE(rows) << rows.error().what;
    ASSERT_EQ(rows->size(), 20U);
    EXPECT_EQ(rows->at(0).symbol, "10000NFTUSDT");
    EXPECT_EQ(rows->at(0).turnover_24h_quote, 283786.75021999);
    EXPECT_EQ(rows->at(0).ticker.open_interest_base, 42604310.0 / 2);
}

TEST_F(BybitRest, CandlesComeOldestFirstAndTheRunningOneIsOpen) {
    const HistoryOf spot{kBitcoin, "BTCUSDT", market::Category::spot};
    const auto count =
        rest.candles(test_file("bybit/hirokisan-kline.json"), spot, std::chrono::hours{24}, kStamp, out);
    ASSERT_TRUE(count) << count.error().what;
    ASSERT_EQ(*count, 20U);
    for (std::size_t i = 1; i < 20; ++i)
        EXPECT_EQ(out.events[i].exchange_time - out.events[i - 1].exchange_time, std::chrono::hours{24});
    EXPECT_EQ(body<market::Candle>(19).close, 43890.18);
    out.clear();
    const std::string two =
        R"({"category":"linear","symbol":"BTCUSDT","list":[["1699999980000","2","3","1","2","5","10"],["1699999920000","2","3","1","2","5","10"]]})";
    ASSERT_TRUE(rest.candles(reply(two), kOfBitcoin, std::chrono::minutes{1}, kStamp, out));
    EXPECT_TRUE(body<market::Candle>(0).is_closed);
    EXPECT_FALSE(body<market::Candle>(1).is_closed);  // ends at 1700000040, after the reply's time
    EXPECT_EQ(body<market::Candle>(0).volume_base, 5.0);
    EXPECT_EQ(body<market::Candle>(0).turnover_quote, 10.0);
}

TEST_F(BybitRest, ARefusedHistoryAppendsNothing) {
    const auto refuse = [&](std::string_view list) {
        const auto count =
            rest.candles(reply(R"({"category":"linear","symbol":"BTCUSDT","list":[)" + std::string(list) + "]}"),
                         kOfBitcoin, std::chrono::minutes{1}, kStamp, out);
        EXPECT_FALSE(count) << list;
        EXPECT_TRUE(out.events.empty());
    };
    refuse(R"(["60000","2","3","1","2","5","10"],["120000","2","3","1","2","5","10"])");  // oldest first
    refuse(R"(["60000","2","3","1","2","5","10"],["60000","2","3","1","2","5","10"])");
    refuse(R"(["60000","2","3","1","2","5"])");
    refuse(R"(["60000","2","3","1","2","5","10","1"])");
    refuse(R"(["60000","2","1","3","2","5","10"])");
    refuse(R"(["60000","nan","3","1","2","5","10"])");
    EXPECT_FALSE(rest.candles(reply(R"({"category":"linear","symbol":"ETHUSDT","list":[]})"), kOfBitcoin,
                              std::chrono::minutes{1}, kStamp, out));
}

TEST_F(BybitRest, OpenInterestIsOneSided) {
    const std::string list =
        R"({"symbol":"BTCUSDT","category":"linear","list":[{"openInterest":"63910691.0","singleOpenInterest":"31955345.5","timestamp":"1780963200000"},{"openInterest":"100.0","timestamp":"1780962900000"}],"nextPageCursor":""})";
    ASSERT_TRUE(rest.open_interest(reply(list), kOfBitcoin, kStamp, out));
    EXPECT_EQ(body<market::OpenInterestSample>(0).base, 50.0);
    EXPECT_EQ(body<market::OpenInterestSample>(1).base, 31955345.5);
    EXPECT_EQ(out.events[1].exchange_time, from_ms(1780963200000));
}

TEST_F(BybitRest, ReadsSharesSettlementsTradesAndTheBook) {
    ASSERT_TRUE(rest.account_ratio(test_file("bybit/jkorf-account-ratio.json"), kOfBitcoin, kStamp, out));
    EXPECT_EQ(body<market::LongShortRatio>(0).long_share, 0.5777);
    EXPECT_EQ(body<market::LongShortRatio>(0).short_share, 0.4223);
    EXPECT_FALSE(rest.account_ratio(
        reply(R"({"list":[{"symbol":"BTCUSDT","buyRatio":"0.9","sellRatio":"0.9","timestamp":"1"}]})"), kOfBitcoin,
        kStamp, out));
    out.clear();
    const HistoryOf ether{market::InstrumentId{1}, "ETHPERP", market::Category::linear};
    ASSERT_TRUE(rest.funding(test_file("bybit/jkorf-funding.json"), ether, kStamp, out));
    EXPECT_EQ(body<market::FundingSettlement>(0).rate, 0.0001);
    out.clear();
    const market::Instrument spot =
        test_instrument(market::Venue::bybit, market::Category::spot, "BTCUSDT", "0.01", "0.000001");
    ASSERT_TRUE(rest.trades(test_file("bybit/jkorf-recent-trade.json"), spot, kStamp, out));
    EXPECT_EQ(body<market::Trade>(0).price, Ticks{1661849});
    EXPECT_EQ(body<market::Trade>(0).quantity, Lots{120});
    const auto book = rest.book(test_file("bybit/jkorf-orderbook.json"), directory[kBitcoin]);
    ASSERT_TRUE(book) << book.error().what;
    EXPECT_EQ(book->update_id, 243781U);
    EXPECT_EQ(book->bids.at(0), (market::Level{Ticks{627102}, Lots{5520}}));
    EXPECT_EQ(book->matched_at, from_ms(1709199771584));
}

TEST_F(BybitRest, NoTruncatedReplyIsBelieved) {
    const std::string full = test_file("bybit/jkorf-account-ratio.json");
    const std::string text = full.substr(0, full.find_last_of('}') + 1);
    for (std::size_t length = 0; length < text.size(); ++length) {
        EXPECT_FALSE(rest.envelope(text.substr(0, length)));
        EXPECT_FALSE(rest.account_ratio(text.substr(0, length), kOfBitcoin, kStamp, out));
        EXPECT_TRUE(out.events.empty());
    }
}

}  // namespace
}  // namespace vt::exchange::bybit
