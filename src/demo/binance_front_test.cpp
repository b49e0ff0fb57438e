#include "demo/binance_front.hpp"

#include "demo/sample_capture.hpp"
#include "demo/venues.hpp"
#include "exchange/binance/book_sync.hpp"
#include "exchange/binance/codec.hpp"
#include "market/instrument_directory.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

namespace vt::demo {
namespace {

constexpr Timestamp kStart = from_ms(1'700'000'040'000);
constexpr std::string_view kAddress = "127.0.0.1";
constexpr Nanos kSecond = std::chrono::seconds{1};

StreamParams params() {
    StreamParams params{.seed = 5, .start = kStart, .recording = sample_recording(), .others = all_other_segments()};
    for (const sim::SymbolParams& symbol : generated_symbols()) {
        if (params.generated.size() < 3) params.generated.push_back(symbol);
    }
    return params;
}

struct Exchange {
    explicit Exchange(const BinanceLimits& limits = {})
        : front(stream, {.bybit = {}, .binance = limits}, 1, kStart) {}

    void run(Nanos span) {
        const Timestamp end = now + span;
        while (now < end) {
            now += std::chrono::milliseconds{20};
            front.advance(now);
            collect();
        }
    }
    void collect() {
        for (const FrontAction& action : front.take_actions()) {
            if (const auto* send = std::get_if<SessionSend>(&action)) texts[send->session].push_back(*send->text);
            if (const auto* drop = std::get_if<SessionDrop>(&action)) dropped.insert(drop->session);
        }
    }
    SessionId open(std::string_view path, std::string_view query = {}) {
        return front.on_open({.address = kAddress, .path = path, .query = query}, now);
    }
    /// Says something and returns the first answer.
    std::string say(SessionId session, std::string_view text) {
        texts[session].clear();
        front.on_text(session, text, now);
        collect();
        return texts[session].empty() ? std::string() : texts[session].front();
    }
    RestAnswer get(std::string_view target) {
        const std::size_t mark = std::min(target.find('?'), target.size());
        return front.on_request({.address = kAddress,
                                 .path = target.substr(0, mark),
                                 .query = mark < target.size() ? target.substr(mark + 1) : std::string_view{}},
                                now);
    }
    [[nodiscard]] const market::Instrument& instrument(std::string_view symbol, Segment segment) {
        return stream.symbol(*stream.find(symbol, segment)).instrument;
    }

    Stream stream{params()};
    Venues front;
    Timestamp now = kStart;
    std::map<SessionId, std::vector<std::string>> texts;
    std::set<SessionId> dropped;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string header(const RestAnswer& answer, std::string_view name) {
    for (const net::HttpHeader& one : answer.headers) {
        if (one.name == name) return one.value;
    }
    return "absent";
}

std::string subscribe(std::string_view name) {
    return std::string(R"({"method":"SUBSCRIBE","params":[")").append(name).append(R"("],"id":1})");
}

struct Diff {
    std::uint64_t first = 0, last = 0, previous = 0;
};
std::vector<Diff> diffs_in(const std::vector<std::string>& frames) {
    std::vector<Diff> diffs;
    simdjson::dom::parser parser;
    for (const std::string& frame : frames) {
        simdjson::dom::element json;
        Diff diff;
        if (parser.parse(frame).get(json) != simdjson::SUCCESS || json["U"].get(diff.first) != simdjson::SUCCESS)
            continue;
        EXPECT_EQ(json["u"].get(diff.last), simdjson::SUCCESS);
        if (json["pu"].get(diff.previous) != simdjson::SUCCESS) diff.previous = 0;
        diffs.push_back(diff);
    }
    return diffs;
}

TEST(BinanceFront, AcknowledgesThenSendsDifferencesInSequence) {
    Exchange exchange;
    const SessionId futures = exchange.open("/public/ws");
    EXPECT_EQ(exchange.say(futures, subscribe("solusdt@depth@100ms")), R"({"result":null,"id":1})");
    const SessionId spot = exchange.open("/ws/7");
    EXPECT_EQ(exchange.say(spot, subscribe("solusdt@depth@100ms")), R"({"result":null,"id":1})");
    exchange.run(3 * kSecond);
    const auto of_futures = diffs_in(exchange.texts[futures]);
    ASSERT_GT(of_futures.size(), 20U);
    for (std::size_t i = 1; i < of_futures.size(); ++i) {
        ASSERT_EQ(of_futures[i].previous, of_futures[i - 1].last);
        ASSERT_LE(of_futures[i].first, of_futures[i].last);
    }
    const auto of_spot = diffs_in(exchange.texts[spot]);
    ASSERT_GT(of_spot.size(), 20U);
    for (std::size_t i = 1; i < of_spot.size(); ++i) ASSERT_EQ(of_spot[i].first, of_spot[i - 1].last + 1);
    EXPECT_FALSE(contains(exchange.texts[spot].back(), R"("pu")"));
}

/// A client as the venue describes one: buffer, snapshot, join, apply; compared with the venue's book.
void expect_same_book(std::string_view path, std::string_view depth_path, Segment segment) {
    Exchange exchange;
    const SessionId session = exchange.open(path);
    exchange.say(session, subscribe("btcusdt@depth@100ms"));
    exchange.run(kSecond + std::chrono::milliseconds{40});
    const std::string snapshot = exchange.get(std::string(depth_path) + "?symbol=BTCUSDT&limit=1000").body;
    exchange.run(20 * kSecond);
    market::InstrumentDirectory directory;
    market::Instrument listed = exchange.instrument("BTCUSDT", segment);
    listed.id = directory.list(listed);
    exchange::binance::Codec codec;
    const auto start = codec.depth_snapshot(snapshot, listed);
    ASSERT_TRUE(start) << start.error().what;
    std::map<std::int64_t, std::int64_t> bids, asks;
    for (const market::Level& one : start->bids) bids[one.price.value()] = one.quantity.value();
    for (const market::Level& one : start->asks) asks[one.price.value()] = one.quantity.value();
    const std::uint64_t joined = start->last_update_id;
    const bool is_spot = segment == Segment::binance_spot;
    std::uint64_t last = 0;
    for (const std::string& frame : exchange.texts[session]) {
        const auto message = codec.decode(frame, listed.category, directory);
        ASSERT_TRUE(message) << message.error().what;
        if (message->kind != exchange::binance::MessageKind::depth) continue;
        const std::uint64_t end = message->last_update_id;
        if (is_spot ? end <= joined : end < joined) continue;
        if (last == 0) {
            const std::uint64_t begin = message->first_update_id;
            const bool joins = is_spot ? begin <= joined + 1 && joined + 1 <= end
                                       : (begin <= joined && joined <= end) || message->previous_update_id == joined;
            ASSERT_TRUE(joins) << begin << ".." << end << " and " << joined;
        } else {
            ASSERT_TRUE(is_spot ? message->first_update_id == last + 1 : message->previous_update_id == last);
        }
        last = end;
        const auto apply = [](auto& side, const auto& levels) {
            for (const market::Level& one : levels) {
                if (one.quantity.value() == 0) {
                    side.erase(one.price.value());
                } else {
                    side[one.price.value()] = one.quantity.value();
                }
            }
        };
        apply(bids, message->bids);
        apply(asks, message->asks);
    }
    ASSERT_NE(last, 0U);
    const SymbolView view = exchange.stream.symbol(*exchange.stream.find("BTCUSDT", segment));
    const std::size_t checked = 200;
    sim::DepthWindow window(checked);
    window.refresh(view.book);
    ASSERT_EQ(BinanceMarket::update_id(view), last) << "the last step was a due one";
    auto bid = bids.rbegin();
    for (const market::Level& one : window.bids()) {
        ASSERT_EQ(bid->first, one.price.value());
        ASSERT_EQ(bid++->second, one.quantity.value());
    }
    auto ask = asks.begin();
    for (const market::Level& one : window.asks()) {
        ASSERT_EQ(ask->first, one.price.value());
        ASSERT_EQ(ask++->second, one.quantity.value());
    }
}

TEST(BinanceFront, FuturesBookOfSnapshotAndDifferencesIsTheVenuesBook) {
    expect_same_book("/public/ws", "/fapi/v1/depth", Segment::binance_futures);
}
TEST(BinanceFront, SpotBookOfSnapshotAndDifferencesIsTheVenuesBook) {
    expect_same_book("/ws", "/api/v3/depth", Segment::binance_spot);
}

TEST(BinanceFront, AWrongRouteAcknowledgesAndStaysSilent) {
    Exchange exchange;
    const SessionId market = exchange.open("/market/ws");
    const SessionId open = exchange.open("/public/ws");
    const SessionId closed = exchange.open("/private/ws");
    for (const SessionId session : {market, open, closed}) {
        const std::string ack = exchange.say(
            session, R"({"method":"SUBSCRIBE","params":["btcusdt@bookTicker","btcusdt@markPrice@1s"],"id":5})");
        EXPECT_EQ(ack, R"({"result":null,"id":5})");
    }
    exchange.run(5 * kSecond);
    const auto has = [&](SessionId session, std::string_view part) {
        const auto& texts = exchange.texts[session];
        return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return contains(text, part); });
    };
    EXPECT_TRUE(has(open, R"("e":"bookTicker")"));
    EXPECT_FALSE(has(open, "markPriceUpdate"));
    EXPECT_TRUE(has(market, R"("e":"markPriceUpdate")"));
    EXPECT_FALSE(has(market, "bookTicker"));
    EXPECT_EQ(exchange.texts[closed].size(), 1U);
    EXPECT_EQ(exchange.say(market, R"({"method":"LIST_SUBSCRIPTIONS","id":6})"),
              R"({"result":["btcusdt@bookTicker","btcusdt@markPrice@1s"],"id":6})");
    EXPECT_EQ(exchange.say(market, R"({"method":"UNSUBSCRIBE","params":["btcusdt@markPrice@1s"],"id":7})"),
              R"({"result":null,"id":7})");
    exchange.texts[market].clear();
    exchange.run(3 * kSecond);
    EXPECT_TRUE(exchange.texts[market].empty());
}

TEST(BinanceFront, PathsSubscribeAndCombine) {
    Exchange exchange;
    const SessionId raw = exchange.open("/ws/btcusdt@trade/ethusdt@bookTicker");
    const SessionId combined = exchange.open("/market/stream", "streams=btcusdt@aggTrade/btcusdt@kline_1m");
    exchange.run(5 * kSecond);
    ASSERT_FALSE(exchange.texts[raw].empty());
    EXPECT_FALSE(contains(exchange.texts[raw].front(), R"("stream")"));
    ASSERT_FALSE(exchange.texts[combined].empty());
    bool has_candle = false;
    for (const std::string& text : exchange.texts[combined]) {
        EXPECT_TRUE(text.starts_with(R"({"stream":"btcusdt@)")) << text;
        has_candle = has_candle || contains(text, R"("data":{"e":"kline")");
    }
    EXPECT_TRUE(has_candle);
    EXPECT_EQ(exchange.say(combined, R"({"method":"GET_PROPERTY","params":["combined"],"id":2})"),
              R"({"result":true,"id":2})");
    EXPECT_EQ(exchange.say(combined, R"({"method":"SET_PROPERTY","params":["combined",false],"id":3})"),
              R"({"result":null,"id":3})");
    exchange.texts[combined].clear();
    exchange.run(5 * kSecond);
    ASSERT_FALSE(exchange.texts[combined].empty());
    EXPECT_TRUE(exchange.texts[combined].front().starts_with(R"({"e":)"));
}

TEST(BinanceFront, AnswersWrongMessagesAsDocumented) {
    Exchange exchange({.futures_messages = 100, .spot_messages = 100});
    const SessionId futures = exchange.open("/public/ws");
    const SessionId spot = exchange.open("/ws");
    EXPECT_EQ(exchange.say(spot, "hello"), R"({"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"})");
    EXPECT_EQ(exchange.say(futures, "hello"),
              R"({"error":{"code":3,"msg":"Invalid JSON: expected value at line 1 column 1"}})");
    EXPECT_TRUE(contains(exchange.say(spot, "{}"), "missing field `method`"));
    EXPECT_TRUE(contains(exchange.say(spot, R"({"method":"SUBSCRIBE","params":[]})"), "request ID must be"));
    EXPECT_TRUE(contains(exchange.say(spot, R"({"method":"EXPLODE","id":1})"), "unknown variant `EXPLODE`"));
    EXPECT_TRUE(contains(exchange.say(spot, R"({"method":"SUBSCRIBE","id":1})"), "missing field `params`"));
    EXPECT_TRUE(contains(exchange.say(spot, R"({"method":"SUBSCRIBE","params":[7],"id":1})"), "array of strings"));
    EXPECT_TRUE(contains(exchange.say(spot, R"({"method":"GET_PROPERTY","params":["x"],"id":1})"), R"("code":0)"));
    EXPECT_TRUE(
        contains(exchange.say(spot, R"({"method":"SET_PROPERTY","params":["combined",1],"id":1})"), R"("code":1)"));
    // What does not exist is acknowledged all the same.
    EXPECT_EQ(exchange.say(spot, subscribe("nosuch@trade")), R"({"result":null,"id":1})");
    EXPECT_EQ(exchange.say(spot, subscribe("BTCUSDT@trade")), R"({"result":null,"id":1})");
    exchange.run(3 * kSecond);
    EXPECT_EQ(exchange.texts[spot].size(), 1U);
}

TEST(BinanceFront, CutsWhoSaysTooMuchOrSubscribesTooMuchOrStaysTooLong) {
    Exchange exchange({.streams = 2, .spot_messages = 5, .life = 30 * kSecond});
    const SessionId loud = exchange.open("/ws");
    for (int i = 0; i < 5; ++i) exchange.say(loud, R"({"method":"LIST_SUBSCRIPTIONS","id":1})");
    EXPECT_FALSE(exchange.dropped.contains(loud));
    exchange.say(loud, R"({"method":"LIST_SUBSCRIPTIONS","id":1})");
    EXPECT_TRUE(exchange.dropped.contains(loud));
    const SessionId greedy = exchange.open("/ws");
    exchange.say(greedy, R"({"method":"SUBSCRIBE","params":["a@trade","b@trade","c@trade"],"id":1})");
    EXPECT_TRUE(exchange.dropped.contains(greedy));
    const SessionId old = exchange.open("/ws");
    exchange.run(30 * kSecond);
    EXPECT_FALSE(exchange.dropped.contains(old));
    exchange.run(kSecond);
    EXPECT_TRUE(exchange.dropped.contains(old));
}

TEST(BinanceFront, CountsWeightShowsItAndBans) {
    Exchange exchange({.futures_weight = 50, .patience = 2});
    EXPECT_EQ(header(exchange.get("/fapi/v1/time"), "x-mbx-used-weight-1m"), "1");
    EXPECT_EQ(header(exchange.get("/fapi/v1/ticker/24hr"), "x-mbx-used-weight-1m"), "41");
    EXPECT_EQ(header(exchange.get("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1000"), "x-mbx-used-weight-1m"),
              "46");
    const RestAnswer limited = exchange.get("/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
    EXPECT_EQ(limited.status, 429);
    EXPECT_TRUE(contains(limited.body, R"("code":-1003)")) << limited.body;
    EXPECT_EQ(header(limited, "Retry-After"), "60") << "the minute has just begun";
    EXPECT_EQ(exchange.get("/api/v3/time").status, 200) << "spot has a budget of its own";
    EXPECT_EQ(exchange.get("/fapi/v1/time").status, 429);
    const RestAnswer banned = exchange.get("/fapi/v1/time");
    EXPECT_EQ(banned.status, 418);
    EXPECT_TRUE(contains(banned.body, "banned until")) << banned.body;
    EXPECT_EQ(header(banned, "Retry-After"), "120");
    exchange.now += std::chrono::seconds{119};
    EXPECT_EQ(exchange.get("/fapi/v1/time").status, 418);
    exchange.now += kSecond;
    EXPECT_EQ(exchange.get("/fapi/v1/time").status, 200);
}

TEST(BinanceFront, RefusesBadParametersWithTheDocumentedCodes) {
    Exchange exchange;
    for (const auto& [target, code] : std::vector<std::pair<std::string, int>>{
             {"/fapi/v1/depth", -1102},
             {"/fapi/v1/depth?symbol=NOSUCH", -1121},
             {"/fapi/v1/depth?symbol=BTCUSDT&limit=7", -4021},
             {"/fapi/v1/klines?symbol=BTCUSDT", -1102},
             {"/fapi/v1/klines?symbol=BTCUSDT&interval=7m", -1120},
             {"/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=soon", -1102},
             {"/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=9&endTime=8", -1128},
             {"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1&startTime=5", -1128},
             {"/fapi/v1/aggTrades?symbol=BTCUSDT&limit=0", -1130},
             {"/futures/data/openInterestHist?symbol=BTCUSDT&period=7m", -1130},
             {"/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=1", -1130},
             {"/api/v3/ticker/24hr?symbol=BTCUSD", -1121},
             {"/api/v3/ticker/24hr?symbols=nonsense", -1100}}) {
        const RestAnswer answer = exchange.get(target);
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_TRUE(contains(answer.body, "{\"code\":" + std::to_string(code) + ",")) << target << answer.body;
    }
    EXPECT_EQ(exchange.get("/fapi/v1/nosuch").status, 404);
    EXPECT_EQ(exchange.front.refuses_session({kAddress, "/nosuch"}, exchange.now)->status, 404);
}

TEST(BinanceFront, TradesAreTheSourcesLaterAndMoved) {
    Exchange exchange;
    const SessionId futures = exchange.open("/public/ws/btcusdt@trade");
    std::vector<WireTrade> source;
    exchange.run(20 * kSecond);
    const SymbolView linear = exchange.stream.symbol(0);
    const SymbolView mirrored = exchange.stream.symbol(*exchange.stream.find("BTCUSDT", Segment::binance_futures));
    ASSERT_GT(mirrored.recent_trades.size(), 10U);
    for (std::size_t i = 0; i < mirrored.recent_trades.size(); ++i) {
        EXPECT_EQ(mirrored.recent_trades[i].at_ms, linear.recent_trades[i].at_ms + 60);
        EXPECT_EQ(mirrored.recent_trades[i].trade.aggressor, linear.recent_trades[i].trade.aggressor);
    }
    EXPECT_EQ(exchange.texts[futures].size(), mirrored.recent_trades.size());
    // The newest candle of the venue is made of its own trades.
    double volume = 0;
    const Timestamp minute = floor_to(exchange.now, std::chrono::minutes{1});
    for (std::size_t i = 0; i < mirrored.recent_trades.size(); ++i) {
        if (from_ms(mirrored.recent_trades[i].at_ms) >= minute)
            volume += mirrored.instrument.quantity(mirrored.recent_trades[i].trade.quantity);
    }
    EXPECT_NEAR(
        exchange.stream.symbol(*exchange.stream.find("BTCUSDT", Segment::binance_futures)).tape.current().volume_base,
        volume, 1e-9);
}

TEST(BinanceFront, TellsTheLastLiquidationOfASecondWithTheSideOfTheOrder) {
    Exchange exchange;
    const SessionId session = exchange.open("/market/ws/btcusdt@forceOrder");
    exchange.run(std::chrono::milliseconds{100});
    for (const double quantity : {.5, .25}) {
        exchange.front.inject(
            {.kind = Fault::Kind::liquidate, .topic = "BTCUSDT", .quantity = quantity, .is_long = true},
            exchange.now);
        exchange.run(std::chrono::milliseconds{100});
    }
    exchange.run(2 * kSecond);
    ASSERT_EQ(exchange.texts[session].size(), 1U);
    EXPECT_TRUE(contains(exchange.texts[session][0], R"("S":"SELL")"));
    EXPECT_TRUE(contains(exchange.texts[session][0], R"("q":"0.500")")) << "twice .25: the venue's size";
}

}  // namespace
}  // namespace vt::demo
