#include "api/api_fixture.hpp"
#include "api/json.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace vt::api {
namespace {

using simdjson::dom::element;

class DashboardParts : public ServerTest {
protected:
    DashboardParts() { server.publish(SmallMarket::picture(0, 60'000)); }

    static std::vector<std::string> ids(element document) {
        std::vector<std::string> found;
        for (const element row : document["symbols"].get_array()) found.emplace_back(row["id"].get_string().value());
        return found;
    }
};

}  // namespace

TEST_F(DashboardParts, AreTheSameAsInTheWhole) {
    const Document whole(get("/api/dashboard/data").body), overview(get("/api/dashboard/market-overview").body),
        symbols(get("/api/dashboard/symbols").body), phone(get("/api/dashboard/mobile").body),
        pulse(get("/api/dashboard/perpetuals-pulse").body);
    const auto text = [](const Document& document, std::string_view member) -> std::string {
        return simdjson::minify(document.root[member]);
    };
    EXPECT_EQ(text(overview, "market_overview"), text(whole, "market_overview"));
    EXPECT_EQ(text(symbols, "symbols"), text(whole, "symbols"));
    for (const std::string_view member : {"market_overview", "top_movers", "signals", "alerts", "system_status"})
        EXPECT_EQ(text(phone, member), text(whole, member)) << member;
    EXPECT_EQ(text(phone, "perpetuals_pulse"), text(pulse, "perpetuals_pulse"));
    for (const Document* part : {&overview, &symbols, &phone, &pulse}) {
        EXPECT_EQ(text(*part, "mode"), text(whole, "mode"));
        EXPECT_EQ(text(*part, "timestamp"), text(whole, "timestamp"));
    }
    EXPECT_EQ(pulse.root["perpetuals_pulse"]["coins_count"].get_int64().value(), 1);
    EXPECT_EQ(pulse.root["perpetuals_pulse"]["volume_24h_usd"].get_double().value(), 1e9);
    EXPECT_EQ(pulse.root["perpetuals_pulse"]["funding_zscore"].get_double().value(), -1.25);
}

TEST_F(DashboardParts, ThePhoneGetsTheLargestRowsAndTheFieldsItAsksFor) {
    const Document all(get("/api/dashboard/mobile").body);
    EXPECT_EQ(ids(all.root),
              (std::vector<std::string>{"bybit-linear-BTCUSDT", "bybit-spot-BTCUSDT", "bybit-linear-ETHUSDT"}));
    EXPECT_EQ(all.root["symbols"].at(0).get_object().size(), row_members().size() + 1);
    const Document one(get("/api/dashboard/mobile?limit=1&fields=score,id,price").body);
    EXPECT_EQ(ids(one.root), std::vector<std::string>{"bybit-linear-BTCUSDT"});
    EXPECT_EQ(one.root["symbols"].at(0).get_object().size(), 3U);
    EXPECT_EQ(one.root["symbols"].at(0)["price"].get_double().value(), 60'000);
    EXPECT_EQ(get("/api/dashboard/mobile?fields=price,score&limit=1").body,
              get("/api/dashboard/mobile?limit=1&fields=score,price,price").body)
        << "one answer, in whatever order it is asked for";
    const Document bare(get("/api/dashboard/mobile?fields=").body);
    EXPECT_EQ(bare.root["symbols"].at(0).get_object().size(), 1U);
}

TEST_F(DashboardParts, WhatNoRowHasIsRefusedWithTheNearestName) {
    const auto refused = get("/api/dashboard/mobile?fields=price,scor");
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.body.find("did you mean score?"), std::string::npos) << refused.body;
    for (const std::string query : {"limit=0", "limit=1001", "limit=x", "fields=%FF", "fields=a,,b"})
        EXPECT_EQ(get("/api/dashboard/mobile?" + query).status, 400) << query;
}

TEST_F(DashboardParts, WhatIsKeptOfAPublicationIsBounded) {
    Server small{loop, {.port = 0, .monitoring_port = 0, .run = "run-8", .kept_bytes_max = 3000}, metrics};
    small.publish(SmallMarket::picture(0, 60'000));
    const auto answer_of = [&](const std::string& fields) {
        const std::string query = "limit=1&fields=" + fields;
        return std::get<net::PreparedResponsePtr>(
            small.routes().answer({.path = "/api/dashboard/mobile", .query = query, .remote_address = "127.0.0.1"}));
    };
    const auto first = answer_of("price");
    ASSERT_LT(first->identity.body.size(), 2900U);
    ASSERT_GT(first->identity.body.size(), 1000U);
    EXPECT_EQ(answer_of("price"), first);
    for (const char* fields : {"score", "beta", "gate"}) (void)answer_of(fields);
    EXPECT_NE(answer_of("flags"), answer_of("flags")) << "no room: each is written anew";
    EXPECT_EQ(answer_of("price"), first) << "what is kept stays";
    small.publish(SmallMarket::picture(1, 60'001));
    EXPECT_EQ(answer_of("flags"), answer_of("flags")) << "the next publication has room again";
}

TEST_F(DashboardParts, HealthTellsTheReasonsOnlyToWhoMayReadTheMarket) {
    const Document here(get("/health").body);
    EXPECT_EQ(here.root["reasons"].get_array().size(), 1U);
    const Document elsewhere(get("/health", {{"X-Forwarded-For", "198.51.100.7"}}).body);
    EXPECT_EQ(elsewhere.root.get_object().size(), 1U);
    EXPECT_EQ(elsewhere.root["status"].get_string().value(), "degraded");
    EXPECT_EQ(monitoring("/health/live").status, 200);
}

TEST_F(DashboardParts, TheLogIsReadByPagesTheNewestFirst) {
    obs::log_info("first", "one");
    obs::log_info("second", "two");
    obs::log_debug("third", "three");
    const auto route = std::ranges::find(server.routes().routes(), "/api/logs", &Route::pattern);
    ASSERT_NE(route, server.routes().routes().end());
    EXPECT_EQ(route->access, Access::account_read);
    const auto page = [&](const std::string& query) {
        const net::HttpRequest request{.path = "/api/logs", .query = query};
        return std::get<net::PreparedResponsePtr>(route->handler(Call{.request = request, .parameters = {}}))
            ->identity.body;
    };
    const Document newest(page("limit=1&level=info"));
    ASSERT_EQ(newest.root["lines"].get_array().size(), 1U);
    EXPECT_EQ(newest.root["lines"].at(0)["component"].get_string().value(), "second");
    EXPECT_EQ(newest.root["run"].get_string().value(), "run-7");
    const std::string cursor(newest.root["next_cursor"].get_string().value());
    const Document next(page("limit=1&cursor=" + cursor));
    EXPECT_EQ(next.root["lines"].at(0)["message"].get_string().value(), "one");
    const Document openapi(get("/openapi.json").body);
    EXPECT_EQ(SchemaCheck(openapi.root).fault(next.root, "Logs"), "");
    for (const char* query : {"level=trace", "limit=0", "limit=501", "cursor=x"})
        EXPECT_NE(page(query).find("\"status\":400"), std::string::npos) << query;
}

}  // namespace vt::api
