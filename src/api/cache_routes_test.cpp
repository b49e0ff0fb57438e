#include "api/api_fixture.hpp"
#include "cache/test_servers.hpp"

#include <map>
#include <thread>

namespace vt::api {
namespace {

constexpr std::string_view kSymbolPath = "/api/symbols/bybit-linear-BTCUSDT";

/// Where a process keeps its answers.
struct Tiers {
    bool has_memory = true;  ///< false: every tier is off
    std::uint16_t memcached_port = 0;
    std::uint16_t redis_port = 0;
    std::int64_t now_ms = 1'750'000'020'000;  ///< a whole minute of a Sunday
};

/// A process that serves the small market, and one who asks it.
class CachedProcess {
public:
    explicit CachedProcess(Tiers tiers, std::size_t warm_keys_max = 100,
                           std::optional<cache::WarmSchedule> schedule = std::nullopt)
        : now_ms(tiers.now_ms) {
        if (tiers.has_memory)
            cache_ = std::make_unique<cache::TieredCache>(
                cache::TieredCacheParams{
                    .clock = [this] { return from_ms(now_ms); },
                    .executor = [this](std::function<void()> task) { loop.post(std::move(task)); }},
                tier("memcached", tiers.memcached_port, &cache::memcached_at),
                tier("redis", tiers.redis_port, &cache::redis_at));
        server = std::make_unique<Server>(
            loop,
            ServerParams{.port = 0,
                         .monitoring_port = 0,
                         .run = "run-7",
                         .mode = views::MarketMode::demo,
                         .read_scores =
                             [this](records::ScoreQuery query, const auto& done) {
                                 asked.push_back(std::move(query));
                                 std::thread([&] { done(stored); }).join();  // as it is: from another thread
                             },
                         .caching = {.tiers = cache_.get(),
                                     .second_server = "memcached",
                                     .third_server = "redis",
                                     .items_max = 1'000,
                                     .bytes_max = 64U << 20U,
                                     .schedule = schedule,
                                     .warm_keys_max = warm_keys_max,
                                     .warm_budget = std::chrono::seconds{30},
                                     .records_identity = "here",
                                     .clock = [this] { return from_ms(now_ms); }}},
            metrics);
        const auto listening = server->listen();
        EXPECT_TRUE(listening) << listening.error().what;
        server->publish(SmallMarket::picture(0, 60'000));
    }

    net::HttpResponse ask(const std::string& path, net::Method method = net::Method::get,
                          std::vector<net::HttpHeader> headers = {}) {
        std::optional<Result<net::HttpResponse>> result;
        client.send({.url = "http://127.0.0.1:" + std::to_string(server->port()) + path,
                     .method = method,
                     .headers = std::move(headers)},
                    [&](Result<net::HttpResponse> answer) { result = std::move(answer); });
        EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }));
        return result && *result ? **result : net::HttpResponse{};
    }
    net::HttpResponse change(const std::string& path) {
        return ask(path, net::Method::post, {{"Content-Type", "application/json"}});
    }
    /// Where an answer came from.
    std::string source(const std::string& path) { return std::string(ask(path).header("X-Cache").value_or("none")); }
    std::string source_of_scores(const std::string& query = "") {
        return source(std::string(kSymbolPath) + "/scores" + query);
    }
    void pass(std::chrono::milliseconds time) { now_ms += time.count(); }
    void settle(std::uint64_t second, std::uint64_t third) {
        EXPECT_TRUE(loop.run_until([&] {
            const cache::TieredCacheCounters all = cache_->counters();
            return (!all.second || all.second->writes >= second) && (!all.third || all.third->writes >= third);
        }));
    }

    std::int64_t now_ms;
    net::Loop loop;
    obs::Metrics metrics;
    Result<records::ScorePage> stored =
        records::ScorePage{.scores = records::made_batch(1, 2).scores, .cursor = "next"};
    std::vector<records::ScoreQuery> asked;

private:
    static std::unique_ptr<cache::RemoteTier> tier(const char* name, std::uint16_t port,
                                                   cache::Connect (*connect)(cache::ServerAddress, std::size_t)) {
        if (port == 0) return nullptr;
        return std::make_unique<cache::RemoteTier>(
            cache::RemoteTierParams{.name = name,
                                    .connect = connect({.host = "127.0.0.1", .port = port}, std::size_t{1} << 20U),
                                    .deadline = std::chrono::seconds{10}});  // the machine may be busy
    }
    std::unique_ptr<cache::TieredCache> cache_;

public:
    std::unique_ptr<Server> server;
    net::HttpClient client{loop, {}};
};

std::string minute_path(std::size_t i) {
    static const std::vector<std::string> all = {"/zones",     "/profile", "/features?limit=2",
                                                 "/footprint", "/events",  "/indicators?tf=5m"};
    return i < all.size() ? std::string(kSymbolPath) + all[i] : std::string();
}

/// Everything that is answered through the tiers.
std::vector<std::string> cached_paths() {
    std::vector<std::string> paths = {
        std::string(kSymbolPath) + "/scores",
        std::string(kSymbolPath) + "/scores?from=5&to=6000&limit=2&order=oldest&cursor=a%0Ab",
        "/api/symbols/ETHUSDT/scores", "/api/symbols/ETHUSDT/zones", "/api/bitcoin-beta"};
    for (std::size_t i = 0; !minute_path(i).empty(); ++i) paths.push_back(minute_path(i));
    return paths;
}

std::uint64_t number_in(const net::HttpResponse& answer, std::string_view pointer) {
    const Document document(answer.body);
    return document.is_valid ? document.root.at_pointer(pointer).get_uint64().value() : ~0ULL;
}

}  // namespace

class CachedRoutes : public testing::Test {
protected:
    obs::FailOnWarning log;
};

TEST_F(CachedRoutes, SayWhereTheAnswerCameFromAndHowOldItIs) {
    CachedProcess process({});
    const auto first = process.ask(std::string(kSymbolPath) + "/scores");
    EXPECT_EQ(first.header("X-Cache"), "origin");
    EXPECT_EQ(first.header("Age"), "0");
    process.pass(std::chrono::milliseconds{2'900});
    const auto second = process.ask(std::string(kSymbolPath) + "/scores");
    EXPECT_EQ(second.header("X-Cache"), "l1");
    EXPECT_EQ(second.header("Age"), "2");
    EXPECT_EQ(second.header("Cache-Control"), "no-cache");
    EXPECT_EQ(second.header("ETag"), first.header("ETag"));
    EXPECT_EQ(second.body, first.body);
    EXPECT_TRUE(second.header("Server-Timing").value_or("").starts_with("app;dur="));
    EXPECT_EQ(process.ask(std::string(kSymbolPath) + "/indicators?tf=5m").header("Vary"), "Accept-Encoding")
        << "who takes gzip gets it";
    EXPECT_EQ(process.asked.size(), 1U);
    for (const std::string path :
         {"/api/dashboard/data", "/api/symbols/BTCUSDT/score", "/api/symbols/BTCUSDT/liquidations"})
        EXPECT_EQ(process.source(path), "live") << path;
}

TEST_F(CachedRoutes, TheNewestScoresAreThoseOfAMinuteAndOldOnesAreNot) {
    CachedProcess process({});
    const std::string closed = "?from=5&to=6000";
    EXPECT_EQ(process.source_of_scores(), "origin");
    EXPECT_EQ(process.source_of_scores(closed), "origin");
    process.pass(std::chrono::seconds{30});
    EXPECT_EQ(process.source_of_scores(), "l1");
    process.pass(std::chrono::seconds{15});
    EXPECT_EQ(process.source_of_scores(closed), "origin") << "45 s is all";
    EXPECT_EQ(process.source_of_scores(), "origin");
    process.pass(std::chrono::milliseconds{14'999});
    EXPECT_EQ(process.source_of_scores(), "l1");
    process.pass(std::chrono::milliseconds{1});
    EXPECT_EQ(process.source_of_scores(), "origin") << "the next minute";
    EXPECT_EQ(process.source_of_scores(closed), "l1");
    const std::string recent = "?to=" + std::to_string(process.now_ms - 60'000);
    EXPECT_EQ(process.source_of_scores(recent), "origin");
    process.pass(std::chrono::seconds{20});
    EXPECT_EQ(process.source_of_scores(recent), "l1") << "still this minute";
}

TEST_F(CachedRoutes, EverythingThatAnAnswerDependsOnIsInItsKey) {
    CachedProcess process({});
    const std::vector<std::string> different = {"/api/symbols/BTCUSDT/scores",
                                                "/api/symbols/ETHUSDT/scores",
                                                "/api/symbols/BTCUSDT/scores?limit=2",
                                                "/api/symbols/BTCUSDT/scores?from=1",
                                                "/api/symbols/BTCUSDT/scores?to=6000",
                                                "/api/symbols/BTCUSDT/scores?order=oldest",
                                                "/api/symbols/BTCUSDT/scores?cursor=a",
                                                "/api/symbols/BTCUSDT/scores?cursor=b",
                                                "/api/symbols/bybit-spot-BTCUSDT/scores",
                                                "/api/symbols/BTCUSDT/features?limit=1",
                                                "/api/symbols/BTCUSDT/features?limit=2",
                                                "/api/symbols/BTCUSDT/footprint?limit=2",
                                                "/api/symbols/BTCUSDT/indicators?tf=1m",
                                                "/api/symbols/BTCUSDT/indicators?tf=5m",
                                                "/api/symbols/BTCUSDT/zones",
                                                "/api/symbols/ETHUSDT/zones",
                                                "/api/bitcoin-beta"};
    for (const std::string& path : different) EXPECT_EQ(process.source(path), "origin") << path;
    for (const std::string& path : different) EXPECT_EQ(process.source(path), "l1") << path;
    EXPECT_EQ(process.source("/api/symbols/BTC%2FUSDT:USDT/scores"), "l1") << "the same instrument by another name";
}

TEST_F(CachedRoutes, ADocumentOfTheMinuteEndsWithIt) {
    CachedProcess process({});
    for (std::size_t i = 0; !minute_path(i).empty(); ++i) {
        const std::string path = minute_path(i);
        SCOPED_TRACE(path);
        process.server->publish(SmallMarket::picture(0, 60'000));
        const auto before = process.ask(path);
        EXPECT_EQ(before.header("X-Cache"), "origin");
        process.server->publish(SmallMarket::picture(1, 60'001));
        EXPECT_EQ(process.source(path), "l1") << "another publication of the same minute";
        process.server->publish(SmallMarket::picture(600, 60'002));
        const auto after = process.ask(path);
        EXPECT_EQ(after.header("X-Cache"), "origin");
        EXPECT_NE(after.body, before.body);
    }
}

TEST_F(CachedRoutes, BetasAreTheSameUntilThereIsANewEstimate) {
    CachedProcess process({});
    const auto before = process.ask("/api/bitcoin-beta");
    auto same = SmallMarket::picture(0, 60'001);
    same->at += std::chrono::milliseconds{100};
    process.server->publish(same);
    EXPECT_EQ(process.source("/api/bitcoin-beta"), "l1");
    process.server->publish(SmallMarket::picture(3'000, 60'001));
    const auto after = process.ask("/api/bitcoin-beta");
    EXPECT_EQ(after.header("X-Cache"), "origin");
    EXPECT_GT(number_in(after, "/timestamp"), number_in(before, "/timestamp"));
}

TEST_F(CachedRoutes, ThatThereAreNoScoresYetIsKeptForFiveSecondsOnly) {
    CachedProcess process({}), off({.has_memory = false});
    process.stored = off.stored = records::ScorePage{};
    const std::string path = std::string(kSymbolPath) + "/scores";
    const auto none = process.ask(path);
    EXPECT_EQ(none.status, 200);
    EXPECT_NE(none.body.find(R"("scores":[],"cursor":null)"), std::string::npos) << none.body;
    EXPECT_EQ(off.ask(path).body, none.body);
    process.pass(std::chrono::milliseconds{3'000});
    const auto again = process.ask(path);
    EXPECT_EQ(again.header("X-Cache"), "l1");
    EXPECT_EQ(again.header("Age"), "3");
    EXPECT_EQ(again.body, none.body);
    process.pass(std::chrono::milliseconds{2'000});
    process.stored = records::ScorePage{.scores = records::made_batch(1, 2).scores, .cursor = ""};
    EXPECT_EQ(process.source_of_scores(), "origin");
    EXPECT_NE(process.ask(path).body, none.body);
}

TEST_F(CachedRoutes, AnAnswerThatFailsIsNotKept) {
    CachedProcess process({});
    process.stored = fail(Errc::unavailable, "the database is away");
    EXPECT_EQ(process.ask("/api/symbols/BTCUSDT/scores").status, 503);
    process.stored = fail(Errc::malformed, "the cursor is not one that a page gave");
    EXPECT_EQ(process.ask("/api/symbols/BTCUSDT/scores").status, 400);
    process.stored = records::ScorePage{};
    const auto well = process.ask("/api/symbols/BTCUSDT/scores");
    EXPECT_EQ(well.status, 200);
    EXPECT_EQ(well.header("X-Cache"), "origin");
    const auto metrics = process.ask("/cache-metrics");
    EXPECT_EQ(number_in(metrics, "/failures"), 2U);
    EXPECT_EQ(number_in(metrics, "/tiers/0/misses"), 3U);
}

TEST_F(CachedRoutes, AnswersAreTheSameBytesWithEveryTierOffAndOnRealServers) {
    const cache::ServerProcess memcached(cache::memcached_with()), redis(cache::redis_with());
    if (!memcached.is_running() || !redis.is_running())
        GTEST_SKIP() << "memcached or redis-server is missing: tools/bootstrap test";
    CachedProcess off({.has_memory = false});
    CachedProcess alone({});
    const Tiers all{.memcached_port = memcached.port(), .redis_port = redis.port()};
    std::map<std::string, std::string> truth;
    for (const std::string& path : cached_paths()) {
        const auto answer = off.ask(path);
        EXPECT_EQ(answer.status, 200) << path;
        EXPECT_EQ(answer.header("X-Cache"), "origin");
        truth[path] = answer.body;
    }
    const auto expect_all = [&](CachedProcess& process, const char* source) {
        for (const auto& [path, body] : truth) {
            const auto answer = process.ask(path);
            EXPECT_EQ(answer.header("X-Cache"), source) << path;
            EXPECT_EQ(answer.body, body) << path << " from " << source;
        }
    };
    expect_all(off, "origin");
    expect_all(alone, "origin");
    expect_all(alone, "l1");
    {
        CachedProcess first(all);
        expect_all(first, "origin");
        first.settle(truth.size(), truth.size());
    }
    {
        CachedProcess second(all);
        expect_all(second, "l2");
        expect_all(second, "l1");
    }
    EXPECT_NE(cache::exchange_with(memcached.port(), "flush_all\r\n", "OK").find("OK"), std::string::npos);
    {
        CachedProcess third(all);
        expect_all(third, "l3");
        third.settle(truth.size(), 0);
    }
    (void)cache::exchange_with(redis.port(), "FLUSHALL\r\n", "OK");
    CachedProcess fourth(all);
    expect_all(fourth, "l2");
    (void)cache::exchange_with(memcached.port(), "flush_all\r\n", "OK");
    CachedProcess fifth(all);
    expect_all(fifth, "origin");
}

TEST_F(CachedRoutes, MetricsAreOfThoseWhoAsked) {
    CachedProcess process({});
    (void)process.source_of_scores();
    process.pass(std::chrono::seconds{7});
    for (int i = 0; i < 3; ++i) (void)process.source_of_scores();
    EXPECT_EQ(process.change("/api/cache/warm").status, 200);
    const auto answer = process.ask("/cache-metrics");
    const Document openapi(process.ask("/openapi.json").body), document(answer.body);
    EXPECT_EQ(SchemaCheck(openapi.root).fault(document.root, "CacheMetrics"), "");
    EXPECT_EQ(document.root["answers"].get_uint64().value(), 4U) << "warming is no answer";
    const auto memory = document.root["tiers"].at(0);
    EXPECT_EQ(memory["hits"].get_uint64().value(), 3U);
    EXPECT_EQ(memory["misses"].get_uint64().value(), 1U);
    EXPECT_EQ(memory["hit_rate"].get_double().value(), 0.75);
    EXPECT_EQ(memory["share_of_answers"].get_double().value(), 0.75);
    EXPECT_EQ(memory["age_max_ms"].get_int64().value(), 7'000);
    EXPECT_GT(memory["latency_p50_us"].get_double().value(), 0);
    EXPECT_GT(memory["items"].get_uint64().value(), 0U);
    EXPECT_TRUE(document.root["tiers"].at(1)["hits"].is_null()) << "off is not 0";
    EXPECT_TRUE(document.root["tiers"].at(1)["breaker"].is_null());
    EXPECT_EQ(document.root["origin"]["answers"].get_uint64().value(), 1U);
    const auto route = document.root["routes"].at(0);
    EXPECT_EQ(route["route"].get_string().value(), "/api/symbols/{symbol}/scores");
    EXPECT_EQ(route["l1"].get_uint64().value(), 3U);
    EXPECT_EQ(process.ask("/api/cache/stats").status, 200);

    const std::string text = process.metrics.text();
    EXPECT_EQ(text.find("virtuoso_cache_requests_total"), std::string::npos) << "written when it is asked for";
    std::optional<Result<net::HttpResponse>> prometheus;
    process.client.get("http://127.0.0.1:" + std::to_string(process.server->monitoring_port()) + "/metrics",
                       [&](Result<net::HttpResponse> got) { prometheus = std::move(got); });
    ASSERT_TRUE(process.loop.run_until([&] { return prometheus.has_value(); }));
    for (const char* line : {"virtuoso_cache_requests_total{result=\"hit\",tier=\"l1\"} 3",
                             "virtuoso_cache_requests_total{result=\"miss\",tier=\"l1\"} 1",
                             "virtuoso_cache_requests_total{result=\"computed\",tier=\"origin\"} 1"})
        EXPECT_NE((*prometheus)->body.find(line), std::string::npos) << line;
}

TEST_F(CachedRoutes, WhatIsFlushedIsComputedAnew) {
    CachedProcess process({});
    (void)process.source_of_scores();
    EXPECT_EQ(process.source_of_scores(), "l1");
    process.stored->cursor = "another";
    process.pass(std::chrono::milliseconds{1});
    const auto flushed = process.change("/api/cache/flush");
    EXPECT_EQ(flushed.body, R"({"flushed":true})");
    const auto after = process.ask(std::string(kSymbolPath) + "/scores");
    EXPECT_EQ(after.header("X-Cache"), "origin");
    EXPECT_NE(after.body.find("another"), std::string::npos);
}

TEST_F(CachedRoutes, ChangesAreRefusedToOthersThanThisMachinesUser) {
    CachedProcess process({});
    for (const std::string path : {"/api/cache/flush", "/api/cache/warm"}) {
        EXPECT_EQ(process.ask(path, net::Method::post).status, 415) << "as a form could send it";
        EXPECT_EQ(process.ask(path).status, 405);
        EXPECT_EQ(process
                      .ask(path, net::Method::post,
                           {{"Content-Type", "application/json"}, {"Origin", "http://evil.example"}})
                      .status,
                  403);
        const auto passed_on = process.ask(path, net::Method::post,
                                           {{"Content-Type", "application/json"}, {"X-Forwarded-For", "192.0.2.7"}});
        EXPECT_EQ(passed_on.status, 403);
        EXPECT_EQ(passed_on.header("Content-Type"), "application/problem+json");
    }
    EXPECT_EQ(number_in(process.ask("/cache-metrics"), "/warming/cycles"), 0U);
}

TEST_F(CachedRoutes, WarmingLeavesEveryKeyWithARealValue) {
    CachedProcess process({});
    const auto cycle = process.change("/api/cache/warm");
    EXPECT_EQ(cycle.body, R"({"attempted":4,"warmed":4,"left_out":0})") << "three instruments' scores, and the betas";
    EXPECT_EQ(process.asked.size(), 3U);
    EXPECT_EQ(process.source("/api/bitcoin-beta"), "l1");
    EXPECT_EQ(process.source_of_scores(), "l1");
    EXPECT_EQ(process.source_of_scores(), "l1");
    EXPECT_EQ(process.source("/api/symbols/ETHUSDT/scores"), "l1");
    EXPECT_EQ(number_in(process.ask("/cache-metrics"), "/warming/read"), 3U) << "each value once";
    // Later, what is there is renewed before it ends.
    process.pass(std::chrono::seconds{40});
    EXPECT_EQ(process.change("/api/cache/warm").body, R"({"attempted":4,"warmed":4,"left_out":0})");
    EXPECT_EQ(process.asked.size(), 6U);
    process.pass(std::chrono::seconds{15});
    const auto renewed = process.ask(std::string(kSymbolPath) + "/scores");
    EXPECT_EQ(renewed.header("X-Cache"), "l1");
    EXPECT_EQ(renewed.header("Age"), "15");
}

TEST_F(CachedRoutes, WarmingPutsNothingWhereNothingCouldBeComputed) {
    CachedProcess process({});
    process.stored = fail(Errc::unavailable, "the database is away");
    EXPECT_EQ(process.change("/api/cache/warm").body, R"({"attempted":4,"warmed":1,"left_out":0})") << "the betas";
    process.stored = records::ScorePage{};
    EXPECT_EQ(process.source_of_scores(), "origin");
}

TEST_F(CachedRoutes, WhatWasAskedForLastIsWarmedFirstAndWithinTheNumberOfKeys) {
    CachedProcess process({}, 2);
    (void)process.source_of_scores("?limit=5");
    (void)process.source_of_scores("?limit=6");
    (void)process.source_of_scores("?limit=7");
    (void)process.source_of_scores("?limit=5");  // now the last
    process.stored = fail(Errc::malformed, "no");
    EXPECT_EQ(process.ask(std::string(kSymbolPath) + "/scores?limit=8").status, 400);
    process.stored = records::ScorePage{};
    process.asked.clear();
    EXPECT_EQ(process.change("/api/cache/warm").body, R"({"attempted":2,"warmed":2,"left_out":5})");
    ASSERT_EQ(process.asked.size(), 2U);
    EXPECT_EQ(process.asked[0].limit, 5U);
    EXPECT_EQ(process.asked[1].limit, 7U);
    // Ten minutes on, nobody asks any more: what is always wanted is left.
    process.pass(std::chrono::minutes{10} + std::chrono::milliseconds{1});
    EXPECT_EQ(process.change("/api/cache/warm").body, R"({"attempted":2,"warmed":2,"left_out":2})");
    EXPECT_EQ(process.source("/api/bitcoin-beta"), "l1");
}

TEST_F(CachedRoutes, TheScheduleWarmsByItself) {
    // The clock stands five milliseconds before a multiple of the pace: a cycle is always that far away.
    CachedProcess process({.now_ms = 1'749'999'900'000 - 5}, 100, cache::WarmSchedule({}));
    ASSERT_TRUE(process.loop.run_until([&] { return process.asked.size() >= 6; })) << "two cycles of three scores";
    EXPECT_EQ(process.source("/api/bitcoin-beta"), "l1");
    const auto metrics = process.ask("/cache-metrics");
    const Document document(metrics.body);
    EXPECT_EQ(document.root["warming"]["hours"].get_string().value(), "closed");
    EXPECT_EQ(document.root["warming"]["every_seconds"].get_int64().value(), 300);
    EXPECT_EQ(document.root["warming"]["next_at"].get_int64().value(), 1'749'999'900'000);
    EXPECT_GE(document.root["warming"]["cycles"].get_uint64().value(), 2U);
    EXPECT_EQ(document.root["answers"].get_uint64().value(), 1U);

    CachedProcess none({.now_ms = 1'749'999'900'000 - 5}, 0, cache::WarmSchedule({}));
    EXPECT_TRUE(Document(none.ask("/cache-metrics").body).root["warming"]["hours"].is_null()) << "keys_max is 0";
}

TEST_F(CachedRoutes, TwoWhoAskForACycleGetTheSame) {
    CachedProcess process({});
    std::optional<std::string> first, second;
    const auto send = [&](std::optional<std::string>& body) {
        process.client.send({.url = "http://127.0.0.1:" + std::to_string(process.server->port()) + "/api/cache/warm",
                             .method = net::Method::post,
                             .headers = {{"Content-Type", "application/json"}}},
                            [&body](Result<net::HttpResponse> got) { body = got ? got->body : "no answer"; });
    };
    send(first);
    send(second);
    ASSERT_TRUE(process.loop.run_until([&] { return first && second; }));
    EXPECT_EQ(*first, R"({"attempted":4,"warmed":4,"left_out":0})");
    EXPECT_EQ(*second, *first);
}

}  // namespace vt::api
