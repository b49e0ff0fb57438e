#include "exchange/bybit/codec.hpp"

#include "exchange/test_files.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::bybit {
namespace {

constexpr EventStamp kStamp{from_ms(1'700'000'000'000), 42};

struct Decoded {
    Output out;
    Frame frame;
};

class BybitCodec : public testing::Test {
protected:
    Decoded decode(std::string_view text) {
        Decoded decoded;
        decoded.frame = codec.decode(text, directory, kStamp, decoded.out);
        return decoded;
    }
    std::string refusal(std::string_view text) {
        const Decoded decoded = decode(text);
        EXPECT_EQ(decoded.frame.kind, FrameKind::rejected) << text.substr(0, 200);
        EXPECT_TRUE(decoded.out.events.empty());
        EXPECT_TRUE(decoded.out.levels.empty());
        return decoded.out.rejections.size() == 1
                   ? decoded.out.rejections[0].source + " " + decoded.out.rejections[0].what
                   : "";
    }
    template <class T>
    const T& body(const Decoded& decoded, std::size_t i) {
        return std::get<T>(decoded.out.events.at(i).body);
    }

    market::InstrumentDirectory directory = test_directory();
    Codec codec;
    std::vector<std::string> samples = test_lines("bybit/frames.jsonl");
};

TEST_F(BybitCodec, ReadsABookDeltaInTicksAndLots) {
    const Decoded decoded = decode(samples.at(1));
    ASSERT_EQ(decoded.frame.kind, FrameKind::book);
    EXPECT_EQ(decoded.frame.instrument, market::InstrumentId{0});
    EXPECT_FALSE(decoded.frame.is_snapshot);
    EXPECT_EQ(decoded.frame.depth, 50U);
    EXPECT_EQ(decoded.frame.update_id, 177400507U);
    EXPECT_EQ(decoded.frame.cross_sequence, 66544703U);
    EXPECT_EQ(decoded.frame.exchange_time, from_ms(1687940967464));  // cts, not ts
    ASSERT_EQ(decoded.frame.bid_count, 2U);
    ASSERT_EQ(decoded.frame.ask_count, 2U);
    const std::vector<market::Level> expected = {
        {Ticks{302472}, Lots{31500}}, {Ticks{302400}, Lots{0}}, {Ticks{302487}, Lots{0}}, {Ticks{302493}, Lots{890}}};
    EXPECT_EQ(decoded.out.levels, expected);
}

TEST_F(BybitCodec, ReadsTheBookInAnyOrderOfMembers) {
    const Decoded decoded = decode(samples.at(3));
    ASSERT_EQ(decoded.frame.kind, FrameKind::book);
    EXPECT_EQ(decoded.frame.bid_count, 1U);
    EXPECT_EQ(decoded.frame.ask_count, 0U);
    EXPECT_EQ(decoded.frame.update_id, 177400508U);
    const Decoded swapped = decode(
        R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"a":[["2","3"],["3","4"]],"b":[["1","2"]],"u":9}})");
    ASSERT_EQ(swapped.frame.kind, FrameKind::book);
    EXPECT_EQ(swapped.frame.bid_count, 1U);
    EXPECT_EQ(swapped.frame.ask_count, 2U);
    EXPECT_EQ(swapped.out.levels.at(0), (market::Level{Ticks{10}, Lots{2000}}));
    EXPECT_EQ(swapped.frame.exchange_time, from_ms(5));  // no cts: the push
}

TEST_F(BybitCodec, ReadsTradesWithTheTakersSide) {
    const Decoded decoded = decode(samples.at(4));
    ASSERT_EQ(decoded.frame.kind, FrameKind::trades);
    ASSERT_EQ(decoded.out.events.size(), 2U);
    const auto& first = body<market::Trade>(decoded, 0);
    EXPECT_EQ(first.aggressor, market::Side::buy);
    EXPECT_EQ(first.price, Ticks{165785});
    EXPECT_EQ(first.quantity, Lots{1});
    EXPECT_EQ(first.id, (market::TradeId{0x20f43950d8dd5b31, 0x9112a178eb6023af}));
    EXPECT_FALSE(first.is_block);
    EXPECT_EQ(decoded.out.events[0].exchange_time, from_ms(1672304486865));
    EXPECT_EQ(decoded.out.events[0].receive_time, kStamp.received);
    EXPECT_EQ(decoded.out.events[0].source_sequence, 42U);
    EXPECT_EQ(body<market::Trade>(decoded, 1).aggressor, market::Side::sell);
    EXPECT_TRUE(body<market::Trade>(decoded, 1).is_block);
    EXPECT_EQ(decode(test_file("bybit/jkorf-trade.json")).frame.kind, FrameKind::trades);
}

TEST_F(BybitCodec, TickerSnapshotPrefersOneSidedOpenInterest) {
    const Decoded decoded = decode(samples.at(5));
    ASSERT_EQ(decoded.frame.kind, FrameKind::ticker);
    EXPECT_TRUE(decoded.frame.moves_book);
    const auto& ticker = body<market::Ticker>(decoded, 0);
    EXPECT_EQ(ticker.open_interest_base, 34372.4);
    EXPECT_EQ(ticker.last_price, 17216.0);
    EXPECT_EQ(ticker.mark_price, 17217.33);
    EXPECT_EQ(ticker.change_24h, 0.017103);
    EXPECT_EQ(ticker.funding_rate, -0.000212);
    EXPECT_EQ(ticker.funding_interval, std::chrono::hours{8});
    EXPECT_EQ(ticker.next_funding_at, from_ms(1673280000000));
    EXPECT_EQ(decoded.out.events[0].exchange_time, from_ms(1673272861686));
}

TEST_F(BybitCodec, TickerDeltaLeavesAbsentAndEmptyMembersUnchanged) {
    const Decoded decoded = decode(samples.at(6));
    ASSERT_EQ(decoded.frame.kind, FrameKind::ticker);
    EXPECT_FALSE(decoded.frame.moves_book);
    const auto& ticker = body<market::Ticker>(decoded, 0);
    EXPECT_EQ(ticker.open_interest_base, 68745.0 / 2);  // both sides only: halved
    EXPECT_EQ(ticker.mark_price, 17218.01);
    EXPECT_FALSE(ticker.funding_rate);
    EXPECT_FALSE(ticker.last_price);
    EXPECT_FALSE(ticker.next_funding_at);
}

TEST_F(BybitCodec, BuyOnTheLiquidationStreamIsALiquidatedLong) {
    const Decoded decoded = decode(samples.at(7));
    ASSERT_EQ(decoded.out.events.size(), 2U);
    const auto& first = body<market::Liquidation>(decoded, 0);
    EXPECT_EQ(first.side, market::LiquidatedSide::long_position);
    EXPECT_EQ(first.price, 2650.45);
    EXPECT_EQ(first.quantity, 12.5);
    EXPECT_FALSE(first.is_censored);
    EXPECT_EQ(body<market::Liquidation>(decoded, 1).side, market::LiquidatedSide::short_position);
    EXPECT_EQ(decode(test_file("bybit/jkorf-liquidation.json")).frame.kind, FrameKind::liquidations);
}

TEST_F(BybitCodec, ReadsACandle) {
    const Decoded decoded = decode(samples.at(8));
    ASSERT_EQ(decoded.frame.kind, FrameKind::candles);
    const market::Candle expected{
        from_ms(1672324800000), std::chrono::minutes{5}, 16650, 16680, 16608, 16677, 2.5, 41666.4, true};
    EXPECT_EQ(body<market::Candle>(decoded, 0), expected);
}

// A spot ticker is always a whole one and names no bid or ask.
TEST_F(BybitCodec, SpotTickersCarryWhatSpotHas) {
    directory.list(test_instrument(market::Venue::bybit, market::Category::spot, "BTCUSDT", "0.01", "0.000001"));
    Codec spot(market::Category::spot);
    Output out;
    const Frame frame = spot.decode(
        R"({"topic":"tickers.BTCUSDT","ts":1673853746003,"type":"snapshot","cs":2588407389,"data":{"symbol":"BTCUSDT",
            "lastPrice":"21109.77","highPrice24h":"21426.99","lowPrice24h":"20575","prevPrice24h":"20704.93",
            "volume24h":"6780.866843","turnover24h":"141946527.22907118","price24hPcnt":"0.0196",
            "usdIndexPrice":"21120.2400136"}})",
        directory, kStamp, out);
    ASSERT_EQ(frame.kind, FrameKind::ticker);
    const auto& ticker = std::get<market::Ticker>(out.events.at(0).body);
    EXPECT_EQ(ticker.last_price, 21109.77);
    EXPECT_EQ(ticker.volume_24h_base, 6780.866843);
    EXPECT_EQ(ticker.turnover_24h_quote, 141946527.22907118);
    EXPECT_EQ(out.events[0].exchange_time, from_ms(1'673'853'746'003));
    EXPECT_FALSE(ticker.mark_price || ticker.index_price || ticker.open_interest_base || ticker.funding_rate)
        << "an index in dollars is no index in the quote currency";
}

class BybitInverseCodec : public BybitCodec {
protected:
    void SetUp() override {
        market::Instrument contract =
            test_instrument(market::Venue::bybit, market::Category::inverse, "BTCUSD", "0.5", "1");
        contract.base = "BTC";
        contract.quote = "USD";
        contract.settle = "BTC";
        id = directory.list(contract);
        codec = Codec(market::Category::inverse);
    }
    market::InstrumentId id;
};

TEST_F(BybitInverseCodec, TickersCountDollarsAndComeOutInBothCurrencies) {
    const Decoded decoded = decode(
        R"({"topic":"tickers.BTCUSD","type":"snapshot","ts":1700000000000,"data":{"symbol":"BTCUSD","lastPrice":"24999",
            "markPrice":"25000","volume24h":"50000000","turnover24h":"2000.5","openInterest":"1000000",
            "singleOpenInterest":"500000"}})");
    ASSERT_EQ(decoded.frame.kind, FrameKind::ticker);
    const auto& ticker = body<market::Ticker>(decoded, 0);
    EXPECT_EQ(ticker.volume_24h_base, 2000.5);
    EXPECT_EQ(ticker.turnover_24h_quote, 50'000'000);
    EXPECT_EQ(ticker.open_interest_base, 20) << "500,000 dollars at 25,000";
    const Decoded alone = decode(
        R"({"topic":"tickers.BTCUSD","type":"delta","ts":1700000000000,"data":{"singleOpenInterest":"500000"}})");
    EXPECT_FALSE(body<market::Ticker>(alone, 0).open_interest_base) << "no price to convert at";
}

TEST_F(BybitInverseCodec, CandlesTradesAndLiquidationsCountDollars) {
    const Decoded candle = decode(
        R"({"topic":"kline.1.BTCUSD","data":[{"start":1700000000000,"end":1700000059999,"interval":"1","open":"25000",
            "close":"25001","high":"25002","low":"24999","volume":"250000","turnover":"10","confirm":true,
            "timestamp":1700000059999}],"ts":1700000060000,"type":"snapshot"})");
    ASSERT_EQ(candle.frame.kind, FrameKind::candles);
    EXPECT_EQ(body<market::Candle>(candle, 0).volume_base, 10);
    EXPECT_EQ(body<market::Candle>(candle, 0).turnover_quote, 250'000);

    const Decoded liquidation = decode(
        R"({"topic":"allLiquidation.BTCUSD","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,
            "s":"BTCUSD","S":"Buy","v":"50000","p":"25000"}]})");
    EXPECT_EQ(body<market::Liquidation>(liquidation, 0).quantity, 2);

    const Decoded trade = decode(
        R"({"topic":"publicTrade.BTCUSD","type":"snapshot","ts":1700000000000,"data":[{"T":1700000000000,"s":"BTCUSD",
            "S":"Sell","v":"50000","p":"25000.5","i":"7"}]})");
    const market::Units units(directory[id]);
    const auto& print = body<market::Trade>(trade, 0);
    EXPECT_EQ(print.quantity, Lots{50'000});
    EXPECT_EQ(units.quote(print.quantity, units.price(print.price)), 50'000);
    EXPECT_EQ(units.base(print.quantity, 25'000), 2);
}

TEST_F(BybitCodec, ReadsControlFrames) {
    const Decoded accepted = decode(samples.at(9));
    EXPECT_EQ(accepted.frame.kind, FrameKind::acknowledged);
    EXPECT_TRUE(accepted.frame.is_success);
    EXPECT_EQ(accepted.frame.request_id, "s1-1");
    const Decoded refused = decode(samples.at(10));
    EXPECT_EQ(refused.frame.kind, FrameKind::acknowledged);
    EXPECT_FALSE(refused.frame.is_success);
    EXPECT_EQ(refused.frame.message, "error:handler not found,topic:orderbook.51.BTCUSDT");
    EXPECT_EQ(decode(samples.at(11)).frame.kind, FrameKind::pong);
    EXPECT_EQ(decode(R"({"op":"pong","args":["1700"],"req_id":"p","conn_id":"c"})").frame.kind, FrameKind::pong);
}

TEST_F(BybitCodec, NoTruncatedFrameIsBelieved) {
    for (const std::string& sample : samples) {
        for (std::size_t length = 0; length < sample.size(); ++length) {
            EXPECT_FALSE(refusal(std::string_view(sample).substr(0, length)).empty())
                << sample << " cut at " << length;
        }
    }
}

TEST_F(BybitCodec, AShortFrameAfterALongOneSeesNothingOfIt) {
    EXPECT_EQ(decode(samples.at(0)).frame.kind, FrameKind::book);
    const std::string cut = samples.at(0).substr(0, samples.at(0).size() - 1);
    EXPECT_FALSE(refusal(cut).empty());
    EXPECT_FALSE(refusal(R"({"topic":"orderbook.50.BTCUSDT")").empty());
}

TEST_F(BybitCodec, FastAndGeneralReadingAgree) {
    for (const std::string& sample : samples) {
        Output fast;
        Output general;
        const Frame a = codec.decode(sample, directory, kStamp, fast);
        const Frame b = codec.decode_generally(sample, directory, kStamp, general);
        EXPECT_EQ(a.kind, b.kind);
        EXPECT_EQ(a.update_id, b.update_id);
        EXPECT_EQ(a.cross_sequence, b.cross_sequence);
        EXPECT_EQ(a.depth, b.depth);
        EXPECT_EQ(a.exchange_time, b.exchange_time);
        EXPECT_EQ(fast.levels, general.levels);
        EXPECT_EQ(fast.events.size(), general.events.size());
    }
}

TEST_F(BybitCodec, RefusalsNameTopicAndReason) {
    const auto book = [](std::string_view levels) {
        return R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"s":"BTCUSDT","b":[)" +
               std::string(levels) + R"(],"a":[],"u":9,"seq":1},"cts":4})";
    };
    EXPECT_EQ(refusal(book(R"(["1.05","1"])")), "bybit orderbook.50.BTCUSDT has a value off the instrument's step");
    EXPECT_EQ(refusal(book(R"(["1.1","0.0005"])")),
              "bybit orderbook.50.BTCUSDT has a value off the instrument's step");
    EXPECT_EQ(refusal(book(R"(["1.1","-1"])")),
              "bybit orderbook.50.BTCUSDT has a negative size or a price that is not positive");
    EXPECT_EQ(refusal(book(R"(["0","1"])")),
              "bybit orderbook.50.BTCUSDT has a negative size or a price that is not positive");
    for (const char* odd : {R"(["1e999","1"])", R"(["nan","1"])", R"(["","1"])", R"(["99999999999999999999","1"])"}) {
        EXPECT_EQ(refusal(book(odd)), "bybit orderbook.50.BTCUSDT has a text that is not a number in range") << odd;
    }
    for (const char* odd :
         {R"([1.1,"1"])", R"(["1.1"])", R"(["1.1","1","1"])", R"({"p":"1.1"})", "7", R"(["1.1",null])"}) {
        EXPECT_FALSE(refusal(book(odd)).empty()) << odd;
    }
    EXPECT_EQ(refusal(R"({"topic":"orderbook.50.NOPEUSDT","type":"delta","ts":5,"data":{}})"),
              "bybit orderbook.50.NOPEUSDT names an unknown symbol");
    EXPECT_EQ(refusal(R"({"topic":"weather.BTCUSDT","type":"delta","ts":5,"data":{}})"),
              "bybit weather.BTCUSDT names an unknown topic");
    EXPECT_EQ(refusal(R"([1,2])"), "bybit is not a complete JSON object");
    EXPECT_EQ(refusal(""), "bybit is not JSON");
    EXPECT_EQ(refusal("{\"topic\":\"\xff\xfe\"}"), "bybit is not JSON");
    EXPECT_EQ(refusal(samples.at(1) + "{}"), "bybit orderbook.50.BTCUSDT is followed by something else");
    EXPECT_EQ(refusal(std::string(kMaxFrameBytes + 1, ' ')), "bybit is longer than 4 MB");
}

TEST_F(BybitCodec, RepeatedOrContradictoryMembersAreRefused) {
    EXPECT_EQ(
        refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"b":[],"b":[],"a":[],"u":9}})"),
        "bybit orderbook.50.BTCUSDT repeats a member");
    EXPECT_EQ(
        refusal(
            R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"s":"ETHUSDT","b":[],"a":[],"u":9}})"),
        "bybit orderbook.50.BTCUSDT speaks of another symbol than its topic");
    EXPECT_EQ(refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"b":[],"a":[]}})"),
              "bybit orderbook.50.BTCUSDT lacks b, a or u");
    EXPECT_EQ(refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5})"),
              "bybit orderbook.50.BTCUSDT lacks its data");
    EXPECT_EQ(refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","data":{"b":[],"a":[],"u":9}})"),
              "bybit orderbook.50.BTCUSDT lacks its time ts");
    EXPECT_FALSE(refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1e999,"data":{"b":[],"a":[],"u":9}})")
                     .empty());
    EXPECT_FALSE(
        refusal(R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"data":{"b":[],"a":[],"u":-1}})").empty());
}

TEST_F(BybitCodec, DeepNestingIsRefusedAndShallowNestingPassedOver) {
    const auto nested = [](std::size_t depth) {
        return R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":5,"x":)" + std::string(depth, '[') +
               std::string(depth, ']') + R"(,"data":{"b":[],"a":[],"u":9}})";
    };
    EXPECT_EQ(decode(nested(32)).frame.kind, FrameKind::book);
    EXPECT_EQ(refusal(nested(33)), "bybit orderbook.50.BTCUSDT is nested deeper than 32");
    EXPECT_FALSE(refusal(nested(10'000)).empty());
}

TEST_F(BybitCodec, AnUnsoundCandleOrTradeIsRefused) {
    const auto candle = [](std::string_view high) {
        return R"({"topic":"kline.1.BTCUSDT","data":[{"start":60000,"open":"2","high":")" + std::string(high) +
               R"(","low":"1","close":"2","volume":"0","turnover":"0","confirm":false}],"ts":5,"type":"snapshot"})";
    };
    EXPECT_EQ(decode(candle("3")).frame.kind, FrameKind::candles);
    EXPECT_FALSE(refusal(candle("1.5")).empty());
    EXPECT_FALSE(refusal(candle("inf")).empty());
    const auto trade = [](std::string_view id, std::string_view size) {
        return R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":5,"data":[{"T":4,"S":"Buy","p":"1","i":")" +
               std::string(id) + R"(","v":")" + std::string(size) + R"("}]})";
    };
    EXPECT_EQ(decode(trade("2290000000012345", "1")).frame.kind, FrameKind::trades);
    EXPECT_FALSE(refusal(trade("not-an-id", "1")).empty());
    EXPECT_FALSE(refusal(trade("1", "0")).empty());
}

TEST_F(BybitCodec, LevelsOfAnEarlierFrameSurviveThoseOfALaterOne) {
    Output out;
    const Frame first = codec.decode(samples.at(0), directory, kStamp, out);
    const std::span<const market::Level> levels(out.levels.data(), out.levels.size());
    market::BookUpdate update{true, 50, first.update_id, levels.first(first.bid_count),
                              levels.subspan(first.bid_count)};
    out.events.push_back({market::InstrumentId{0}, {}, {}, 0, update});
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(codec.decode(samples.at(i % 2 == 0 ? 1 : 3), directory, kStamp, out).kind, FrameKind::book);
    }
    const auto& kept = std::get<market::BookUpdate>(out.events[0].body);
    EXPECT_EQ(kept.bids.data(), out.levels.data());
    EXPECT_EQ(kept.asks.data(), out.levels.data() + 3);
    EXPECT_EQ(kept.bids[0], (market::Level{Ticks{302472}, Lots{30028}}));
}

}  // namespace
}  // namespace vt::exchange::bybit
