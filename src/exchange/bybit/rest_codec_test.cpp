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
    EXPECT_TRUE(first.is_trading());
    EXPECT_EQ(first.underlying().coin, "NFT");
    EXPECT_EQ(first.underlying().units, 1e4);
    EXPECT_EQ(page->instruments[1].underlying().coin, "BONK");
    EXPECT_EQ(page->instruments[1].underlying().units, 1e3);
    EXPECT_EQ(page->instruments[6].underlying().coin, "1INCH");
    EXPECT_FALSE(rest.instruments(test_file("bybit/hirokisan-instruments-linear.json"), market::Category::inverse));
}

TEST_F(BybitRest, ReadsEveryTermOfAContract) {
    const auto page =
        rest.instruments(reply(R"({"category":"linear","list":[{"symbol":"BTC-26SEP25","contractType":"LinearFutures",
            "status":"Trading","baseCoin":"BTC","quoteCoin":"USDC","settleCoin":"USDC","launchTime":"1727424000000",
            "deliveryTime":"1758873600000","leverageFilter":{"minLeverage":"1","maxLeverage":"25.00"},
            "priceFilter":{"minPrice":"0.50","maxPrice":"1999999.80","tickSize":"0.50"},
            "lotSizeFilter":{"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001",
            "maxMktOrderQty":"500.000","minNotionalValue":"5"},"fundingInterval":0}],"nextPageCursor":""})"),
                         market::Category::linear);
    ASSERT_TRUE(page) << page.error().what;
    ASSERT_EQ(page->instruments.size(), 1U);
    const market::Instrument& dated = page->instruments[0];
    EXPECT_EQ(dated.kind(), market::ContractKind::dated);
    EXPECT_EQ(dated.unified_symbol(), "BTC/USDC:USDC-250926");
    EXPECT_EQ(dated.launched_at, from_ms(1'727'424'000'000));
    EXPECT_EQ(dated.delivers_at, from_ms(1'758'873'600'000));
    EXPECT_FALSE(dated.funding_interval);
    EXPECT_EQ(dated.limits.quantity_min, (Decimal{1, 3}));
    EXPECT_EQ(dated.limits.quantity_max, (Decimal{1190, 0}));
    EXPECT_EQ(dated.limits.market_quantity_max, (Decimal{500, 0}));
    EXPECT_EQ(dated.limits.notional_min, (Decimal{5, 0}));
    EXPECT_EQ(dated.limits.price_min, (Decimal{5, 1}));
    EXPECT_EQ(dated.limits.leverage_max, (Decimal{25, 0}));
}

TEST_F(BybitRest, SpotTermsComeFromItsOwnFilter) {
    const auto page = rest.instruments(
        reply(
            R"({"category":"spot","list":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","status":"Trading",
            "lotSizeFilter":{"basePrecision":"0.000001","quotePrecision":"0.0000001","minOrderQty":"0.000011",
            "maxOrderQty":"83","minOrderAmt":"5","maxOrderAmt":"8000000","maxLimitOrderQty":"83",
            "maxMarketOrderQty":"41.5"},"priceFilter":{"tickSize":"0.1"}}]})"),
        market::Category::spot);
    ASSERT_TRUE(page) << page.error().what;
    const market::Instrument& spot = page->instruments.at(0);
    EXPECT_EQ(spot.kind(), market::ContractKind::spot);
    EXPECT_EQ(spot.unified_symbol(), "BTC/USDT");
    EXPECT_EQ(spot.lot_size, (Decimal{1, 6}));
    EXPECT_EQ(spot.limits.notional_min, (Decimal{5, 0}));
    EXPECT_EQ(spot.limits.market_quantity_max, (Decimal{415, 1}));
    EXPECT_FALSE(spot.limits.price_max) << "the venue does not say";
    EXPECT_FALSE(spot.delivers_at);
}

TEST_F(BybitRest, InverseContractsAreWorthOneDollarEach) {
    const auto page = rest.instruments(
        reply(
            R"({"category":"inverse","list":[{"symbol":"BTCUSD","contractType":"InversePerpetual","status":"Trading",
            "baseCoin":"BTC","quoteCoin":"USD","settleCoin":"BTC","deliveryTime":"0","fundingInterval":480,
            "priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"1","minOrderQty":"1"}}]})"),
        market::Category::inverse);
    ASSERT_TRUE(page) << page.error().what;
    const market::Instrument& inverse = page->instruments.at(0);
    EXPECT_EQ(inverse.unified_symbol(), "BTC/USD:BTC");
    EXPECT_EQ(inverse.notional(50'000, 25'000), 50'000);
    EXPECT_EQ(inverse.base_quantity(50'000, 25'000), 2);
    EXPECT_EQ(test_directory()[market::InstrumentId{0}].notional(2, 25'000), 50'000) << "linear: base currency";
}

TEST_F(BybitRest, MarksTheStatusAndLeavesOutUnknownContracts) {
    const auto row = [](std::string_view symbol, std::string_view type, std::string_view status) {
        return R"({"symbol":")" + std::string(symbol) + R"(","contractType":")" + std::string(type) +
               R"(","status":")" + std::string(status) +
               R"(","baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","priceFilter":{"tickSize":"0.1"},"lotSizeFilter":{"qtyStep":"1"}})";
    };
    using market::TradingStatus;
    const auto page = rest.instruments(
        reply(R"({"category":"linear","list":[)" + row("A", "LinearPerpetual", "Trading") + "," +
              row("B", "LinearOption", "Trading") + "," + row("C", "LinearPerpetual", "Closed") + "," +
              row("D", "LinearPerpetual", "PreLaunch") + "," + row("E", "LinearPerpetual", "Delivering") + "," +
              row("F", "LinearPerpetual", "SomethingNew") + R"(],"nextPageCursor":"page%3D2"})"),
        market::Category::linear);
    ASSERT_TRUE(page) << page.error().what;
    std::vector<TradingStatus> statuses;
    for (const market::Instrument& instrument : page->instruments) statuses.push_back(instrument.status);
    EXPECT_EQ(statuses, (std::vector{TradingStatus::trading, TradingStatus::closed, TradingStatus::pre_launch,
                                     TradingStatus::delivering, TradingStatus::halted}));
    EXPECT_FALSE(page->instruments[4].is_trading()) << "what nobody knows is not traded";
    EXPECT_EQ(page->next_cursor, "page%3D2");
}

TEST_F(BybitRest, OddLimitsAreAbsentAndNegativeOnesRefused) {
    const auto body = [](std::string_view limits) {
        return reply(
            R"({"category":"linear","list":[{"symbol":"A","contractType":"LinearPerpetual","status":"Trading",
            "baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","priceFilter":{"tickSize":"0.1"},
            "lotSizeFilter":{"qtyStep":"1",)" +
            std::string(limits) + "}}]}");
    };
    const auto page =
        rest.instruments(body(R"("maxOrderQty":"","minOrderQty":"0","maxMktOrderQty":"99999999999999999999999")"),
                         market::Category::linear);
    ASSERT_TRUE(page) << page.error().what;
    EXPECT_EQ(page->instruments.at(0).limits, market::OrderLimits{});
    EXPECT_FALSE(rest.instruments(body(R"("maxOrderQty":"-1")"), market::Category::linear));
    EXPECT_FALSE(rest.instruments(body(R"("maxOrderQty":"many")"), market::Category::linear));
}

TEST_F(BybitRest, ReadsRecordedMarginTiers) {
    const auto tiers = rest.margin_tiers(test_file("bybit/hirokisan-risk-limit.json"), "BTCUSDT");
    ASSERT_TRUE(tiers) << tiers.error().what;
    ASSERT_EQ(tiers->size(), 20U);
    EXPECT_EQ(tiers->at(0), (market::MarginTier{.worth_max = {2'000'000, 0},
                                                .maintenance_rate = {5, 3},
                                                .maintenance_deduction = {},
                                                .leverage_max = {100, 0}}));
    EXPECT_EQ(tiers->at(1).maintenance_rate, (Decimal{56, 4}));
    EXPECT_EQ(tiers->at(19).worth_max, (Decimal{80'000'000, 0}));
    EXPECT_EQ(tiers->at(19).leverage_max, (Decimal{14, 0}));
    EXPECT_FALSE(rest.margin_tiers(test_file("bybit/hirokisan-risk-limit.json"), "ETHUSDT")) << "of another market";
}

TEST_F(BybitRest, MarginTiersAscendAndOddOnesAreRefusedWhole) {
    const auto row = [](std::string_view worth, std::string_view rate, std::string_view leverage,
                        std::string_view more = "") {
        return R"({"id":1,"symbol":"BTCUSDT","riskLimitValue":")" + std::string(worth) +
               R"(","maintenanceMargin":")" + std::string(rate) + R"(","maxLeverage":")" + std::string(leverage) +
               "\"" + std::string(more) + "}";
    };
    const auto read = [&](const std::string& rows) {
        return rest.margin_tiers(reply(R"({"category":"linear","list":[)" + rows + "]}"), "BTCUSDT");
    };
    const auto tiers = read(row("500", "0.02", "25", R"(,"mmDeduction":"2.5")") + "," + row("200", "0.01", "50"));
    ASSERT_TRUE(tiers) << tiers.error().what;
    EXPECT_EQ(tiers->at(0).worth_max, (Decimal{200, 0}));
    EXPECT_EQ(tiers->at(1).maintenance_deduction, (Decimal{25, 1}));
    EXPECT_FALSE(read("")) << "none";
    EXPECT_FALSE(read(row("0", "0.01", "50")));
    EXPECT_FALSE(read(row("200", "", "50")));
    EXPECT_FALSE(read(row("200", "0.01", "0.5")));
    EXPECT_FALSE(read(row("200", "-0.01", "50")));
    EXPECT_FALSE(read(row("200", "0.5", "100"))) << "percent, as the venue's first documents had it";
    EXPECT_FALSE(read(row("200", "0.01", "50") + "," + row("200", "0.02", "25"))) << "twice";
    EXPECT_FALSE(
        rest.margin_tiers(reply(R"({"category":"inverse","list":[)" + row("200", "0.01", "50") + "]}"), "BTCUSDT"));
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

TEST_F(BybitRest, InverseHistoriesComeOutInTheSameUnits) {
    const HistoryOf inverse{kBitcoin, "BTCUSD", market::Category::inverse};
    ASSERT_TRUE(rest.candles(
        reply(R"({"category":"inverse","symbol":"BTCUSD","list":[["1699999980000","2","3","1","2","500","250"]]})"),
        inverse, std::chrono::minutes{1}, kStamp, out));
    EXPECT_EQ(body<market::Candle>(0).volume_base, 250);
    EXPECT_EQ(body<market::Candle>(0).turnover_quote, 500);
    const auto rows =
        rest.tickers(reply(R"({"category":"inverse","list":[{"symbol":"BTCUSD","lastPrice":"25000","volume24h":"500",
                  "turnover24h":"0.02","openInterest":"50000"}]})"),
                     market::Category::inverse);
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_EQ(rows->at(0).turnover_24h_quote, 500);
    EXPECT_EQ(rows->at(0).ticker.volume_24h_base, 0.02);
    EXPECT_EQ(rows->at(0).ticker.open_interest_base, 1) << "half of both sides at the last price";
    EXPECT_FALSE(rest.open_interest(
        reply(
            R"({"category":"inverse","symbol":"BTCUSD","list":[{"openInterest":"1","timestamp":"1700000000000"}]})"),
        inverse, kStamp, out))
        << "dollars without a price";
}

TEST_F(BybitRest, ReadsPricesThatNobodyTradedAt) {
    const auto bars = rest.price_bars(
        reply(R"({"category":"linear","symbol":"BTCUSDT","list":[["1699999980000","-0.0002","0","-0.0003","-0.0001"],
                  ["1699999920000","0","0.0001","-0.0002","-0.0002"]]})"),
        kOfBitcoin, std::chrono::minutes{1});
    ASSERT_TRUE(bars) << bars.error().what;
    EXPECT_EQ(*bars, (std::vector<PriceBar>{{from_ms(1'699'999'920'000), 0, 0.0001, -0.0002, -0.0002, true},
                                            {from_ms(1'699'999'980'000), -0.0002, 0, -0.0003, -0.0001, false}}));
    const auto refused = [&](std::string_view list) {
        return !rest.price_bars(reply(R"({"symbol":"BTCUSDT","list":[)" + std::string(list) + "]}"), kOfBitcoin,
                                std::chrono::minutes{1});
    };
    EXPECT_TRUE(refused(R"(["1699999980000","1","2","1"])"));
    EXPECT_TRUE(refused(R"(["1699999980000","1","2","1","1","9"])"));
    EXPECT_FALSE(refused(R"(["1699999980000","3","2","1","1"])")) << "recorded premiums open outside their extremes";
    EXPECT_TRUE(refused(R"(["1699999980000","1","1","2","1"])"));
    EXPECT_TRUE(refused(R"(["1699999920000","1","1","1","1"],["1699999980000","1","1","1","1"])"));
    EXPECT_FALSE(rest.price_bars(reply(R"({"symbol":"ETHUSDT","list":[]})"), kOfBitcoin, std::chrono::minutes{1}));
}

TEST_F(BybitRest, ReadsMaintenance) {
    const auto all = rest.system_status(
        reply(R"({"list":[{"id":"4d95b2a0","title":"upgrade","state":"ongoing","begin":"1751596902000",
                  "end":"1751597011000","href":"","serviceTypes":[2,3],"product":[1],"maintainType":1,"env":2},
                  {"id":"5","title":"later","state":"scheduled","begin":"1751600000000","end":""}]})"));
    ASSERT_TRUE(all) << all.error().what;
    ASSERT_EQ(all->size(), 2U);
    EXPECT_EQ((*all)[0].state, Maintenance::State::ongoing);
    EXPECT_EQ((*all)[0].ends_at, from_ms(1'751'597'011'000));
    EXPECT_EQ((*all)[1].state, Maintenance::State::scheduled);
    EXPECT_FALSE((*all)[1].ends_at);
    EXPECT_FALSE(rest.system_status(reply(R"({"list":[{"title":"x","state":"odd","begin":"1751600000000"}]})")));
    EXPECT_FALSE(rest.system_status(reply(R"({"list":[{"title":"x","begin":"1751600000000"}]})")));
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
    const std::string tiers = test_file("bybit/hirokisan-risk-limit.json");
    for (std::size_t length = 0; length < tiers.find_last_of('}') + 1; ++length)
        EXPECT_FALSE(rest.margin_tiers(tiers.substr(0, length), "BTCUSDT")) << length;
}

}  // namespace
}  // namespace vt::exchange::bybit
