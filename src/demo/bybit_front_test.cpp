#include "demo/bybit_front.hpp"

#include "demo/sample_capture.hpp"
#include "demo/venues.hpp"
#include "exchange/bybit/rest_codec.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

namespace vt::demo {
namespace {

constexpr Timestamp kStart = from_ms(1'700'000'040'000);
constexpr std::string_view kAddress = "127.0.0.1";

StreamParams params() {
    StreamParams params{.seed = 5, .start = kStart, .recording = sample_recording()};
    for (const sim::SymbolParams& symbol : generated_symbols()) {
        if (params.generated.size() < 3) params.generated.push_back(symbol);
    }
    return params;
}

struct Exchange {
    explicit Exchange(const BybitLimits& limits = {}) : front(stream, {.bybit = limits, .binance = {}}, 1, kStart) {}

    SessionId open(std::string_view path = "/v5/public/linear") {
        return front.on_open({.address = kAddress, .path = path}, now);
    }

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
    /// Says something and returns the first answer.
    std::string say(SessionId session, std::string_view text) {
        texts[session].clear();
        front.on_text(session, text, now);
        collect();
        return texts[session].empty() ? std::string() : texts[session].front();
    }
    std::string get(std::string_view path, std::string_view query) {
        return front.on_request({kAddress, path, query}, now).body;
    }
    int ret_code(std::string_view path, std::string_view query) {
        exchange::bybit::RestCodec codec;
        const auto envelope = codec.envelope(get(path, query));
        return envelope ? envelope->ret_code : -1;
    }

    Stream stream{params()};
    Venues front;
    Timestamp now = kStart;
    std::map<SessionId, std::vector<std::string>> texts;
    std::set<SessionId> dropped;
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// "orderbook.50.X" frames: their u in order.
std::vector<std::uint64_t> updates_in(const std::vector<std::string>& frames) {
    std::vector<std::uint64_t> updates;
    simdjson::dom::parser parser;
    for (const std::string& frame : frames) {
        simdjson::dom::element json;
        std::uint64_t update = 0;
        if (parser.parse(frame).get(json) == simdjson::SUCCESS &&
            json["data"]["u"].get(update) == simdjson::SUCCESS) {
            updates.push_back(update);
        }
    }
    return updates;
}

constexpr std::string_view kSubscribe = R"({"req_id":"r1","op":"subscribe","args":["orderbook.50.SOLUSDT"]})";

TEST(BybitFront, AcknowledgesThenSendsTheSnapshotThenDeltas) {
    Exchange exchange;
    const SessionId session = exchange.open();
    const std::string ack = exchange.say(session, kSubscribe);
    EXPECT_TRUE(ack.starts_with(R"({"success":true,"ret_msg":"","conn_id":")")) << ack;
    EXPECT_TRUE(ack.ends_with(R"(,"req_id":"r1","op":"subscribe"})")) << ack;
    ASSERT_EQ(exchange.texts[session].size(), 2U);
    EXPECT_TRUE(exchange.texts[session][1].starts_with(R"({"topic":"orderbook.50.SOLUSDT","type":"snapshot","ts":)"));
    exchange.run(std::chrono::seconds{3});
    const auto updates = updates_in(exchange.texts[session]);
    ASSERT_GT(updates.size(), 20U);
    for (std::size_t i = 1; i < updates.size(); ++i) ASSERT_EQ(updates[i], updates[i - 1] + 1);
    EXPECT_NE(updates[0], 1U);
    // A second subscriber gets a snapshot of its own, to which the same deltas belong.
    const SessionId other = exchange.open();
    exchange.say(other, kSubscribe);
    exchange.run(std::chrono::seconds{1});
    const auto others = updates_in(exchange.texts[other]);
    for (std::size_t i = 1; i < others.size(); ++i) ASSERT_EQ(others[i], others[i - 1] + 1);
    exchange.say(session, R"({"req_id":"r2","op":"unsubscribe","args":["orderbook.50.SOLUSDT"]})");
    exchange.texts[session].clear();
    exchange.run(std::chrono::seconds{1});
    EXPECT_TRUE(exchange.texts[session].empty());
    EXPECT_FALSE(exchange.texts[other].empty());
}

TEST(BybitFront, AnswersWrongRequestsAsDocumented) {
    Exchange exchange;
    const SessionId session = exchange.open();
    const auto error_of = [&](std::string_view request) {
        const std::string answer = exchange.say(session, request);
        EXPECT_TRUE(contains(answer, R"("success":false)")) << answer;
        EXPECT_EQ(exchange.texts[session].size(), 1U);
        const std::size_t begin = answer.find(R"("ret_msg":")") + 11;
        return answer.substr(begin, answer.find('"', begin) - begin);
    };
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["orderbook.50.solusdt"]})"),
              "error:handler not found,topic:orderbook.50.solusdt");
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["orderbook.500.SOLUSDT"]})"),
              "error:handler not found,topic:orderbook.500.SOLUSDT");
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["trades.SOLUSDT"]})"),
              "error:handler not found,topic:trades.SOLUSDT");
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["publicTrade.NOSUCH"]})"),
              "error:handler not found,topic:publicTrade.NOSUCH");
    EXPECT_EQ(error_of(R"({"op":"order.create","args":[]})"), "error:invalid op");
    EXPECT_EQ(error_of(R"({"args":[]})"), "error:invalid op");
    EXPECT_EQ(error_of(R"({"op":"subscribe"})"), "error:args is not a list of topics");
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":[7]})"), "error:args is not a list of topics");
    EXPECT_EQ(error_of("hello"), "error:request is not a JSON object");
    EXPECT_EQ(error_of("[]"), "error:request is not a JSON object");
    exchange.say(session, kSubscribe);
    EXPECT_EQ(error_of(kSubscribe), "error:already subscribed,topic:orderbook.50.SOLUSDT");
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["tickers.SOLUSDT","tickers.SOLUSDT"]})"),
              "error:already subscribed,topic:tickers.SOLUSDT");
    // Nothing of a refused request holds.
    EXPECT_EQ(error_of(R"({"op":"subscribe","args":["tickers.SOLUSDT","tickers.NOSUCH"]})"),
              "error:handler not found,topic:tickers.NOSUCH");
    EXPECT_TRUE(
        contains(exchange.say(session, R"({"op":"subscribe","args":["tickers.SOLUSDT"]})"), R"("success":true)"));
    // A number comes back as a number.
    EXPECT_TRUE(contains(exchange.say(session, R"({"req_id":17,"op":"nonsense"})"), R"("req_id":17,)"));
    EXPECT_TRUE(contains(exchange.say(session, R"({"req_id":"a\"b","op":"nonsense"})"), R"("req_id":"a\"b")"));
}

TEST(BybitFront, LimitsTheCharactersOfAllTopicsOfAConnection) {
    Exchange exchange({.topic_characters = 50});
    const SessionId session = exchange.open();
    EXPECT_TRUE(contains(
        exchange.say(session, R"({"op":"subscribe","args":["orderbook.50.SOLUSDT","tickers.SOLUSDT"]})"), "true"));
    EXPECT_TRUE(contains(exchange.say(session, R"({"op":"subscribe","args":["publicTrade.SOLUSDT"]})"),
                         "error:args size >50"));
    EXPECT_TRUE(contains(exchange.say(session, R"({"op":"unsubscribe","args":["tickers.SOLUSDT"]})"), "true"));
    EXPECT_TRUE(
        contains(exchange.say(session, R"({"op":"subscribe","args":["publicTrade.SOLUSDT"]})"), R"("success":true)"));
}

TEST(BybitFront, PongsLookLikeThoseOfPublicLinear) {
    Exchange exchange;
    const SessionId session = exchange.open();
    const std::string pong = exchange.say(session, R"({"op":"ping","req_id":"p7"})");
    EXPECT_TRUE(pong.starts_with(R"({"success":true,"ret_msg":"pong","conn_id":")")) << pong;
    EXPECT_TRUE(pong.ends_with(R"(,"req_id":"p7","op":"ping"})")) << pong;
}

TEST(BybitFront, DropsWhoIsSilentAndSubscribedToNothing) {
    Exchange exchange;
    const SessionId silent = exchange.open();
    const SessionId pinging = exchange.open();
    const SessionId subscribed = exchange.open();
    exchange.say(subscribed, R"({"op":"subscribe","args":["kline.1.SOLUSDT"]})");
    for (int i = 0; i < 6; ++i) {
        exchange.run(std::chrono::seconds{10});
        exchange.say(pinging, R"({"op":"ping"})");
    }
    EXPECT_TRUE(exchange.dropped.empty());
    exchange.run(std::chrono::milliseconds{1100});
    EXPECT_EQ(exchange.dropped, std::set{silent});
    EXPECT_EQ(exchange.front.sessions(), 2U);
}

TEST(BybitFront, DropsWhoDoesNotPing) {
    Exchange exchange({.ping_timeout = std::chrono::seconds{30}});
    const SessionId session = exchange.open();
    exchange.say(session, kSubscribe);
    exchange.run(std::chrono::seconds{29});
    EXPECT_TRUE(exchange.dropped.empty());
    exchange.run(std::chrono::seconds{2});
    EXPECT_TRUE(exchange.dropped.contains(session));
    const std::size_t count = exchange.texts[session].size();
    exchange.run(std::chrono::seconds{1});
    EXPECT_EQ(exchange.texts[session].size(), count) << "nothing more is sent to it";
}

TEST(BybitFront, ForbidsAnExcessOfRequests) {
    Exchange exchange({.requests_per_second = 1000});
    for (int i = 0; i < 600; ++i)
        ASSERT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 200);
    const RestAnswer refused = exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now);
    EXPECT_EQ(refused.status, 403);
    EXPECT_TRUE(contains(refused.body, "access too frequent"));
    EXPECT_EQ(exchange.front.on_request({"192.0.2.7", "/v5/market/time"}, exchange.now).status, 200)
        << "another address";
    exchange.now += std::chrono::minutes{9};
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 403);
    exchange.now += std::chrono::minutes{1};
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 200);
}

TEST(BybitFront, ShowsAndEnforcesTheSecondsBucket) {
    Exchange exchange({.requests_per_second = 3});
    const auto header = [](const RestAnswer& answer, std::string_view name) -> std::string {
        for (const auto& one : answer.headers) {
            if (one.name == name) return one.value;
        }
        return "absent";
    };
    for (const std::string left : {"2", "1", "0"}) {
        const RestAnswer answer = exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now);
        EXPECT_EQ(header(answer, "X-Bapi-Limit"), "3");
        EXPECT_EQ(header(answer, "X-Bapi-Limit-Status"), left);
    }
    EXPECT_EQ(exchange.ret_code("/v5/market/time", ""), 10006);
    const RestAnswer answer = exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now);
    EXPECT_EQ(header(answer, "X-Bapi-Limit-Reset-Timestamp"),
              std::to_string(to_ms(exchange.now) / 1000 * 1000 + 1000));
    exchange.now += std::chrono::seconds{1};
    EXPECT_EQ(exchange.ret_code("/v5/market/time", ""), 0);
}

TEST(BybitFront, RefusesOtherPathsAndTooManyConnections) {
    Exchange exchange({.connections_per_window = 2});
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/nosuch"}, exchange.now).status, 404);
    EXPECT_EQ(exchange.front.on_request({kAddress, "/"}, exchange.now).status, 404);
    EXPECT_EQ(exchange.front.refuses_session({kAddress, "/v5/public/nosuch"}, exchange.now)->status, 404);
    EXPECT_FALSE(exchange.front.refuses_session({kAddress, "/v5/public/linear"}, exchange.now).has_value());
    EXPECT_FALSE(exchange.front.refuses_session({kAddress, "/v5/public/linear"}, exchange.now).has_value());
    EXPECT_EQ(exchange.front.refuses_session({kAddress, "/v5/public/linear"}, exchange.now)->status, 403);
}

TEST(BybitFront, FaultsBreakTheStreamInTheWaysTheyName) {
    Exchange exchange;
    const SessionId session = exchange.open();
    const auto updates_after = [&](const Fault& fault, Nanos span) {
        exchange.say(session, R"({"op":"ping"})");
        exchange.texts[session].clear();
        exchange.front.inject(fault, exchange.now);
        exchange.run(span);
        return updates_in(exchange.texts[session]);
    };
    exchange.say(session, R"({"op":"subscribe","args":["orderbook.50.SOLUSDT","tickers.SOLUSDT"]})");
    exchange.run(std::chrono::seconds{1});
    using Kind = Fault::Kind;
    const Nanos second = std::chrono::seconds{1};
    const auto before = updates_in(exchange.texts[session]).back();

    const auto lost = updates_after({.kind = Kind::lose, .topic = "orderbook.50.SOLUSDT", .count = 3}, second);
    EXPECT_EQ(lost.front(), before + 4);

    const auto twice = updates_after({.kind = Kind::duplicate, .topic = "orderbook.*", .count = 2}, second);
    EXPECT_EQ(twice[0], twice[1]);
    EXPECT_EQ(twice[2], twice[3]);
    EXPECT_EQ(twice[4], twice[3] + 1);
    EXPECT_EQ(twice[5], twice[4] + 1);

    const auto swapped = updates_after({.kind = Kind::reorder, .topic = "orderbook.50.SOLUSDT", .count = 1}, second);
    EXPECT_EQ(swapped[0], swapped[1] + 1);
    EXPECT_EQ(swapped[2], swapped[0] + 1);

    const auto anew = updates_after({.kind = Kind::new_books}, second);
    EXPECT_EQ(anew[0], 1U);
    EXPECT_EQ(anew[1], 2U);

    const auto silent = updates_after({.kind = Kind::stall, .topic = "orderbook.50.SOLUSDT", .duration = 2 * second},
                                      2 * second - std::chrono::milliseconds{20});
    EXPECT_TRUE(silent.empty());
    EXPECT_FALSE(exchange.texts[session].empty()) << "the ticker goes on";
    exchange.run(second);
    const auto resumed = updates_in(exchange.texts[session]);
    ASSERT_FALSE(resumed.empty());
    EXPECT_GT(resumed.front(), anew.back() + 10) << "what happened meanwhile is not told";

    exchange.texts[session].clear();
    exchange.front.inject({.kind = Kind::malform, .topic = "orderbook.50.SOLUSDT", .count = 1}, exchange.now);
    exchange.run(second);
    int broken = 0;
    simdjson::dom::parser parser;
    for (const std::string& text : exchange.texts[session])
        broken += parser.parse(text).error() == simdjson::SUCCESS ? 0 : 1;
    EXPECT_EQ(broken, 1);

    exchange.front.inject({.kind = Kind::mute, .duration = second}, exchange.now);
    EXPECT_EQ(exchange.say(session, R"({"op":"ping"})"), "");
    exchange.run(second);
    EXPECT_NE(exchange.say(session, R"({"op":"ping"})"), "");

    exchange.front.inject({.kind = Kind::overload, .duration = second}, exchange.now);
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 429);
    exchange.run(second);
    exchange.front.inject({.kind = Kind::ban, .duration = second}, exchange.now);
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 403);
    exchange.run(second);
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 200);

    exchange.front.inject({.kind = Kind::restart, .duration = second}, exchange.now);
    exchange.collect();
    EXPECT_TRUE(exchange.dropped.contains(session));
    EXPECT_EQ(exchange.front.on_request({kAddress, "/v5/market/time"}, exchange.now).status, 503);
    EXPECT_EQ(exchange.front.refuses_session({kAddress, "/v5/public/linear"}, exchange.now)->status, 503);
    exchange.run(second);
    EXPECT_FALSE(exchange.front.refuses_session({kAddress, "/v5/public/linear"}, exchange.now).has_value());
}

TEST(BybitFront, PlaysAScenarioAtItsTimes) {
    Exchange exchange;
    exchange.front.schedule(parse_scenario("# comment\n 0.5 lose orderbook.50.SOLUSDT 1\n\n2 drop # all\n").value());
    const SessionId session = exchange.open();
    exchange.say(session, kSubscribe);
    exchange.run(std::chrono::milliseconds{1900});
    EXPECT_TRUE(exchange.dropped.empty());
    const auto updates = updates_in(exchange.texts[session]);
    int gaps = 0;
    for (std::size_t i = 1; i < updates.size(); ++i) gaps += updates[i] == updates[i - 1] + 1 ? 0 : 1;
    EXPECT_EQ(gaps, 1);
    exchange.run(std::chrono::milliseconds{200});
    EXPECT_TRUE(exchange.dropped.contains(session));
}

TEST(Scenario, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(parse_scenario("").value().size(), 0U);
    const auto sorted = parse_scenario("9 drop\n1 mute 3\n").value();
    EXPECT_EQ(sorted[0].fault.kind, Fault::Kind::mute);
    for (const auto& [text, part] : std::map<std::string, std::string>{{"soon drop", "line 1"},
                                                                       {"\n\n1", "line 3"},
                                                                       {"1 explode", "known are drop restart"},
                                                                       {"1 stall tickers.X", "stall TOPIC SECONDS"},
                                                                       {"1 lose tickers.X 0", "lose TOPIC COUNT"},
                                                                       {"1 lose tickers.X 1.5", "lose TOPIC COUNT"},
                                                                       {"1 restart", "restart SECONDS"},
                                                                       {"1 drop now", "expected: SECONDS drop"},
                                                                       {"-1 drop", "number of seconds"}}) {
        const auto result = parse_scenario(text);
        ASSERT_FALSE(result.has_value()) << text;
        EXPECT_EQ(result.error().code, Errc::configuration);
        EXPECT_TRUE(contains(result.error().what, part)) << result.error().what;
    }
}

TEST(Rest, TheProgramsOwnCodecReadsEveryEndpoint) {
    Exchange exchange;
    exchange.run(std::chrono::seconds{30});
    exchange::bybit::RestCodec codec;
    const auto time = codec.server_time(exchange.get("/v5/market/time", ""));
    ASSERT_TRUE(time.has_value());
    EXPECT_EQ(*time, exchange.now);
    const auto page = codec.instruments(exchange.get("/v5/market/instruments-info", "category=linear&limit=3"),
                                        market::Category::linear);
    ASSERT_TRUE(page.has_value()) << page.error().what;
    ASSERT_EQ(page->instruments.size(), 3U);
    ASSERT_FALSE(page->next_cursor.empty());
    const auto rest = codec.instruments(
        exchange.get("/v5/market/instruments-info", "category=linear&limit=3&cursor=" + page->next_cursor),
        market::Category::linear);
    ASSERT_TRUE(rest.has_value());
    ASSERT_EQ(page->instruments.size() + rest->instruments.size(), exchange.stream.size());
    EXPECT_TRUE(rest->next_cursor.empty());
    EXPECT_GT(rest->instruments[0].symbol, page->instruments[2].symbol);
    const auto rows = codec.tickers(exchange.get("/v5/market/tickers", "category=linear"), market::Category::linear);
    ASSERT_TRUE(rows.has_value()) << rows.error().what;
    EXPECT_EQ(rows->size(), exchange.stream.size());

    market::InstrumentDirectory directory;
    for (std::size_t i = 0; i < exchange.stream.size(); ++i) directory.list(exchange.stream.symbol(i).instrument);
    const auto& solana = directory.all()[2];
    ASSERT_EQ(solana.symbol, "SOLUSDT");
    const exchange::bybit::HistoryOf of{.instrument = solana.id, .symbol = solana.symbol};
    exchange::Output out;
    const auto count = [&](const Result<std::size_t>& result) {
        EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().what);
        return result.value_or(0);
    };
    EXPECT_EQ(
        count(codec.candles(exchange.get("/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=1&limit=1000"),
                            of, std::chrono::minutes{1}, {}, out)),
        1000U);
    EXPECT_EQ(
        count(codec.candles(exchange.get("/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=240&limit=180"),
                            of, std::chrono::hours{4}, {}, out)),
        180U);
    EXPECT_EQ(count(codec.open_interest(exchange.get("/v5/market/open-interest",
                                                     "category=linear&symbol=SOLUSDT&intervalTime=5min&limit=200"),
                                        of, {}, out)),
              200U);
    EXPECT_EQ(count(codec.account_ratio(
                  exchange.get("/v5/market/account-ratio", "category=linear&symbol=SOLUSDT&period=5min&limit=500"),
                  of, {}, out)),
              500U);
    EXPECT_EQ(
        count(codec.funding(exchange.get("/v5/market/funding/history", "category=linear&symbol=SOLUSDT&limit=200"),
                            of, {}, out)),
        200U);
    EXPECT_GT(count(codec.trades(exchange.get("/v5/market/recent-trade", "category=linear&symbol=SOLUSDT&limit=1000"),
                                 solana, {}, out)),
              10U);
    const auto book =
        codec.book(exchange.get("/v5/market/orderbook", "category=linear&symbol=SOLUSDT&limit=50"), solana);
    ASSERT_TRUE(book.has_value()) << book.error().what;
    EXPECT_EQ(book->bids.size(), 50U);
    EXPECT_EQ(book->asks.size(), 50U);
    const auto tiers =
        codec.margin_tiers(exchange.get("/v5/market/risk-limit", "category=linear&symbol=SOLUSDT"), "SOLUSDT");
    ASSERT_TRUE(tiers.has_value()) << tiers.error().what;
    ASSERT_EQ(tiers->size(), 3U);
    for (std::size_t i = 0; i + 1 < tiers->size(); ++i) {  // they meet without a jump
        const auto held = [&](std::size_t tier) {
            const double worth = tiers->at(i).worth_max.to_double();
            return worth * tiers->at(tier).maintenance_rate.to_double() -
                   tiers->at(tier).maintenance_deduction.to_double();
        };
        EXPECT_NEAR(held(i), held(i + 1), 1e-6);
    }
}

TEST(Rest, BookIsTheStreamedOneAtItsUpdate) {
    Exchange exchange;
    const SessionId session = exchange.open();
    exchange.say(session, kSubscribe);
    exchange.run(std::chrono::seconds{2});
    exchange::bybit::RestCodec codec;
    const auto instrument = exchange.stream.symbol(*exchange.stream.find("SOLUSDT")).instrument;
    const auto book =
        codec.book(exchange.get("/v5/market/orderbook", "category=linear&symbol=SOLUSDT&limit=50"), instrument);
    ASSERT_TRUE(book.has_value());
    EXPECT_EQ(book->update_id, updates_in(exchange.texts[session]).back());
    const auto published = exchange.stream.published_book(*exchange.stream.find("SOLUSDT"), 50);
    EXPECT_TRUE(std::equal(book->bids.begin(), book->bids.end(), published->window.bids().begin(),
                           published->window.bids().end()));
}

TEST(Rest, PagesLeadBackWithoutHolesOrRepetitions) {
    Exchange exchange;
    exchange::bybit::RestCodec codec;
    const market::InstrumentId id{2};
    std::vector<Timestamp> seen;
    std::string cursor;
    for (int page = 0; page < 4; ++page) {
        std::string query = "category=linear&symbol=SOLUSDT&intervalTime=5min&limit=20";
        if (!cursor.empty()) query.append("&cursor=").append(cursor);
        const std::string body = exchange.get("/v5/market/open-interest", query);
        exchange::Output out;
        ASSERT_TRUE(codec.open_interest(body, {.instrument = id, .symbol = "SOLUSDT"}, {}, out).has_value());
        ASSERT_EQ(out.events.size(), 20U);
        for (auto event = out.events.rbegin(); event != out.events.rend(); ++event)
            seen.push_back(event->exchange_time);
        const std::size_t begin = body.find(R"("nextPageCursor":")") + 18;
        cursor = body.substr(begin, body.find('"', begin) - begin);
    }
    for (std::size_t i = 1; i < seen.size(); ++i) ASSERT_EQ(seen[i - 1] - seen[i], Nanos{std::chrono::minutes{5}});
}

TEST(Rest, RefusesBadParametersWith10001) {
    Exchange exchange;
    for (const auto& [path, query] : std::vector<std::pair<std::string, std::string>>{
             {"/v5/market/kline", "category=linear&symbol=NOSUCH&interval=1"},
             {"/v5/market/kline", "category=linear&symbol=solusdt&interval=1"},
             {"/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=7"},
             {"/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=1&limit=0"},
             {"/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=1&limit=x"},
             {"/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=1&start=9&end=8"},
             {"/v5/market/kline", "category=linear&symbol=SOLUSDT&interval=1&start=soon"},
             {"/v5/market/kline", "symbol=SOLUSDT&interval=1"},
             {"/v5/market/tickers", "category=nonsense"},
             {"/v5/market/tickers", "category=linear&symbol=NOSUCH"},
             {"/v5/market/instruments-info", "category=linear&cursor=what"},
             {"/v5/market/orderbook", "category=linear&symbol="},
             {"/v5/market/recent-trade", "category=spot&symbol=SOLUSDT"},
             {"/v5/market/open-interest", "category=linear&symbol=SOLUSDT&intervalTime=7min"},
             {"/v5/market/open-interest", "category=linear&symbol=SOLUSDT&intervalTime=5min&cursor=x"},
             {"/v5/market/account-ratio", "category=linear&symbol=SOLUSDT"},
             {"/v5/market/risk-limit", "category=linear&symbol=NOSUCH"},
             {"/v5/market/funding/history", "category=linear&symbol=SOLUSDT&startTime=1700000000000"}}) {
        EXPECT_EQ(exchange.ret_code(path, query), 10001) << path << "?" << query;
    }
    EXPECT_TRUE(contains(exchange.get("/v5/market/kline", "category=linear&symbol=%22%5C%0a&interval=1"),
                         R"("retMsg":"params error: symbol invalid ???")"));
}

}  // namespace
}  // namespace vt::demo
