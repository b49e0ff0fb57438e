// Both venues together: faults, listings, and Bybit's further categories.

#include "demo/venues.hpp"

#include "demo/sample_capture.hpp"
#include "exchange/bybit/rest_codec.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

namespace vt::demo {
namespace {

using Kind = Fault::Kind;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);
constexpr Nanos kSecond = std::chrono::seconds{1};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

StreamParams params() {
    StreamParams params{.seed = 5, .start = kStart, .recording = sample_recording(), .others = all_other_segments()};
    for (const sim::SymbolParams& symbol : generated_symbols()) {
        if (params.generated.size() < 3) params.generated.push_back(symbol);
    }
    return params;
}

class VenuesTest : public testing::Test {
protected:
    void run(Nanos span) {
        const Timestamp end = now + span;
        while (now < end) {
            now += std::chrono::milliseconds{20};
            venues.advance(now);
            collect();
        }
    }
    void collect() {
        for (const FrontAction& action : venues.take_actions()) {
            if (const auto* send = std::get_if<SessionSend>(&action)) texts[send->session].push_back(*send->text);
            if (const auto* drop = std::get_if<SessionDrop>(&action)) dropped.insert(drop->session);
            if (const auto* ping = std::get_if<SessionPing>(&action)) pings[ping->session].push_back(ping->payload);
        }
    }
    void inject(const Fault& fault) {
        venues.inject(fault, now);
        collect();
    }
    SessionId open(std::string_view path) { return venues.on_open({.address = "127.0.0.1", .path = path}, now); }
    std::string say(SessionId session, std::string_view text) {
        texts[session].clear();
        venues.on_text(session, text, now);
        collect();
        return texts[session].empty() ? std::string() : texts[session].front();
    }
    RestAnswer get(std::string_view target) {
        const std::size_t mark = std::min(target.find('?'), target.size());
        return venues.on_request({.address = "127.0.0.1",
                                  .path = target.substr(0, mark),
                                  .query = mark < target.size() ? target.substr(mark + 1) : std::string_view{}},
                                 now);
    }
    /// The last update ids of the frames that came since the last call; 0 for one that is no JSON.
    std::vector<std::uint64_t> updates(SessionId session) {
        std::vector<std::uint64_t> ids;
        simdjson::dom::parser parser;
        for (const std::string& frame : texts[session]) {
            simdjson::dom::element json;
            std::uint64_t id = 0;
            if (parser.parse(frame).get(json) == simdjson::SUCCESS && json["u"].get(id) != simdjson::SUCCESS &&
                json["data"]["u"].get(id) != simdjson::SUCCESS)
                continue;
            ids.push_back(id);
        }
        texts[session].clear();
        return ids;
    }

    Stream stream{params()};
    Venues venues{stream, {}, 1, kStart};
    Timestamp now = kStart;
    std::map<SessionId, std::vector<std::string>> texts;
    std::set<SessionId> dropped;
    std::map<SessionId, std::vector<std::string>> pings;
};

TEST_F(VenuesTest, FaultsBreakBinancesStreamsInTheWaysTheyName) {
    const SessionId session = open("/public/ws/solusdt@depth@100ms");
    const std::string topic = "solusdt@depth@100ms";
    run(2 * kSecond);
    const std::uint64_t before = updates(session).back();

    inject({.kind = Kind::lose, .topic = topic, .count = 2});
    run(kSecond);
    const std::string first = texts[session].front();
    EXPECT_FALSE(contains(first, "\"pu\":" + std::to_string(before))) << "a gap";
    EXPECT_EQ(updates(session).size(), 8U);

    inject({.kind = Kind::duplicate, .topic = "solusdt@*", .count = 1});
    run(kSecond);
    auto ids = updates(session);
    EXPECT_EQ(ids[0], ids[1]);
    EXPECT_LT(ids[1], ids[2]);

    inject({.kind = Kind::reorder, .topic = topic, .count = 1});
    run(kSecond);
    ids = updates(session);
    EXPECT_GT(ids[0], ids[1]);

    inject({.kind = Kind::malform, .topic = topic, .count = 1});
    run(kSecond);
    ids = updates(session);
    EXPECT_EQ(std::count(ids.begin(), ids.end(), 0U), 1);

    inject({.kind = Kind::stall, .topic = topic, .duration = kSecond});
    run(kSecond - std::chrono::milliseconds{20});
    EXPECT_TRUE(updates(session).empty());
    run(kSecond);
    EXPECT_FALSE(updates(session).empty());

    inject({.kind = Kind::slow, .topic = topic, .duration = 2 * kSecond, .amount = kSecond});
    run(kSecond - std::chrono::milliseconds{20});
    EXPECT_TRUE(updates(session).empty()) << "on their way";
    run(3 * kSecond);
    ids = updates(session);
    EXPECT_GT(ids.size(), 25U);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << "late, and in order";
}

TEST_F(VenuesTest, StormsOfRefusalsAreEachVenuesOwn) {
    inject({.kind = Kind::overload, .duration = 5 * kSecond});
    EXPECT_EQ(get("/v5/market/time").status, 429);
    const RestAnswer limited = get("/fapi/v1/time");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.at(0).name, "Retry-After");
    EXPECT_EQ(limited.headers.at(0).value, "5");
    run(5 * kSecond);
    inject({.kind = Kind::ban, .duration = 5 * kSecond});
    EXPECT_EQ(get("/v5/market/time").status, 403);
    const RestAnswer banned = get("/api/v3/time");
    EXPECT_EQ(banned.status, 418);
    EXPECT_EQ(banned.headers.at(0).value, "5");
    EXPECT_TRUE(contains(banned.body, "banned until " + std::to_string(to_ms(now + 5 * kSecond)))) << banned.body;
    run(5 * kSecond);
    inject({.kind = Kind::forbid, .duration = 5 * kSecond, .venue = market::Venue::binance});
    EXPECT_EQ(get("/v5/market/time").status, 200);
    EXPECT_EQ(get("/api/v3/time").status, 403);
    EXPECT_TRUE(contains(get("/api/v3/time").body, "<html>")) << "a firewall speaks no JSON";
    run(5 * kSecond);
    EXPECT_EQ(get("/api/v3/time").status, 200);
}

TEST_F(VenuesTest, AFaultOfOneVenueLeavesTheOtherAlone) {
    const SessionId bybit = open("/v5/public/linear");
    const SessionId binance = open("/ws/btcusdt@bookTicker");
    inject({.kind = Kind::drop, .venue = market::Venue::binance});
    EXPECT_EQ(dropped, std::set{binance});
    inject({.kind = Kind::restart, .duration = kSecond, .venue = market::Venue::bybit});
    EXPECT_TRUE(dropped.contains(bybit));
    EXPECT_EQ(get("/v5/market/time").status, 503);
    EXPECT_EQ(get("/fapi/v1/time").status, 200);
    inject({.kind = Kind::tls, .duration = kSecond});
    EXPECT_TRUE(venues.is_tls_broken(now));
    EXPECT_EQ(get("/fapi/v1/time").status, 0) << "no answer at all";
    EXPECT_EQ(venues.refuses_session({.address = "127.0.0.1", .path = "/ws"}, now)->status, 0);
    run(kSecond);
    EXPECT_FALSE(venues.is_tls_broken(now));
}

TEST_F(VenuesTest, SlowRestDelaysEveryAnswerOfItsVenueWhileItLasts) {
    inject(
        {.kind = Kind::slow_rest, .duration = 10 * kSecond, .amount = 3 * kSecond, .venue = market::Venue::binance});
    EXPECT_EQ(get("/fapi/v1/time").delay, 3 * kSecond);
    EXPECT_EQ(get("/api/v3/nosuch").delay, 3 * kSecond) << "a refusal too";
    EXPECT_EQ(get("/v5/market/time").delay, Nanos{0});
    inject({.kind = Kind::slow_rest, .duration = 10 * kSecond, .amount = kSecond});
    EXPECT_EQ(get("/v5/market/time").delay, kSecond);
    run(11 * kSecond);
    EXPECT_EQ(get("/v5/market/time").delay, Nanos{0});
    EXPECT_EQ(get("/fapi/v1/time").delay, Nanos{0});
}

TEST_F(VenuesTest, BinancePingsAndCutsWhoDoesNotAnswerBybitWaitsForItsClients) {
    const SessionId spot = open("/ws/btcusdt@bookTicker");
    const SessionId futures = open("/public/ws/btcusdt@bookTicker");
    const SessionId bybit = open("/v5/public/linear");
    ASSERT_FALSE(say(bybit, R"({"op":"subscribe","args":["tickers.BTCUSDT"]})").empty());
    run(19 * kSecond);
    EXPECT_TRUE(pings.empty());
    run(2 * kSecond);
    ASSERT_EQ(pings[spot].size(), 1U) << "every 20 s";
    venues.on_pong(spot, "something else", now);  // unsolicited: it does not count
    run(58 * kSecond);
    EXPECT_FALSE(dropped.contains(spot));
    run(4 * kSecond);
    EXPECT_TRUE(dropped.contains(spot)) << "a minute without its pong";
    const SessionId polite = open("/ws/btcusdt@bookTicker");
    for (int i = 0; i < 60; ++i) {
        run(5 * kSecond);
        if (!pings[polite].empty()) venues.on_pong(polite, pings[polite].back(), now);
    }
    EXPECT_FALSE(dropped.contains(polite));
    EXPECT_GE(pings[polite].size(), 14U);
    EXPECT_EQ(pings[futures].size(), 2U) << "every 3 minutes";
    EXPECT_FALSE(dropped.contains(futures));
    run(std::chrono::minutes{7});
    EXPECT_TRUE(dropped.contains(futures)) << "ten minutes after the first ping";
    EXPECT_TRUE(pings[bybit].empty());
    EXPECT_TRUE(dropped.contains(bybit)) << "ten minutes without a ping of its own";
}

TEST_F(VenuesTest, MaintenanceIsAnnouncedThenCutsAndRefuses) {
    const SessionId combined = open("/stream");
    const SessionId raw = open("/market/ws");
    EXPECT_TRUE(contains(get("/sapi/v1/system/status").body, R"("status":0)"));
    EXPECT_TRUE(contains(get("/v5/system/status").body, R"("list":[])"));
    inject({.kind = Kind::maintenance, .duration = 20 * kSecond});
    ASSERT_EQ(texts[combined].size(), 1U);
    EXPECT_TRUE(texts[combined][0].starts_with(R"({"stream":"!serverShutdown","data":{"e":"serverShutdown","E":)"));
    EXPECT_TRUE(texts[raw].at(0).starts_with(R"({"e":"serverShutdown","E":)"));
    EXPECT_TRUE(dropped.empty());
    run(kSecond);
    EXPECT_EQ(dropped, (std::set{combined, raw}));
    EXPECT_TRUE(contains(get("/sapi/v1/system/status").body, R"("status":1)"));
    EXPECT_TRUE(contains(get("/v5/system/status").body, R"("state":"ongoing")"));
    EXPECT_EQ(get("/api/v3/time").status, 503);
    EXPECT_TRUE(contains(get("/api/v3/time").body, "-1016"));
    EXPECT_TRUE(contains(get("/v5/market/time").body, "10016"));
    EXPECT_EQ(venues.refuses_session({.address = "127.0.0.1", .path = "/ws"}, now)->status, 503);
    run(20 * kSecond);
    EXPECT_EQ(get("/api/v3/time").status, 200);
}

TEST_F(VenuesTest, ADelistedCoinLeavesEveryMarketAndComesBack) {
    const SessionId session = open("/public/ws/solusdt@bookTicker");
    run(2 * kSecond);
    EXPECT_FALSE(texts[session].empty());
    inject({.kind = Kind::delist, .topic = "SOLUSDT"});
    texts[session].clear();
    run(2 * kSecond);
    EXPECT_TRUE(texts[session].empty());
    EXPECT_FALSE(contains(get("/v5/market/instruments-info?category=linear").body, "SOLUSDT"));
    EXPECT_FALSE(contains(get("/v5/market/instruments-info?category=spot").body, "SOLUSDT"));
    EXPECT_TRUE(contains(get("/v5/market/kline?category=linear&symbol=SOLUSDT&interval=1").body, "10001"));
    EXPECT_TRUE(contains(get("/fapi/v1/exchangeInfo").body, R"("status":"SETTLING")"));
    EXPECT_TRUE(contains(get("/api/v3/exchangeInfo").body, R"("status":"BREAK")"));
    EXPECT_TRUE(contains(get("/fapi/v1/depth?symbol=SOLUSDT").body, "-1121"));
    const SessionId bybit = open("/v5/public/linear");
    const std::string subscribe = R"({"op":"subscribe","args":["tickers.SOLUSDT"]})";
    EXPECT_TRUE(contains(say(bybit, subscribe), "handler not found"));
    inject({.kind = Kind::list, .topic = "SOLUSDT"});
    EXPECT_TRUE(contains(say(bybit, subscribe), R"("success":true)"));
    run(2 * kSecond);
    EXPECT_FALSE(texts[session].empty());
    EXPECT_TRUE(contains(get("/v5/market/instruments-info?category=linear").body, "SOLUSDT"));
    EXPECT_FALSE(contains(get("/fapi/v1/exchangeInfo").body, "SETTLING"));
}

TEST_F(VenuesTest, BybitsCategoriesHaveTheirOwnLists) {
    exchange::bybit::RestCodec codec;
    const auto count = [&](std::string_view category, market::Category as) {
        const auto page =
            codec.instruments(get("/v5/market/instruments-info?category=" + std::string(category)).body, as);
        EXPECT_TRUE(page) << (page ? "" : page.error().what);
        return page ? page->instruments.size() : 0;
    };
    EXPECT_EQ(count("linear", market::Category::linear), 5U);
    EXPECT_EQ(count("spot", market::Category::spot), 5U);
    EXPECT_EQ(count("inverse", market::Category::inverse), 4U) << "Bitcoin, Ether, SOL, XRP";
    for (const std::string_view empty : {"/v5/market/instruments-info?category=option&baseCoin=BTC",
                                         "/v5/market/tickers?category=option&baseCoin=BTC",
                                         "/v5/market/instruments-info?category=linear&status=PreLaunch"}) {
        const std::string body = get(empty).body;
        EXPECT_TRUE(contains(body, R"("retCode":0)") && contains(body, R"("list":[])")) << body;
    }
    for (const std::string_view refused : {"/v5/market/kline?category=option&symbol=BTCUSDT&interval=1",
                                           "/v5/market/kline?category=inverse&symbol=BTCUSDT&interval=1",
                                           "/v5/market/open-interest?category=spot&symbol=BTCUSDT&intervalTime=5min",
                                           "/v5/market/funding/history?category=spot&symbol=BTCUSDT"}) {
        EXPECT_TRUE(contains(get(refused).body, "10001")) << refused;
    }
}

TEST_F(VenuesTest, BybitsSpotAndInverseStreamsFollowTheirOwnRules) {
    const SessionId spot = open("/v5/public/spot");
    EXPECT_TRUE(contains(say(spot, R"({"op":"subscribe","args":["tickers.BTCUSDT","publicTrade.BTCUSDT"]})"),
                         R"("ret_msg":"subscribe")"));
    EXPECT_TRUE(contains(say(spot, R"({"op":"subscribe","args":["a","b","c","d","e","f","g","h","i","j","k"]})"),
                         "args size >10"));
    EXPECT_TRUE(contains(say(spot, R"({"op":"subscribe","args":["allLiquidation.BTCUSDT"]})"), "handler not found"));
    const SessionId inverse = open("/v5/public/inverse");
    EXPECT_TRUE(contains(say(inverse, R"({"op":"subscribe","args":["tickers.BTCUSDT"]})"), "handler not found"));
    EXPECT_TRUE(contains(say(inverse, R"({"op":"subscribe","args":["orderbook.50.BTCUSD","publicTrade.BTCUSD"]})"),
                         R"("success":true)"));
    const SessionId option = open("/v5/public/option");
    EXPECT_TRUE(
        contains(say(option, R"({"op":"subscribe","args":["tickers.BTC"]})"), R"("failTopics":["tickers.BTC"])"));
    run(10 * kSecond);
    bool has_ticker = false;
    for (const std::string& text : texts[spot]) {
        if (!contains(text, "tickers.")) continue;
        has_ticker = true;
        EXPECT_TRUE(contains(text, R"("type":"snapshot")")) << text;
        EXPECT_FALSE(contains(text, "bid1Price")) << text;
    }
    EXPECT_TRUE(has_ticker);
    const auto ids = updates(inverse);
    ASSERT_GT(ids.size(), 30U);
    for (std::size_t i = 1; i < ids.size(); ++i) ASSERT_EQ(ids[i], ids[i - 1] + 1);
    // An inverse trade of so many dollars is the tenth of the original's coins.
    const SymbolView linear = stream.symbol(0);
    const SymbolView mirrored = stream.symbol(*stream.find("BTCUSD", Segment::bybit_inverse));
    const WireTrade& original = linear.recent_trades[0];
    const WireTrade& made = mirrored.recent_trades[0];
    EXPECT_EQ(made.at_ms, original.at_ms + 40);
    EXPECT_NEAR(
        static_cast<double>(made.trade.quantity.value()),
        linear.instrument.quantity(original.trade.quantity) * .1 * mirrored.instrument.price(made.trade.price),
        .5 + 1e-9);
}

TEST_F(VenuesTest, WeeksBeginOnMonday) {
    const auto first_start = [](const std::string& body, std::size_t begin) {
        return std::stoll(body.substr(body.find_first_of("0123456789", begin)));
    };
    const std::string bybit = get("/v5/market/kline?category=linear&symbol=SOLUSDT&interval=W&limit=3").body;
    const std::string binance = get("/api/v3/klines?symbol=SOLUSDT&interval=1w&limit=3").body;
    for (const std::int64_t start : {first_start(bybit, bybit.find("list")), first_start(binance, 0)}) {
        const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(from_ms(start)));
        EXPECT_EQ(day, std::chrono::Monday) << start;
        EXPECT_EQ(start % 86'400'000, 0);
    }
}

TEST_F(VenuesTest, TheBasisStaysSmallAndTheBookKeepsItsShape) {
    const std::size_t index = *stream.find("BTCUSDT", Segment::binance_futures);
    (void)open("/public/ws/btcusdt@depth@100ms");
    std::set<std::int64_t> seen;
    for (int i = 0; i < 120; ++i) {
        run(kSecond);
        const SymbolView view = stream.symbol(index);
        seen.insert(view.basis_ticks);
        const double bps =
            static_cast<double>(view.basis_ticks) * view.instrument.tick() / view.derivatives.mark_price() * 1e4;
        ASSERT_LT(std::abs(bps), 6) << "six standard deviations";
        ASSERT_LT(view.book.best(market::Side::buy)->price, view.book.best(market::Side::sell)->price);
        ASSERT_GT(view.book.level_count(market::Side::buy), 100U);
    }
    EXPECT_GT(seen.size(), 1U) << "it moves";
}

}  // namespace
}  // namespace vt::demo
