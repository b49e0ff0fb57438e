#include "api/api_fixture.hpp"
#include "api/json.hpp"
#include "net/gzip.hpp"

#include <algorithm>
#include <cmath>

namespace vt::api {
namespace {

namespace dom = simdjson::dom;

const std::string kBitcoin = "/api/symbols/bybit-linear-BTCUSDT";

std::string text_of(dom::element element) { return simdjson::minify(element); }

class Api : public ServerTest {
protected:
    void publish(int step = 0, double price = 60'000) { server.publish(SmallMarket::picture(step, price)); }

    /// What is wrong with the answer at `path` by its schema; empty: nothing.
    std::string fault(const net::HttpResponse& answer, std::string_view schema) {
        const Document openapi(get("/openapi.json").body), document(answer.body);
        if (!openapi.is_valid || !document.is_valid) return "not JSON";
        return SchemaCheck(openapi.root).fault(document.root, schema);
    }
    void expect_problem(const net::HttpResponse& answer, int status, std::string_view part) {
        EXPECT_EQ(answer.status, status);
        EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
        EXPECT_EQ(fault(answer, "Problem"), "");
        EXPECT_NE(answer.body.find(part), std::string::npos) << answer.body;
        for (const net::HttpHeader& header : security_headers())
            EXPECT_EQ(answer.header(header.name), header.value) << header.name;
    }
};

/// What somebody must be logged in for: login_test.cpp.
bool is_of_login(const Route& route) {
    return route.pattern.starts_with("/api/auth/") || route.pattern == "/api/tokens" ||
           route.pattern == "/api/audit" || route.pattern == "/api/logs";
}

/// What is answered by who keeps the file: runtime/live_configuration_test.cpp.
bool is_of_configuration(const Route& route) { return route.pattern.starts_with("/api/config"); }

/// What shows the account: trading_routes_test.cpp.
bool is_of_account(const Route& route) {
    return route.pattern.starts_with("/api/trad") || route.pattern.starts_with("/api/positions") ||
           route.pattern.starts_with("/api/orders") || route.pattern == "/api/portfolio" ||
           route.pattern == "/api/risk";
}

}  // namespace

TEST_F(Api, TheConfigurationIsAnsweredOnlyWhereItsFileIsKnown) {
    for (const char* path : {"/api/config", "/api/config/schema", "/api/config/diff", "/api/config/history"})
        expect_problem(get(path), 503, "without a configuration file's place");
    expect_problem(get("/api/config/diff?version=x"), 400, "a number of /api/config/history");
}

TEST_F(Api, BeforeTheFirstPublicationNothingIsInvented) {
    for (const Route& route : server.routes().routes()) {
        if (route.access == Access::open || route.schema.empty() ||
            route.pattern.find("cache") != std::string::npos || is_of_login(route) || is_of_configuration(route) ||
            is_of_account(route))
            continue;
        std::string path = route.pattern;
        if (const auto at = path.find("{symbol}"); at != std::string::npos) path.replace(at, 8, "BTCUSDT");
        // The ledger and the history files know what earlier runs said, and jobs need no market.
        if (path.starts_with("/api/signals") || path == "/api/calibration" || path.starts_with("/api/history") ||
            path.starts_with("/api/jobs") || path.starts_with("/api/replay/"))
            continue;
        if (const auto at = path.find("{at}"); at != std::string::npos) path.replace(at, 4, "1700000060000");
        SCOPED_TRACE(path);
        expect_problem(get(path), 503, "just started");
    }
    expect_problem(get("/health/ready"), 503, "no market data");
    expect_problem(monitoring("/api/monitoring/status"), 503, "just started");
    expect_problem(monitoring("/api/monitoring/symbols"), 503, "just started");
    const Document health(get("/health").body);
    EXPECT_EQ(health.root["status"].get_string().value(), "down");
    EXPECT_EQ(health.root["reasons"].get_array().size(), 1U);
    EXPECT_EQ(get("/health/live").status, 200);
}

TEST_F(Api, EveryRouteAnswersWhatItsSchemaSays) {
    publish();
    for (const auto& [table, port] :
         {std::pair{&server.routes(), server.port()}, {&server.monitoring_routes(), server.monitoring_port()}}) {
        for (const Route& route : table->routes()) {
            if (is_of_login(route) || is_of_configuration(route) || is_of_account(route)) continue;
            if (std::ranges::any_of(route.body, &BodyMember::is_required)) continue;  // this sends none
            for (const std::string_view symbol : {"bybit-linear-BTCUSDT", "bybit-spot-BTCUSDT", "ETHUSDT"}) {
                std::string path = route.pattern;
                if (const auto at = path.find("{symbol}"); at != std::string::npos) path.replace(at, 8, symbol);
                if (const auto at = path.find("{signal}"); at != std::string::npos)
                    path.replace(at, 8, signals::test_signal().id);
                if (const auto at = path.find("{at}"); at != std::string::npos) path.replace(at, 4, "1700000060000");
                if (const auto at = path.find("{kind}"); at != std::string::npos) path.replace(at, 6, "klines?tf=1m");
                if (const auto at = path.find("{job}"); at != std::string::npos) path.replace(at, 5, "2");
                SCOPED_TRACE(path);
                const auto answer = ask("http://127.0.0.1:" + std::to_string(port) + path, route.method,
                                        {{"Content-Type", "application/json"}});
                EXPECT_EQ(answer.status, route.status) << answer.body;
                EXPECT_TRUE(answer.header("Content-Type").value_or("").starts_with(route.content_type));
                for (const net::HttpHeader& header : security_headers())
                    EXPECT_EQ(answer.header(header.name), header.value) << header.name;
                if (!route.schema.empty()) {
                    EXPECT_EQ(fault(answer, route.schema), "");
                }
            }
        }
    }
}

TEST_F(Api, ContributionsAddUpToTheScore) {
    publish();
    const Document document(get(kBitcoin + "/score").body);
    ASSERT_TRUE(document.is_valid);
    double sum = 50;
    std::vector<std::string> names;
    for (const dom::element part : document.root["contributions"].get_array()) {
        names.emplace_back(part["name"].get_string().value());
        sum += part["contribution"].get_double().value();
        if (part["kind"].get_string().value() != std::string_view("dimension")) continue;
        double of_components = 0, of_leaves = 0;
        for (const dom::element component : part["components"].get_array()) {
            of_components += component["contribution"].get_double().value();
            for (const dom::element leaf : component["leaves"].get_array())
                of_leaves += leaf["contribution"].get_double().value();
        }
        EXPECT_NEAR(of_components, part["contribution"].get_double().value(), 1e-9) << names.back();
        EXPECT_NEAR(of_leaves, part["contribution"].get_double().value(), 1e-9) << names.back();
    }
    const double score = document.root["score"].get_double().value();
    EXPECT_NEAR(sum, score, 1e-9);
    EXPECT_GT(std::abs(score - 50), 1) << "a score that says nothing would prove nothing";
    EXPECT_EQ(names, (std::vector<std::string>{"order_flow", "sentiment", "liquidity", "bitcoin_beta", "smart_money",
                                               "machine_learning", "adj_regime", "adj_data", "adj_liquidity",
                                               "adj_toxicity"}));
    const dom::array parts = document.root["contributions"].get_array();
    EXPECT_FALSE(parts.at(1)["installed"].get_bool().value());
    EXPECT_TRUE(parts.at(1)["score"].is_null());
    EXPECT_FALSE(parts.at(3)["applicable"].get_bool().value());
    for (const std::string_view member : {"config", "model"})
        EXPECT_TRUE(document.root["versions"][member].is_null());
    EXPECT_GT(document.root["flips"].get_array().size(), 0U);
}

TEST_F(Api, WhatIsNotKnownIsNull) {
    publish();
    const Document warming(get("/api/symbols/ETHUSDT/score").body);
    for (const std::string_view member : {"score", "confidence", "direction"})
        EXPECT_TRUE(warming.root[member].is_null()) << member;
    EXPECT_LT(warming.root["coverage"].get_double().value(), 0.5);
    EXPECT_EQ(warming.root["warming"]["ready_in_seconds"].get_int64().value(), 42 * 60);
    EXPECT_EQ(warming.root["warming"]["text"].get_string().value(), "warming, ready in 0:42") << "hours and minutes";

    const Document spot(get("/api/symbols/bybit-spot-BTCUSDT/score").body);
    for (const std::string_view member : {"score", "confidence", "direction", "warming", "timestamp"})
        EXPECT_TRUE(spot.root[member].is_null()) << member;

    const Document book(get("/api/symbols/bybit-spot-BTCUSDT/book").body);
    for (const std::string_view member : {"age_ms", "mid", "spread_bps"})
        EXPECT_TRUE(book.root[member].is_null()) << member;
    EXPECT_EQ(book.root["bids"].get_array().size(), 0U);

    const Document dashboard(get("/api/dashboard/data").body);
    const dom::element row = dashboard.root["symbols"].at(0);
    for (const std::string_view member :
         {"price", "change_24h_pct", "funding_rate", "score", "beta", "gate", "age_ms"})
        EXPECT_TRUE(row[member].is_null()) << member;
    EXPECT_TRUE(dashboard.root["market_overview"]["fear_greed"].is_null());
}

TEST_F(Api, ACoinsMarketsSayHowManyVenuesTheirPriceIsOf) {
    publish();
    const Document coin(get("/api/symbols/bybit-spot-BTCUSDT/markets").body);
    EXPECT_EQ(coin.root["id"].get_string().value(), "bybit-spot-BTCUSDT");
    EXPECT_EQ(coin.root["coin"].get_string().value(), "BTC");
    EXPECT_EQ(coin.root["mid"].get_double().value(), 60'000);
    EXPECT_EQ(coin.root["venues"].get_int64().value(), 1);
    EXPECT_EQ(coin.root["coverage"].get_double().value(), 0.5);
    EXPECT_EQ(coin.root["markets"].at(0)["age_ms"].get_int64().value(), 40);
    EXPECT_TRUE(coin.root["markets"].at(1)["mid"].is_null());
    EXPECT_TRUE(coin.root["markets"].at(0)["spot_basis_bps"].is_null());
    EXPECT_EQ(coin.root["leads"].at(0)["leader"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(coin.root["leads"].at(0)["lag_ms"].get_double().value(), 1000);
    const Document ether(get("/api/symbols/ETHUSDT/markets").body);
    for (const std::string_view member : {"mid", "dispersion_bps", "is_crossed"})
        EXPECT_TRUE(ether.root[member].is_null()) << member;
    EXPECT_EQ(ether.root["coverage"].get_double().value(), 0);
    EXPECT_EQ(Document(get("/api/markets").body).root["coins"].get_array().size(), 2U);
}

TEST_F(Api, TheMarketAsAWholeSaysWhatItKnowsAndHowMuchThatIs) {
    publish();
    const Document market(get("/api/market/internals").body);
    EXPECT_EQ(market.root["coins_count"].get_int64().value(), 2);
    EXPECT_EQ(text_of(market.root["breadth"]),
              R"({"known_count":2,"advancing_count":1,"declining_count":1,"above_mean_30d_pct":null})");
    EXPECT_EQ(text_of(market.root["dispersion"]), R"({"change_24h_pct":3.1})");
    EXPECT_EQ(text_of(market.root["dominance"]),
              R"({"btc_turnover_pct":75,"btc_turnover_coverage":1,"btc_open_interest_pct":null,)"
              R"("btc_open_interest_coverage":0})");
    const dom::element mood = market.root["fear_greed"];
    EXPECT_EQ(mood["value"].get_double().value(), 25);  // (.25 x 20 + .05 x 50)/.3
    EXPECT_EQ(mood["label"].get_string().value(), "fear");
    EXPECT_EQ(mood["coverage"].get_double().value(), 0.3);
    ASSERT_EQ(mood["parts"].get_array().size(), engine::kMoodParts);
    EXPECT_EQ(text_of(mood["parts"].at(1)), R"({"name":"momentum","weight":0.25,"value":null,"coverage":0})");
    const dom::element cascade = market.root["cascades"].at(0);
    EXPECT_EQ(cascade["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(cascade["side"].get_string().value(), "long");
    EXPECT_EQ(cascade["open_interest_change_pct"].get_double().value(), -3);
    EXPECT_EQ(market.root["open_interest_divergences"].at(0)["high"].get_double().value(), -0.4);
}

TEST_F(Api, BetasComeByEveryEstimatorWithTheirErrors) {
    publish();
    const Document document(get("/api/bitcoin-beta").body);
    ASSERT_EQ(document.root["symbols"].get_array().size(), 1U);
    EXPECT_EQ(document.root["not_applicable"].get_array().size(), 2U);
    const dom::element ether = document.root["symbols"].at(0);
    EXPECT_EQ(ether["id"].get_string().value(), "bybit-linear-ETHUSDT");
    EXPECT_EQ(ether["beta"].get_double().value(), 1.5);
    EXPECT_NEAR(ether["upper_beta"].get_double().value(), 1.5 + 1.96 * 0.2, 1e-4);
    EXPECT_TRUE(ether["lead_lag"].is_null());
    ASSERT_EQ(ether["timeframes"].get_array().size(), 2U);
    const dom::element day = ether["timeframes"].at(0);
    EXPECT_EQ(day["timeframe"].get_string().value(), "5m");
    for (const std::string_view name :
         {"least_squares", "vasicek", "blume", "ewma", "kalman", "scholes_williams", "dimson"}) {
        for (const std::string_view member : {"beta", "error", "n"})
            EXPECT_TRUE(day[name][member].is_number()) << name << " " << member;
    }
    EXPECT_EQ(day["up_down"]["down"]["n"].get_int64().value(), 148);
    EXPECT_EQ(day["correlation"]["lower"].get_double().value(), 0.75);
    EXPECT_TRUE(ether["timeframes"].at(1)["kalman"].is_null());
    const Document dashboard(get("/api/dashboard/data").body);
    EXPECT_EQ(dashboard.root["symbols"].at(2)["beta"].get_double().value(), 1.5);
    EXPECT_EQ(dashboard.root["symbols"].at(2)["correlation"].get_double().value(), 0.8);
}

TEST_F(Api, TheDashboardHasEveryDocumentedMember) {
    publish();
    const Document document(get("/api/dashboard/data").body);
    const dom::array rows = document.root["symbols"].get_array();
    ASSERT_EQ(rows.size(), 3U);
    for (const dom::element row : rows) {
        EXPECT_EQ(row.get_object().size(), row_members().size() + 1);
        for (const auto& member : row_members())
            EXPECT_EQ(row[member.name].error(), simdjson::SUCCESS) << member.name;
    }
    for (const auto& member : overview_members())
        EXPECT_EQ(document.root["market_overview"][member.name].error(), simdjson::SUCCESS) << member.name;
    EXPECT_EQ(text_of(document.root["mode"]),
              R"({"market":"demo","trading":"off","armed":false,"kill_switch":false})");
    const dom::element bitcoin = rows.at(1);
    EXPECT_EQ(bitcoin["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(bitcoin["symbol"].get_string().value(), "BTC/USDT:USDT");
    EXPECT_EQ(bitcoin["price"].get_double().value(), 60'000);
    EXPECT_EQ(text_of(bitcoin["not_applicable"]), R"(["bitcoin_beta"])");
    EXPECT_EQ(text_of(bitcoin["absent_dimensions"]), R"(["sentiment","smart_money","machine_learning"])");
    EXPECT_EQ(text_of(bitcoin["gate"]),
              R"({"name":"coverage","value":0.62,"threshold":0.8,"unit":"of the evidence","pass":false,)"
              R"("text":"62 % of the evidence is alive, 80 % are needed","remedy":"wait"})");
    EXPECT_EQ(document.root["top_movers"]["gainers"].get_array().size(), 1U);
    EXPECT_TRUE(document.root["system_status"]["demo"].get_bool().value());
    EXPECT_EQ(text_of(document.root["system_status"]["tiers"]),
              R"([{"name":"l1","server":"memory","state":"ok"},)"
              R"({"name":"l3","server":"redis 127.0.0.1:6379","state":"down"}])");
    EXPECT_EQ(document.root["system_status"]["feeds"].at(0)["age_ms"].get_int64().value(), 1000) << "whole seconds";
    EXPECT_TRUE(document.root["system_status"]["feeds"].at(1)["age_ms"].is_null());
}

TEST_F(Api, ASymbolHasManyNames) {
    publish();
    const std::string wanted = get(kBitcoin + "/score").body;
    for (const std::string_view name :
         {"BTC%2FUSDT%3AUSDT", "BTC%2FUSDT", "BTCUSDT", "bybit%3ABTC%2FUSDT%3AUSDT", "bybit:BTC%2fUSDT:USDT"})
        EXPECT_EQ(get("/api/symbols/" + std::string(name) + "/score").body, wanted) << name;
    const Document spot(get("/api/symbols/bybit-spot-BTCUSDT/score").body);
    EXPECT_EQ(spot.root["symbol"].get_string().value(), "BTC/USDT");
}

TEST_F(Api, AnUnknownSymbolIsToldTheNearest) {
    publish();
    for (const std::string_view route : {"score", "candles", "book", "trades"})
        expect_problem(get("/api/symbols/BTCUSD/" + std::string(route)), 404, "did you mean BTCUSDT?");
    expect_problem(get("/api/symbols/nothing-of-the-kind/score"), 404, "unknown symbol");
    expect_problem(get("/api/symbols/%FF%FE%22/score"), 404, "unknown symbol");
    expect_problem(get("/api/symbols/BTC%ZZ/score"), 404, "the nearest is");
}

TEST_F(Api, RowsInAnotherOrderAreFoundWhereTheyAre) {
    publish();
    auto turned = SmallMarket::picture(1, 60'000);
    std::swap(turned->rows[0], turned->rows[1]);
    std::swap(turned->details[0], turned->details[1]);
    server.publish(turned);
    const Document spot(get("/api/symbols/bybit-spot-BTCUSDT/book").body), linear(get(kBitcoin + "/book").body);
    EXPECT_EQ(spot.root["id"].get_string().value(), "bybit-spot-BTCUSDT");
    EXPECT_EQ(linear.root["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(linear.root["bids"].get_array().size(), 25U);
}

TEST_F(Api, MetricsOfOneSymbolInTwoMarketsAreTwo) {
    auto picture = SmallMarket::picture(0, 60'000);
    picture->feeds[1] = {.instrument = market::InstrumentId{0}, .gaps = 7, .state = exchange::StreamState::live};
    server.publish(picture);
    const std::string text = monitoring("/metrics").body;
    for (const std::string_view line :
         {"{category=\"linear\",exchange=\"bybit\",stream=\"book\",symbol=\"BTCUSDT\"} 2\n",
          "{category=\"spot\",exchange=\"bybit\",stream=\"book\",symbol=\"BTCUSDT\"} 7\n"})
        EXPECT_NE(text.find("virtuoso_feed_gaps_total" + std::string(line)), std::string::npos) << line << text;
}

TEST_F(Api, CandlesAreTheNewestOldestFirst) {
    publish();
    const Document all(get(kBitcoin + "/candles").body), two(get(kBitcoin + "/candles?tf=1m&limit=2").body);
    const dom::array candles = all.root["candles"].get_array();
    ASSERT_EQ(candles.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(candles.at(i).get_array().size(), 7U);
        EXPECT_EQ(candles.at(i).at(6).get_bool().value(), i < 3) << "only the last one is open";
        if (i == 0) continue;
        EXPECT_EQ(candles.at(i).at(0).get_int64().value() - candles.at(i - 1).at(0).get_int64().value(), 60'000);
    }
    ASSERT_EQ(two.root["candles"].get_array().size(), 2U);
    EXPECT_EQ(text_of(two.root["candles"].at(1)), text_of(candles.at(3)));
    const Document none(get(kBitcoin + "/candles?tf=4h").body);
    EXPECT_EQ(none.root["timeframe"].get_string().value(), "4h");
    EXPECT_EQ(none.root["candles"].get_array().size(), 0U);
    for (const std::string_view query : {"tf=7m", "tf=", "tf=1M", "tf=1m%20"})
        expect_problem(get(kBitcoin + "/candles?" + std::string(query)), 400, "tf must be");
    for (const std::string_view query : {"limit=0", "limit=502", "limit=-1", "limit=", "limit=1.5", "limit=x",
                                         "limit=99999999999999999999", "limit=5+"})
        expect_problem(get(kBitcoin + "/candles?" + std::string(query)), 400, "limit must be");
    expect_problem(get(kBitcoin + "/candles?limit=%zz"), 400, "limit has a broken percent escape");
    expect_problem(get(kBitcoin + "/candles?tf=%&limit=1"), 400, "tf has a broken percent escape");
}

TEST_F(Api, BookLevelsAreBestFirst) {
    publish();
    const Document all(get(kBitcoin + "/book").body), three(get(kBitcoin + "/book?levels=3").body);
    EXPECT_EQ(all.root["bids"].get_array().size(), 25U);
    for (const auto& [i, price, size] :
         {std::tuple{0U, 59'999.9, 1.0}, {1U, 59'999.8, 1.001}, {2U, 59'999.7, 1.002}}) {
        EXPECT_EQ(three.root["bids"].at(i).at(0).get_double().value(), price) << "exact, not 0.1 many times";
        EXPECT_EQ(three.root["bids"].at(i).at(1).get_double().value(), size);
    }
    EXPECT_EQ(three.root["asks"].at(0).at(0).get_double().value(), 60'000.1);
    EXPECT_EQ(three.root["asks"].get_array().size(), 3U);
    EXPECT_EQ(three.root["mid"].get_double().value(), 60'000);
    EXPECT_EQ(three.root["age_ms"].get_int64().value(), 40);
    EXPECT_EQ(three.root["generation"].get_int64().value(), 3);
    for (const std::string_view query : {"levels=0", "levels=26", "levels=-1", "levels=ten", "levels="})
        expect_problem(get(kBitcoin + "/book?" + std::string(query)), 400, "levels must be");
}

TEST_F(Api, WhoHasTheBytesIsToldSo) {
    publish();
    for (const std::string& path :
         {std::string("/api/dashboard/data"), kBitcoin + "/score", std::string("/openapi.json")}) {
        const auto first = get(path);
        const std::string tag(first.header("ETag").value_or(""));
        ASSERT_FALSE(tag.empty()) << path;
        const auto again = get(path, {{"If-None-Match", tag}});
        EXPECT_EQ(again.status, 304) << path;
        EXPECT_EQ(again.body, "");
        EXPECT_EQ(get(path, {{"If-None-Match", "\"other\""}}).status, 200) << path;
    }
    EXPECT_EQ(get("/api/dashboard/data").header("X-Cache"), "live");
    EXPECT_EQ(get("/api/dashboard/data").header("Cache-Control"), "private, no-cache");
}

TEST_F(Api, WhatWasPublishedIsPackedOnceAndOnlyIfSomebodyAsks) {
    publish();
    const auto published = [&] {
        return std::get<net::PreparedResponsePtr>(
            server.routes().answer({.path = "/api/dashboard/data", .remote_address = "127.0.0.1"}));
    };
    const auto plain = get("/api/dashboard/data");
    EXPECT_FALSE(published()->is_packed()) << "nobody asked";
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    EXPECT_TRUE(plain.header("Server-Timing").value_or("").starts_with("app;dur=")) << "how long it took";
    const auto ask_packed = [&](const std::string& path, const std::string& more = "") {
        return head_of("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br;q=0, gzip\r\n" + more +
                       "Connection: close\r\n\r\n");
    };
    EXPECT_NE(ask_packed("/api/dashboard/data").find("\r\nContent-Encoding: gzip\r\n"), std::string::npos);
    EXPECT_TRUE(published()->is_packed());
    const net::PreparedResponse::Coded& form = published()->choose("gzip");
    EXPECT_EQ(net::gunzipped(form.body, 1U << 20U).value_or(""), plain.body);
    EXPECT_LT(form.body.size() * 2, plain.body.size());
    (void)ask_packed("/api/dashboard/data");
    EXPECT_EQ(&published()->choose("gzip"), &form) << "the same bytes, not made again";
    const std::string tag = published()->etag + "-gzip";
    EXPECT_NE(form.head.find("\r\nETag: \"" + tag + "\"\r\n"), std::string::npos) << form.head;
    const std::string known = ask_packed("/api/dashboard/data", "If-None-Match: \"" + tag + "\"\r\n");
    EXPECT_TRUE(known.starts_with("HTTP/1.1 304 ")) << known;
    publish(1, 60'050);
    EXPECT_FALSE(published()->is_packed()) << "of the new publication nobody asked yet";
    EXPECT_FALSE(get("/health", {{"Accept-Encoding", "gzip"}}).header("Content-Encoding"))
        << "too short to be worth it";
    EXPECT_FALSE(get("/api/auth/session").header("Server-Timing")) << "what a login costs is nobody's business";
}

TEST_F(Api, AnAnswerIsWrittenOncePerPublication) {
    publish();
    const auto ask_table = [&](std::string_view path) {
        return std::get<net::PreparedResponsePtr>(
            server.routes().answer({.path = path, .remote_address = "127.0.0.1"}));
    };
    for (const std::string& path : {std::string("/api/dashboard/data"), kBitcoin + "/score", kBitcoin + "/book"}) {
        const auto first = ask_table(path);
        EXPECT_EQ(ask_table(path), first) << path << ": the same object";
        publish(1, 60'050);
        const auto second = ask_table(path);
        EXPECT_NE(second, first) << path;
        EXPECT_EQ(second->etag == first->etag, path.ends_with("/score")) << path << ": the score did not change";
        publish();
    }
    EXPECT_EQ(ask_table("/api/symbols/BTCUSDT/score"), ask_table(kBitcoin + "/score")) << "by any of its names";
}

TEST_F(Api, PagesAndSocketsSayWhichMethodTheyTake) {
    EXPECT_EQ(get("/").status, 200);
    const auto post = ask("http://127.0.0.1:" + std::to_string(server.port()) + "/", net::Method::post);
    expect_problem(post, 405, "GET, HEAD");
    EXPECT_EQ(post.header("Allow"), "GET, HEAD");
    const auto methods = get("/methods");
    EXPECT_EQ(methods.status, 308);
    EXPECT_EQ(methods.header("Location"), "methods/") << "relative: it holds below a sub-path";
    for (const auto& [path, other] : {std::pair{"/mobile/", "../mobile"}, {"/docs/", "../docs"}, {"/redoc", "docs"}})
        EXPECT_EQ(get(path).header("Location"), other) << path;
    const auto plain = get("/ws");
    expect_problem(plain, 426, "WebSocket");
    const std::string head = head_of("HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
    EXPECT_TRUE(head.ends_with("\r\n\r\n")) << "no body: " << head;
}

TEST_F(Api, ForeignHostsAndOriginsAreRefused) {
    publish();
    const std::string host = head_of("GET /api/symbols HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_TRUE(host.starts_with("HTTP/1.1 421 ")) << host;
    EXPECT_NE(host.find("\r\nContent-Security-Policy: "), std::string::npos) << host;
    const auto upgrade = [&](const std::string& origin) {
        return head_of("GET /ws HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " +
                       origin + "\r\n\r\n");
    };
    EXPECT_TRUE(upgrade("http://localhost:" + std::to_string(server.port())).starts_with("HTTP/1.1 101 "));
    for (const std::string_view origin : {"http://evil.example", "null", "https://localhost.evil.example"}) {
        const std::string answer = upgrade(std::string(origin));
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 ")) << origin << ": " << answer;
        EXPECT_NE(answer.find("\r\nX-Content-Type-Options: nosniff\r\n"), std::string::npos);
    }
}

TEST_F(Api, NoAnswerIsSharedWithPagesOfOtherOrigins) {
    publish();
    const auto is_shared = [](const net::HttpResponse& answer) {
        return std::ranges::any_of(answer.headers, [](const net::HttpHeader& header) {
            return net::equal_ignoring_case(std::string_view(header.name).substr(0, 15), "Access-Control-");
        });
    };
    std::size_t answers = 0;
    for (const auto& [table, port] :
         {std::pair{&server.routes(), server.port()}, {&server.monitoring_routes(), server.monitoring_port()}}) {
        const std::string base = "http://127.0.0.1:" + std::to_string(port);
        for (const Route& route : table->routes()) {
            std::string path = route.pattern;
            if (const auto at = path.find('{'); at != std::string::npos)
                path.replace(at, path.find('}') - at + 1, "BTCUSDT");
            for (const std::string& origin : {std::string("http://evil.example"), std::string("null"), base}) {
                EXPECT_FALSE(is_shared(ask(base + path, route.method, {{"Origin", origin}}))) << path << origin;
                ++answers;
            }
        }
    }
    EXPECT_GT(answers, 150U);
    const std::string preflight = head_of(
        "OPTIONS /api/cache/flush HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
        "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(preflight.starts_with("HTTP/1.1 4") || preflight.starts_with("HTTP/1.1 5")) << preflight;
    EXPECT_EQ(preflight.find("Access-Control-Allow"), std::string::npos) << preflight;
}

TEST_F(Api, MonitoringShowsFeedsAndProcess) {
    publish();
    const Document status(monitoring("/api/monitoring/status").body);
    EXPECT_EQ(status.root["status"].get_string().value(), "degraded");
    EXPECT_EQ(status.root["events"].get_int64().value(), 1234);
    EXPECT_GT(status.root["process"]["resident_bytes"].get_double().value(), 1e6);
    EXPECT_EQ(status.root["feeds"].get_array().size(), 2U);
    const Document symbols(monitoring("/api/monitoring/symbols").body);
    EXPECT_EQ(symbols.root.at(1)["gaps"].get_int64().value(), 2);
    EXPECT_EQ(symbols.root.at(1)["feed_age_ms"].get_int64().value(), 120);
    EXPECT_TRUE(symbols.root.at(0)["last_score_at"].is_null());
    const std::string text = monitoring("/metrics").body;
    for (const std::string_view line :
         {"virtuoso_feed_age_seconds{category=\"linear\",exchange=\"bybit\",stream=\"book\",symbol=\"BTCUSDT\"} "
          "1.5\n",
          "virtuoso_feed_gaps_total{category=\"linear\",exchange=\"bybit\",stream=\"book\",symbol=\"BTCUSDT\"} 2\n",
          "virtuoso_engine_events_total 1234\n", "virtuoso_build_info{version="})
        EXPECT_NE(text.find(line), std::string::npos) << line << " in\n" << text;
    const Document measured(monitoring("/api/monitoring/metrics").body);
    ASSERT_TRUE(measured.is_valid);
    EXPECT_EQ(measured.root["stages"].get_object().size(), 1U) << "runtime measures the others";
    EXPECT_EQ(measured.root["stages"]["pixel"]["count"].get_int64().value(), 0);
    EXPECT_TRUE(measured.root["stages"]["pixel"]["p50_us"].is_null());
    EXPECT_GT(measured.root["process"]["threads"].get_double().value(), 0);
    EXPECT_GT(measured.root["process"]["open_files"].get_double().value(), 3);
    EXPECT_EQ(measured.root["cache"].error(), simdjson::SUCCESS);
    EXPECT_EQ(monitoring("/api/dashboard/data").status, 404) << "pages are on the other port";
    EXPECT_EQ(get("/metrics").status, 404);
}

}  // namespace vt::api
