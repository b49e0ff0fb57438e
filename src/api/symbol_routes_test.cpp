#include "api/api_fixture.hpp"
#include "api/json.hpp"

namespace vt::api {
namespace {

const std::string kBitcoin = "/api/symbols/bybit-linear-BTCUSDT";
const std::string kEther = "/api/symbols/bybit-linear-ETHUSDT";

class MinuteRoutes : public ServerTest {
protected:
    void SetUp() override { server.publish(SmallMarket::picture(0, 60'000)); }
};

double number(simdjson::dom::element value) { return value.get_double().value(); }

}  // namespace

TEST_F(MinuteRoutes, WhyEndsWithTheGateThatStopsASignal) {
    const Document stopped(get(kBitcoin + "/why").body);
    ASSERT_TRUE(stopped.is_valid);
    EXPECT_EQ(stopped.root["gates"].get_array().size(), 18U);
    EXPECT_EQ(stopped.root["stopped_by"]["name"].get_string().value(), "coverage");
    EXPECT_EQ(stopped.root["stopped_by"]["remedy"].get_string().value(), "wait");
    EXPECT_TRUE(Document(get(kEther + "/why").body).root["stopped_by"].is_null()) << "nothing stops it";
}

TEST_F(MinuteRoutes, WhyNamesEachStrategyWithItsStateAndTheReason) {
    const Document document(get(kBitcoin + "/why").body);
    ASSERT_TRUE(document.is_valid);
    const auto strategies = document.root["strategies"];
    ASSERT_EQ(strategies.get_array().size(), 3U);
    const auto silent = strategies.at(0);
    EXPECT_EQ(silent["strategy"].get_string().value(), "residual_momentum");
    EXPECT_EQ(silent["mode"].get_string().value(), "shadow");
    EXPECT_TRUE(silent["score"].is_null()) << "what is not known is not 50";
    EXPECT_TRUE(silent["figure"].is_null());
    EXPECT_FALSE(silent["pass"].get_bool().value());
    EXPECT_EQ(silent["reason"].get_string().value(), "measured: its bars have not been measured yet");
    EXPECT_TRUE(silent["stopped_by"]["pass"].is_null());
    const auto held = strategies.at(1);
    EXPECT_EQ(held["strategy"].get_string().value(), "lead_lag");
    EXPECT_NEAR(number(held["score"]), 70, 1e-9);
    EXPECT_EQ(held["reason"].get_string().value(), "worth: 0.8, at least 1 is asked: round trips still to come");
    EXPECT_EQ(held["gates"].get_array().size(), 1U);
    const auto raised = strategies.at(2);
    EXPECT_TRUE(raised["pass"].get_bool().value());
    EXPECT_EQ(raised["reason"].get_string().value(), "one; two");
    EXPECT_TRUE(raised["stopped_by"].is_null());
    EXPECT_EQ(Document(get(kEther + "/why").body).root["strategies"].get_array().size(), 0U)
        << "before the first closed minute";
}

TEST_F(MinuteRoutes, AStoredScoreIsAskedForByItsInstant) {
    const Document found(get(kBitcoin + "/scores/1700000060000").body);
    ASSERT_TRUE(found.is_valid);
    EXPECT_EQ(found.root["id"].get_string().value(), "bybit-linear-BTCUSDT");
    const auto missing = get(kBitcoin + "/scores/1700000060001");
    EXPECT_EQ(missing.status, 404);
    EXPECT_NE(missing.body.find("explanations_keep_days"), std::string::npos) << missing.body;
    for (const char* wrong : {"/scores/x", "/scores/-1", "/scores/99999999999999"}) {
        EXPECT_EQ(get(kBitcoin + wrong).status, 400) << wrong;
    }
}

TEST_F(MinuteRoutes, ZonesSayWhatBecameOfThem) {
    const Document document(get(kBitcoin + "/zones").body);
    ASSERT_TRUE(document.is_valid);
    EXPECT_EQ(number(document.root["placebo_rate"]), 0.6);
    const auto zone = document.root["zones"].at(0);
    EXPECT_EQ(number(zone["price"]), 59'900.5);
    EXPECT_EQ(simdjson::minify(zone["kinds"]), R"(["swing_4h","round_number"])");
    EXPECT_EQ(number(zone["support"]["bounce_rate"]), 0.9);
    EXPECT_EQ(number(zone["support"]["penetration_atr"]), 0.2);
    EXPECT_LT(number(zone["support"]["bounce_rate_lower"]), 0.9);
    EXPECT_TRUE(zone["resistance"]["bounce_rate"].is_null()) << "never touched is not 0";
    EXPECT_EQ(number(zone["age_hours"]), 24);
}

TEST_F(MinuteRoutes, IndicatorsSayWhichAreWarming) {
    const Document document(get(kBitcoin + "/indicators?tf=5m").body);
    ASSERT_TRUE(document.is_valid);
    EXPECT_EQ(document.root["bars"].get_int64().value(), 30);
    const auto values = document.root["values"].get_array();
    EXPECT_EQ(values.size(), indicators::kTechnicalValueCount);
    EXPECT_EQ(number(values.at(0)["value"]), 59'990) << "sma_20";
    EXPECT_TRUE(values.at(2)["value"].is_null()) << "sma_200";
    EXPECT_EQ(values.at(2)["warm_up_bars"].get_int64().value(), 200);
    const Document other(get(kBitcoin + "/indicators").body);
    EXPECT_EQ(other.root["timeframe"].get_string().value(), "1m");
    EXPECT_TRUE(other.root["closed_until"].is_null());
    EXPECT_EQ(get(kBitcoin + "/indicators?tf=2m").status, 400);
}

TEST_F(MinuteRoutes, TheNewestAreGivenOldestFirst) {
    const Document three(get(kBitcoin + "/features?limit=2").body);
    ASSERT_TRUE(three.is_valid);
    const auto minutes = three.root["minutes"].get_array();
    ASSERT_EQ(minutes.size(), 2U);
    EXPECT_LT(minutes.at(0)["t"].get_int64().value(), minutes.at(1)["t"].get_int64().value());
    const Document one(get(kBitcoin + "/features").body);
    ASSERT_EQ(one.root["minutes"].get_array().size(), 1U);
    EXPECT_EQ(simdjson::minify(one.root["minutes"].at(0)), simdjson::minify(minutes.at(1)));
    EXPECT_EQ(one.root["measures"].at(0)["name"].get_string().value(), "spread");

    const Document liquidations(get(kBitcoin + "/liquidations?limit=1").body);
    EXPECT_EQ(simdjson::minify(liquidations.root["liquidations"]), R"([[1749999999000,59000.5,0.25,"short"]])");
    for (const std::string part : {"/features?limit=61", "/liquidations?limit=0", "/features?limit=x"})
        EXPECT_EQ(get(kBitcoin + part).status, 400) << part;
}

TEST_F(MinuteRoutes, AFootprintHasPricesAndStacks) {
    const Document document(get(kBitcoin + "/footprint?limit=1").body);
    ASSERT_TRUE(document.is_valid);
    ASSERT_EQ(document.root["minutes"].get_array().size(), 1U);
    const auto minute = document.root["minutes"].at(0);
    EXPECT_EQ(number(minute["bucket_height"]), 0.5);
    EXPECT_EQ(minute["buy_stacks"].get_int64().value(), 1);
    EXPECT_EQ(simdjson::minify(minute["levels"]), "[[59990,2,0.5],[59990.5,3,0]]");
    EXPECT_EQ(get(kBitcoin + "/footprint?limit=61").status, 400);
}

TEST_F(MinuteRoutes, TheEstimateSaysThatItIsOneAndHowGood) {
    const Document document(get(kBitcoin + "/liquidations").body);
    ASSERT_TRUE(document.is_valid);
    const auto estimate = document.root["levels_estimate"];
    EXPECT_EQ(simdjson::minify(estimate["flags"]), R"(["heuristic"])");
    EXPECT_EQ(number(estimate["announced"]["hit_rate"]), 0.75);
    EXPECT_EQ(number(estimate["announced"]["mean_liquidated_quote"]), 2e5);
    EXPECT_TRUE(estimate["placebo"]["hit_rate"].is_null()) << "nothing reached is not 0";
    EXPECT_EQ(estimate["assumed_shares"].get_array().size(), estimate["assumed_leverages"].get_array().size());
    const auto levels = estimate["levels"];
    ASSERT_EQ(levels.get_array().size(), 2U);
    EXPECT_EQ(number(levels.at(0).at(0)), 59'400);
    EXPECT_EQ(number(levels.at(0).at(1)), 1e6);
    EXPECT_EQ(number(levels.at(0).at(2)), 0);
    EXPECT_EQ(number(levels.at(1).at(2)), 2e6);
}

TEST_F(MinuteRoutes, ProfileRowsAddUp) {
    const Document document(get(kBitcoin + "/profile").body);
    ASSERT_TRUE(document.is_valid);
    double sum = 0;
    for (const auto row : document.root["rows"].get_array()) sum += number(row.at(1));
    EXPECT_EQ(sum, number(document.root["total_volume"]));
    EXPECT_EQ(number(document.root["point_of_control"]), 59'990);
}

TEST_F(MinuteRoutes, EventsSayWhenTheyCouldBeKnownAndWhichAreRulesOfThumb) {
    const Document document(get(kBitcoin + "/events").body);
    ASSERT_TRUE(document.is_valid);
    const auto events = document.root["events"];
    ASSERT_EQ(events.get_array().size(), 2U);
    const auto gap = events.at(0);
    EXPECT_EQ(gap["kind"].get_string().value(), "fair_value_gap");
    EXPECT_EQ(gap["state"].get_string().value(), "open");
    EXPECT_EQ(gap["direction"].get_string().value(), "up");
    EXPECT_EQ(gap["bars"].get_string().value(), "5m");
    EXPECT_FALSE(gap["heuristic"].get_bool().value());
    EXPECT_LT(gap["event_at"].get_int64().value(), gap["confirmed_at"].get_int64().value());
    EXPECT_TRUE(gap["touched_at"].is_null()) << "not touched is no time";
    EXPECT_TRUE(gap["strength"].is_null()) << "it has none";
    const auto vanished = events.at(1);
    EXPECT_TRUE(vanished["heuristic"].get_bool().value());
    EXPECT_TRUE(vanished["direction"].is_null());
    EXPECT_EQ(vanished["resting_side"].get_string().value(), "sell");
    EXPECT_EQ(number(vanished["strength"]), 0.95);
}

TEST_F(MinuteRoutes, BeforeTheFirstMinuteNothingIsInvented) {
    for (const std::string part :
         {"/zones", "/profile", "/features", "/footprint", "/liquidations", "/events", "/indicators"}) {
        SCOPED_TRACE(part);
        const auto answer = get(kEther + part);
        EXPECT_EQ(answer.status, 200);
        const Document document(answer.body);
        EXPECT_TRUE(document.root["timestamp"].is_null());
    }
    const Document zones(get(kEther + "/zones").body);
    EXPECT_TRUE(zones.root["placebo_rate"].is_null());
    EXPECT_EQ(zones.root["zones"].get_array().size(), 0U);
}

/// A reader who asks every second gets the document once a minute.
TEST_F(MinuteRoutes, TheDocumentIsTheSameUntilTheMinuteCloses) {
    for (const std::string part :
         {"/zones", "/profile", "/features", "/footprint", "/liquidations", "/events", "/indicators"}) {
        SCOPED_TRACE(part);
        server.publish(SmallMarket::picture(0, 60'000));
        const auto first = get(kBitcoin + part);
        server.publish(SmallMarket::picture(1, 60'001));
        const auto again =
            ask("http://127.0.0.1:" + std::to_string(server.port()) + kBitcoin + part, net::Method::get,
                {{.name = "If-None-Match", .value = std::string(first.header("ETag").value_or(""))}});
        EXPECT_EQ(again.status, 304);
    }
}

TEST_F(MinuteRoutes, ScoresOfThePastAreWhatIsStored) {
    const Document document(get(kBitcoin + "/scores?from=5&to=6000&limit=2&order=oldest&cursor=a%20b").body);
    ASSERT_TRUE(document.is_valid);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].market, "demo");
    EXPECT_EQ(asked[0].instrument, "bybit-linear-BTCUSDT");
    EXPECT_EQ(asked[0].from, from_ms(5));
    EXPECT_EQ(asked[0].to, from_ms(6000));
    EXPECT_EQ(asked[0].limit, 2U);
    EXPECT_FALSE(asked[0].newest_first);
    EXPECT_EQ(asked[0].cursor, "a b");
    EXPECT_EQ(document.root["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(document.root["cursor"].get_string().value(), "next");
    const auto row = document.root["scores"].at(0);
    const records::ScoreRow& kept = stored->scores[0];
    EXPECT_EQ(row["timestamp"].get_int64().value(), to_ms(kept.key.at));
    EXPECT_EQ(number(row["sum"]), kept.sum);
    EXPECT_EQ(number(row["score"]), *kept.score);
    EXPECT_EQ(simdjson::minify(row["causes"]), R"(["minute","move"])");
    EXPECT_TRUE(row["dimensions"]["order_flow"].is_null()) << "not known is not 0";
    EXPECT_EQ(number(row["dimensions"]["sentiment"]), *kept.dimensions[1]);

    stored->cursor.clear();
    const net::HttpResponse last = get("/api/symbols/BTCUSDT/scores");
    EXPECT_TRUE(Document(last.body).root["cursor"].is_null());
    EXPECT_TRUE(asked[1].newest_first);
    EXPECT_EQ(asked[1].limit, 100U);
    EXPECT_EQ(last.header("Cache-Control"), "no-cache");
    EXPECT_EQ(last.header("X-Cache"), "origin") << "this server has no tiers";
    EXPECT_EQ(last.header("Age"), "0");
    const auto tag = last.header("ETag");
    ASSERT_TRUE(tag);
    EXPECT_EQ(get("/api/symbols/BTCUSDT/scores", {{"If-None-Match", std::string(*tag)}}).status, 304);
}

TEST_F(MinuteRoutes, AWrongQuestionAboutThePastNamesWhatIsWrong) {
    for (const auto& [query, named] : {std::pair("from=yesterday", "from must be milliseconds"),
                                       {"to=-1", "to must be milliseconds"},
                                       {"to=99999999999999", "to must be milliseconds"},
                                       {"limit=1001", "limit must be"},
                                       {"order=up", "order must be newest or oldest"}}) {
        const net::HttpResponse answer = get(kBitcoin + "/scores?" + query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_NE(answer.body.find(named), std::string::npos) << answer.body;
    }
    EXPECT_TRUE(asked.empty()) << "none reached the database";
    EXPECT_EQ(get("/api/symbols/NOSUCH/scores").status, 404);
    stored = fail(Errc::malformed, "the cursor is not one that a page gave");
    EXPECT_EQ(get(kBitcoin + "/scores?cursor=x").status, 400);
    stored = fail(Errc::unavailable, "the database is away");
    const net::HttpResponse away = get(kBitcoin + "/scores");
    EXPECT_EQ(away.status, 503);
    EXPECT_NE(away.body.find("the database is away"), std::string::npos);
}

}  // namespace vt::api
