#include "api/api_fixture.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

class HistoryRoutes : public ServerTest {
protected:
    net::HttpResponse send(net::Method method, const std::string& path, const std::string& body = {}) {
        std::optional<net::HttpResponse> got;
        client.send({.url = "http://127.0.0.1:" + std::to_string(server.port()) + path,
                     .method = method,
                     .headers = {{"Content-Type", "application/json"}},
                     .body = body},
                    [&](const Result<net::HttpResponse>& answer) { got = answer.value_or(net::HttpResponse{}); });
        EXPECT_TRUE(loop.run_until([&] { return got.has_value(); }));
        return got.value_or(net::HttpResponse{});
    }
    net::HttpResponse order(const std::string& body) { return send(net::Method::post, "/api/history", body); }
};

}  // namespace

TEST_F(HistoryRoutes, RowsComeInTheOrderThatIsAskedForExactlyAsTheyAreStored) {
    const Document newest(get("/api/history/bybit-linear-BTCUSDT/klines?tf=1m&limit=2").body);
    EXPECT_EQ(newest.root["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(newest.root["timeframe"].get_string().value(), "1m");
    EXPECT_EQ(simdjson::minify(newest.root["columns"]),
              R"(["open","high","low","close","volume","turnover","trades","taker_buy_volume"])");
    EXPECT_EQ(simdjson::minify(newest.root["rows"]),
              "[[1767225660000,90001,90002,90000,90002,0.001,null,null,null],"
              "[1767225600000,90000.5,90010,89999,90001,12.5,1125000,null,null]]");
    EXPECT_EQ(newest.root["next_cursor"].get_string().value(), "1767225600000");
    const Document oldest(get("/api/history/bybit-linear-BTCUSDT/klines?tf=1m&order=oldest").body);
    EXPECT_EQ(oldest.root["rows"].at(0).at(0).get_int64().value(), 1'767'225'600'000);
}

TEST_F(HistoryRoutes, ThePageAsksForWhatTheCallNames) {
    server.publish(SmallMarket::picture(0, 60'000));
    (void)get(
        "/api/history/BTC%2FUSDT:USDT/klines?tf=5m&from=2026-01-01&to=1767312000000&limit=7&cursor=1767300000000");
    (void)get(
        "/api/history/binance-spot-1000SATSUSDT/"
        "open_interest?tf=1h&order=oldest&from=1767225600000&cursor=1767230000000");
    (void)get("/api/history/bybit-linear-BTCUSDT/funding");
    ASSERT_EQ(history_asked.size(), 3U);
    const auto& [bars, last] = history_asked[0];
    EXPECT_EQ(bars.symbol, "BTCUSDT") << "what is followed has many names";
    EXPECT_EQ(bars.step_ms, 300'000);
    EXPECT_EQ(last.range, (history::TimeRange{1'767'225'600'000, 1'767'300'000'000})) << "the cursor ends it";
    EXPECT_EQ(last.limit, 7U);
    EXPECT_TRUE(last.newest_first);
    const auto& [interest, first] = history_asked[1];
    EXPECT_EQ(interest.venue, market::Venue::binance);
    EXPECT_EQ(interest.category, market::Category::spot);
    EXPECT_EQ(interest.kind, history::Kind::open_interest);
    EXPECT_EQ(first.range.from_ms, 1'767'230'000'000) << "the cursor begins it";
    EXPECT_FALSE(first.newest_first);
    EXPECT_EQ(history_asked[2].first.step_ms, 0);
}

TEST_F(HistoryRoutes, AWrongQuestionSaysWhatItMayBe) {
    for (const auto& [target, part] :
         {std::pair{"NOPE/klines?tf=1m", "bybit-linear-BTCUSDT"},
          std::pair{"bybit-linear-BTCUSDT/tea?tf=1m", "the kind is one of klines, mark_klines, funding"},
          std::pair{"bybit-linear-BTCUSDT/klines", "imeframe"},
          std::pair{"bybit-linear-BTCUSDT/klines?tf=7m", "tf is one of"},
          std::pair{"bybit-linear-BTCUSDT/funding?limit=5001", "limit must be a whole number from 1 to 5000"},
          std::pair{"bybit-linear-BTCUSDT/funding?order=up", "order must be newest or oldest"},
          std::pair{"bybit-linear-BTCUSDT/funding?from=noon", "from must be milliseconds"},
          std::pair{"bybit-linear-BTCUSDT/funding?cursor=x", "cursor must be the next_cursor"}}) {
        const auto answer = get("/api/history/" + std::string(target));
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
    }
    EXPECT_TRUE(history_asked.empty());
    history_page = vt::fail(Errc::not_found, "nothing is stored of it");
    EXPECT_EQ(get("/api/history/bybit-linear-BTCUSDT/funding").status, 404);
    history_page = vt::fail(Errc::io, "the disk does not answer");
    EXPECT_EQ(get("/api/history/bybit-linear-BTCUSDT/funding").status, 503);
}

TEST_F(HistoryRoutes, WhoHasThePageIsNotSentItAgain) {
    const std::string path = "/api/history/bybit-linear-BTCUSDT/klines?tf=1m";
    const auto first = get(path);
    const std::string tag(first.header("ETag").value_or(""));
    ASSERT_FALSE(tag.empty());
    EXPECT_EQ(get(path, {{"If-None-Match", tag}}).status, 304);
    history::add_row(history_page->rows, 1'767'225'720'000, {"1", "1", "1", "1", "1"});
    EXPECT_EQ(get(path, {{"If-None-Match", tag}}).status, 200);
}

TEST_F(HistoryRoutes, TheListComesInPagesAndSaysWhatCannotBeRead) {
    const Document first(get("/api/history?limit=2").body);
    ASSERT_EQ(first.root["series"].get_array().size(), 2U);
    EXPECT_TRUE(first.root["series"].at(0)["is_damaged"].get_bool().value());
    EXPECT_TRUE(first.root["series"].at(0)["timeframe"].is_null()) << "funding has none";
    EXPECT_TRUE(first.root["series"].at(0)["from"].is_null()) << "no row";
    EXPECT_EQ(first.root["series"].at(1)["to"].get_int64().value(), 1'767'225'720'000);
    const std::string cursor(first.root["next_cursor"].get_string().value());
    const Document second(get("/api/history?limit=2&cursor=" + cursor).body);
    ASSERT_EQ(second.root["series"].get_array().size(), 1U);
    EXPECT_TRUE(second.root["series"].at(0)["id"].is_null());
    EXPECT_EQ(second.root["series"].at(0)["problem"].get_string().value(), "is no history file");
    EXPECT_TRUE(second.root["next_cursor"].is_null());
    EXPECT_EQ(get("/api/history?limit=0").status, 400);
    histories = vt::fail(Errc::io, "the disk does not answer");
    EXPECT_EQ(get("/api/history").status, 503);
}

TEST_F(HistoryRoutes, ADownloadIsAJobOfWhatTheBodyNames) {
    const auto answer = order(R"({"symbol":"bybit-linear-BTCUSDT","kind":"funding","from":"2026-01-01"})");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const Document job(answer.body), openapi(get("/openapi.json").body);
    EXPECT_EQ(SchemaCheck(openapi.root).fault(job.root, "Job"), "");
    ASSERT_EQ(downloads.size(), 1U);
    EXPECT_EQ(downloads[0].series.kind, history::Kind::funding);
    EXPECT_EQ(downloads[0].range.from_ms, 1'767'225'600'000);
    EXPECT_EQ(downloads[0].range.to_ms, to_ms(kLatestInstant)) << "until now";
    for (const char* body :
         {R"({"kind":"funding","from":"2026-01-01"})", R"({"symbol":"BTCUSDT","kind":"funding","from":"2026-01-01"})",
          R"({"symbol":"bybit-linear-BTCUSDT","kind":"klines","from":"2026-01-01"})",
          R"({"symbol":"bybit-linear-BTCUSDT","kind":"funding","from":"soon"})",
          R"({"symbol":"bybit-linear-BTCUSDT","kind":"funding","from":"2026-01-02","to":"2026-01-02"})"})
        EXPECT_EQ(order(body).status, 400) << body;
    EXPECT_EQ(downloads.size(), 1U);
    download = vt::fail(Errc::unavailable, "16 downloads wait already");
    EXPECT_EQ(order(R"({"symbol":"bybit-linear-BTCUSDT","kind":"funding","from":"2026-01-01"})").status, 503);
}

TEST_F(HistoryRoutes, JobsAreListedAndEnded) {
    const Document all(get("/api/jobs").body), one(get("/api/jobs/1").body);
    EXPECT_EQ(all.root["jobs"].get_array().size(), 2U);
    EXPECT_EQ(simdjson::minify(all.root["jobs"].at(0)),
              R"({"id":"2","kind":"history_download","what":"bybit linear BTCUSDT funding","state":"running",)"
              R"("progress":0.25,"asked_at":1750000000000,"started_at":1750000001000,"ended_at":null,"error":null,)"
              R"("can_be_cancelled":true})");
    EXPECT_EQ(one.root["error"].get_string().value(), "the disk is full: make room");
    EXPECT_TRUE(one.root["progress"].is_null());
    EXPECT_EQ(get("/api/jobs/3").status, 404);
    EXPECT_EQ(send(net::Method::remove, "/api/jobs/2").status, 200);
    EXPECT_EQ(cancelled, std::vector<std::string>{"2"});
    cancelling = vt::fail(Errc::refused, "job 1 has ended");
    EXPECT_EQ(send(net::Method::remove, "/api/jobs/1").status, 409);
    cancelling = vt::fail(Errc::not_found, "no such job");
    EXPECT_EQ(send(net::Method::remove, "/api/jobs/9").status, 404);
}

TEST_F(HistoryRoutes, WhereThereIsNoFolderThereAreNoRoutes) {
    const Server bare{loop, {.port = 0, .monitoring_port = 0, .run = "run-9"}, metrics};
    for (const Route& route : bare.routes().routes()) {
        EXPECT_FALSE(route.pattern.starts_with("/api/history")) << route.pattern;
        EXPECT_FALSE(route.pattern.starts_with("/api/jobs")) << route.pattern;
    }
    for (const Route& route : server.routes().routes()) {
        if (!route.pattern.starts_with("/api/history") && !route.pattern.starts_with("/api/jobs")) continue;
        const bool changes = route.method != net::Method::get;
        EXPECT_EQ(route.access, changes ? Access::write : Access::market_read) << route.pattern;
        EXPECT_EQ(route.scope, changes ? std::optional(login::Scope::admin) : std::nullopt) << route.pattern;
    }
}

}  // namespace vt::api
