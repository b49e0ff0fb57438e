#include "runtime/documented_fields.hpp"

namespace vt::runtime {
namespace {

constexpr std::string_view kEnvelope[] = {"topic",   "type",    "ts",     "data", "cs",    "cts",
                                          "success", "ret_msg", "result", "id",   "error", "code",
                                          "msg",     "conn_id", "req_id", "op",   "args"};
constexpr std::string_view kBook[] = {"s", "b", "a", "u", "seq"};
constexpr std::string_view kTrade[] = {"T",  "s",   "S",   "v",  "p",  "L",   "i",
                                       "BT", "RPI", "seq", "mP", "iP", "mIv", "iv"};
constexpr std::string_view kTicker[] = {"symbol",
                                        "tickDirection",
                                        "price24hPcnt",
                                        "lastPrice",
                                        "prevPrice24h",
                                        "highPrice24h",
                                        "lowPrice24h",
                                        "prevPrice1h",
                                        "markPrice",
                                        "indexPrice",
                                        "openInterest",
                                        "openInterestValue",
                                        "singleOpenInterest",
                                        "singleOpenInterestValue",
                                        "turnover24h",
                                        "volume24h",
                                        "nextFundingTime",
                                        "fundingRate",
                                        "bid1Price",
                                        "bid1Size",
                                        "ask1Price",
                                        "ask1Size",
                                        "deliveryTime",
                                        "basisRate",
                                        "deliveryFeeRate",
                                        "predictedDeliveryPrice",
                                        "preOpenPrice",
                                        "preQty",
                                        "curPreListingPhase",
                                        "fundingIntervalHour",
                                        "fundingCap",
                                        "basisRateYear",
                                        "basis",
                                        "usdIndexPrice"};
constexpr std::string_view kCandle[] = {"start", "end",    "interval", "open",    "close",    "high",
                                        "low",   "volume", "turnover", "confirm", "timestamp"};
constexpr std::string_view kLiquidation[] = {"T", "s", "S", "v", "p"};

constexpr std::string_view kBinanceEnvelope[] = {"stream", "data", "result", "id", "error", "code", "msg"};
// Futures add T and pu.
constexpr std::string_view kDepthUpdate[] = {"e", "E", "T", "s", "U", "u", "pu", "b", "a", "st", "ps"};
constexpr std::string_view kBookTicker[] = {"e", "u", "E", "T", "s", "b", "B", "a", "A", "st", "ps"};
constexpr std::string_view kPrint[] = {"e", "E", "T", "s", "t", "p", "q", "X", "m", "M", "st"};
constexpr std::string_view kAggregatePrint[] = {"e", "E", "T", "s", "a", "p", "q", "nq", "f", "l", "m", "M", "st"};
constexpr std::string_view kKline[] = {"e", "E", "s", "k", "t", "T", "i", "f", "L", "o", "c",
                                       "h", "l", "v", "n", "x", "q", "V", "Q", "B", "st"};
constexpr std::string_view kDayTicker[] = {"e", "E", "s", "p", "P", "w", "x", "c", "Q", "b", "B", "a",
                                           "A", "o", "h", "l", "v", "q", "O", "C", "F", "L", "n", "st"};
constexpr std::string_view kMiniTicker[] = {"e", "E", "s", "c", "o", "h", "l", "v", "q", "st", "ps"};
constexpr std::string_view kMarkPrice[] = {"e", "E", "s", "p", "ap", "P", "i", "r", "T", "st"};
constexpr std::string_view kForceOrder[] = {"e", "E", "o", "s", "S", "f", "q", "p", "ap", "X", "l", "z", "T", "st"};
constexpr std::string_view kContract[] = {"e",  "E",   "s",   "ps",  "ct", "dt", "ot", "cs", "bks",
                                          "bs", "bnf", "bnc", "mmr", "cf", "mi", "ma", "st"};
constexpr std::string_view kShutdown[] = {"e", "E"};

struct Kind {
    market::Venue venue;
    std::string_view name;
    std::span<const std::string_view> fields;
};
constexpr Kind kKinds[] = {{market::Venue::bybit, "orderbook", kBook},
                           {market::Venue::bybit, "publicTrade", kTrade},
                           {market::Venue::bybit, "tickers", kTicker},
                           {market::Venue::bybit, "kline", kCandle},
                           {market::Venue::bybit, "allLiquidation", kLiquidation},
                           {market::Venue::binance, "depthUpdate", kDepthUpdate},
                           {market::Venue::binance, "bookTicker", kBookTicker},
                           {market::Venue::binance, "trade", kPrint},
                           {market::Venue::binance, "aggTrade", kAggregatePrint},
                           {market::Venue::binance, "kline", kKline},
                           {market::Venue::binance, "24hrTicker", kDayTicker},
                           {market::Venue::binance, "24hrMiniTicker", kMiniTicker},
                           {market::Venue::binance, "markPriceUpdate", kMarkPrice},
                           {market::Venue::binance, "forceOrder", kForceOrder},
                           {market::Venue::binance, "contractInfo", kContract},
                           {market::Venue::binance, "serverShutdown", kShutdown}};

}  // namespace

std::span<const std::string_view> documented_fields(market::Venue venue, std::string_view kind) {
    for (const Kind& one : kKinds) {
        if (one.venue == venue && one.name == kind) return one.fields;
    }
    return {};
}

std::span<const std::string_view> documented_envelope(market::Venue venue) {
    if (venue == market::Venue::bybit) return kEnvelope;
    return kBinanceEnvelope;
}

}  // namespace vt::runtime
