#include "runtime/live_smoke.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>

namespace vt::runtime {
namespace {

using market::Venue;
using Counts = std::map<std::string, std::uint64_t>;

TEST(LiveSmoke, FieldsThatNobodyDocumentedAreCounted) {
    SmokeReport report;
    const auto bybit = [&](std::string_view frame) { count_unknown_fields(frame, Venue::bybit, report); };
    bybit(
        R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","newThing":"1","lastPrice":"a\":b"},"ts":1})");
    bybit(R"({"topic":"tickers.ETHUSDT","data":{"newThing" : "2"}})");
    bybit(R"({"success":true,"ret_msg":"pong","conn_id":"x","req_id":"1","op":"ping"})");
    bybit(R"({"topic":"orderbook.50.BTCUSDT","ts":1,"data":{"s":"x","b":[],"a":[],"u":1,"seq":2},"cts":3})");
    EXPECT_EQ(report.unknown_fields, (Counts{{"bybit tickers.newThing", 2}}));
    EXPECT_EQ(report.frames_by_kind.at("bybit tickers"), 2U);
    EXPECT_EQ(report.frames_by_kind.at("bybit control"), 1U);
    EXPECT_TRUE(report.unknown_kinds.empty());
    for (const char* broken : {"", "\"", "{\"topic\":\"", "{\"a\\", "{\"a\"  "}) {
        for (const Venue venue : {Venue::bybit, Venue::binance}) count_unknown_fields(broken, venue, report);
    }
}

TEST(LiveSmoke, BinancesEventsAreComparedWithTheirDocumentation) {
    SmokeReport report;
    const auto binance = [&](std::string_view frame) { count_unknown_fields(frame, Venue::binance, report); };
    binance(
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":5,"p":"1","q":"1","X":"MARKET","m":true}})");
    binance(
        R"({"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","P":"1","i":"1","r":"0","T":2,"zz":1}})");
    binance(R"({"u":400900217,"s":"BNBUSDT","b":"25.3","B":"31.2","a":"25.4","A":"40.6"})");  // spot: no event
    binance(R"({"result":null,"id":1})");
    binance(R"({"e":"somethingNew","E":1})");
    EXPECT_EQ(report.unknown_fields, (Counts{{"binance markPriceUpdate.zz", 1}}));
    EXPECT_EQ(report.unknown_kinds, (Counts{{"binance somethingNew", 1}}));
    EXPECT_EQ(report.frames_by_kind, (Counts{{"binance bookTicker", 1},
                                             {"binance control", 1},
                                             {"binance markPriceUpdate", 1},
                                             {"binance somethingNew", 1},
                                             {"binance trade", 1}}));
}

}  // namespace
}  // namespace vt::runtime
