#include "api/route.hpp"

#include "api/problem.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <set>

namespace vt::api {
namespace {

net::PreparedResponsePtr text(std::string body) { return net::prepare({.content_type = "text/plain", .body = std::move(body)}); }

RouteTable table(RouteTable::Guard guard = {}) {
    RouteTable routes({.title = "Test", .version = "1.2.3", .description = "a test"}, std::move(guard));
    routes.add_schema("Health", R"({"type":"object"})");
    routes.add({.pattern = "/health",
                .access = Access::open,
                .summary = "Is it well",
                .response_schema = "Health",
                .handle = [](const RouteCall&) { return text("health"); }});
    routes.add({.pattern = "/api/symbols/{symbol}/candles",
                .summary = "Candles",
                .query = {{"limit", "how many", R"({"type":"integer","maximum":500})"}},
                .handle = [](const RouteCall& call) {
                    return text(call.path("symbol") + "|" + call.query("limit").value_or("none"));
                }});
    routes.add({.method = net::Method::post,
                .pattern = "/api/alerts",
                .access = Access::write,
                .summary = "New alert",
                .handle = [](const RouteCall& call) { return text("posted " + std::string(call.request.body)); }});
    routes.add({.pattern = "/api/alerts", .summary = "Alerts", .handle = [](const RouteCall&) { return text("alerts"); }});
    return routes;
}

struct Answer {
    int status;
    std::string head;
    std::string body;
};
Answer ask(const RouteTable& routes, net::HttpRequest request) {
    const auto response = std::get<net::PreparedResponsePtr>(routes.answer(request));
    return {response->status, response->identity.head, response->identity.body};
}

TEST(RouteTable, FindsExactAndParametricRoutes) {
    const RouteTable routes = table();
    EXPECT_EQ(ask(routes, {.path = "/health"}).body, "health");
    EXPECT_EQ(ask(routes, {.path = "/api/symbols/BTC%2FUSDT/candles", .query = "a=1&limit=5"}).body, "BTC/USDT|5");
    EXPECT_EQ(ask(routes, {.path = "/api/symbols/x/candles"}).body, "x|none");
    EXPECT_EQ(ask(routes, {.method = net::Method::post, .path = "/api/alerts", .body = "b"}).body, "posted b");
    EXPECT_EQ(ask(routes, {.path = "/api/alerts"}).body, "alerts");
}

TEST(RouteTable, UnknownPathsAndMethodsAreProblems) {
    const RouteTable routes = table();
    for (const char* path : {"/", "/health/", "/healt", "/api/symbols//candles", "/api/symbols/x", "/api/symbols/x/candles/",
                             "/api/symbols/x/y/candles", "//health", "*", ""}) {
        const Answer answer = ask(routes, {.path = path});
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_NE(answer.head.find("Content-Type: application/problem+json\r\n"), std::string::npos);
        EXPECT_NE(answer.head.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
    }
    const Answer refused = ask(routes, {.method = net::Method::remove, .path = "/api/alerts"});
    EXPECT_EQ(refused.status, 405);
    EXPECT_NE(refused.head.find("Allow: POST, GET, HEAD\r\n"), std::string::npos) << refused.head;
    EXPECT_EQ(ask(routes, {.method = net::Method::put, .path = "/api/symbols/x/candles"}).status, 405);
    EXPECT_EQ(ask(routes, {.path = "/api/symbols/%zz/candles"}).status, 400);
    EXPECT_EQ(ask(routes, {.path = "/api/symbols/%00/candles"}).status, 400);
}

TEST(RouteTable, TheGuardSeesTheAccessClassFirst) {
    const RouteTable routes = table([](Access access, const net::HttpRequest&) {
        return access == Access::write ? problem(403, "no writes") : nullptr;
    });
    EXPECT_EQ(ask(routes, {.method = net::Method::post, .path = "/api/alerts"}).status, 403);
    EXPECT_EQ(ask(routes, {.path = "/api/alerts"}).status, 200);
}

TEST(RouteTable, TheSpecificationHasEveryRouteAndNothingElse) {
    const RouteTable routes = table();
    simdjson::dom::parser parser;
    const std::string document = routes.openapi();
    simdjson::dom::element root;
    ASSERT_EQ(parser.parse(document).get(root), simdjson::SUCCESS) << document;
    EXPECT_EQ(std::string_view(root["openapi"]), "3.1.0");
    std::set<std::string> described;
    for (const auto& [path, operations] : simdjson::dom::object(root["paths"])) {
        for (const auto& [method, operation] : simdjson::dom::object(operations)) {
            described.insert(std::string(method) + " " + std::string(path));
            EXPECT_FALSE(std::string_view(operation["summary"]).empty());
        }
    }
    std::set<std::string> served;
    for (const Route& route : routes.routes()) {
        const bool is_post = route.method == net::Method::post;
        served.insert((is_post ? "post " : "get ") + route.pattern);
    }
    EXPECT_EQ(described, served);
    auto candles = root.at_pointer("/paths/~1api~1symbols~1{symbol}~1candles/get/parameters");
    EXPECT_EQ(simdjson::minify(candles.value()),
              R"([{"name":"symbol","in":"path","required":true,"schema":{"type":"string"}},)"
              R"({"name":"limit","in":"query","required":false,"description":"how many",)"
              R"("schema":{"type":"integer","maximum":500}}])");
    EXPECT_EQ(std::string_view(root.at_pointer("/paths/~1health/get/responses/200/content/application~1json/schema/$ref")),
              "#/components/schemas/Health");
    EXPECT_TRUE(root.at_pointer("/components/schemas/Problem/properties/status").is_object());
}

TEST(RouteTableDeathTest, TwoRoutesOfOneShapeAreAProgrammersError) {
    RouteTable routes = table();
    const auto nothing = [](const RouteCall&) { return text(""); };
    EXPECT_DEATH(routes.add({.pattern = "/api/symbols/{id}/candles", .summary = "x", .handle = nothing}), "is_same_shape");
    EXPECT_DEATH(routes.add({.pattern = "/health", .summary = "x", .handle = nothing}), "is_same_shape");
}

}  // namespace
}  // namespace vt::api
