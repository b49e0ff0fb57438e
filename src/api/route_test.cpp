#include "api/route.hpp"

#include <gtest/gtest.h>

namespace vt::api {
namespace {

using Parameters = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kScore = "/api/symbols/{symbol}/score";

/// A table whose handlers say which route they are and which symbol they were given.
class Routes : public testing::Test {
protected:
    Routes() {
        add(net::Method::get, "/health");
        add(net::Method::get, std::string(kScore));
        add(net::Method::get, "/api/alerts");
        add(net::Method::post, "/api/alerts");
        add(net::Method::post, "/api/orders");
    }
    void add(net::Method method, const std::string& pattern) {
        table.add({.method = method,
                   .pattern = pattern,
                   .summary = pattern,
                   .schema = "",
                   .query = {{"limit", R"({"type":"integer"})", "how many"}},
                   .handler = [=](const Call& call) {
                       std::string said = std::string(net::name(method)) + " " + pattern;
                       for (const auto& [name, value] : call.parameters) said += " " + name + "=" + value;
                       if (const auto limit = call.query("limit")) said += " limit=" + *limit;
                       return net::prepare(
                           {.content_type = "text/plain", .body = said, .headers = security_headers()});
                   }});
    }
    [[nodiscard]] net::PreparedResponsePtr ask(std::string_view path, net::Method method = net::Method::get,
                                               std::string_view query = {}) const {
        net::HttpRequest request;
        request.method = method;
        request.path = path;
        request.query = query;
        return std::get<net::PreparedResponsePtr>(table.answer(request));
    }
    RouteTable table;
};

bool has_line(const net::PreparedResponsePtr& response, const std::string& line) {
    return response->identity.head.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST(RouteMatch, FixedSegmentsMustBeEqual) {
    EXPECT_TRUE(match("/health", "/health"));
    EXPECT_FALSE(match("/health", "/healthy"));
    EXPECT_FALSE(match("/health", "/Health"));
    EXPECT_FALSE(match("/health", "/health/"));
    EXPECT_FALSE(match("/health", "/health/live"));
    EXPECT_FALSE(match("/health/live", "/health"));
    EXPECT_FALSE(match("/health", "/"));
    EXPECT_FALSE(match("/health", "//health"));
    EXPECT_FALSE(match("/health", "/%68ealth")) << "only parameters are decoded";
}

TEST(RouteMatch, AParameterTakesOneSegmentDecoded) {
    EXPECT_EQ(match(kScore, "/api/symbols/BTCUSDT/score"), (Parameters{{"symbol", "BTCUSDT"}}));
    EXPECT_EQ(match(kScore, "/api/symbols/BTC%2FUSDT%3AUSDT/score"), (Parameters{{"symbol", "BTC/USDT:USDT"}}));
    EXPECT_EQ(match(kScore, "/api/symbols/BTC%2fUSDT/score"), (Parameters{{"symbol", "BTC/USDT"}}));
    EXPECT_EQ(match(kScore, "/api/symbols/a%252Fb/score"), (Parameters{{"symbol", "a%2Fb"}})) << "decoded once";
    EXPECT_FALSE(match(kScore, "/api/symbols/BTC/USDT/score")) << "a bare slash ends the segment";
    EXPECT_FALSE(match(kScore, "/api/symbols//score")) << "empty";
    EXPECT_EQ(match("/{a}/{b}", "/1/2"), (Parameters{{"a", "1"}, {"b", "2"}}));
}

TEST(RouteMatch, BrokenEscapesDoNotMatch) {
    for (const std::string_view symbol : {"%", "BTC%", "BTC%2", "BTC%2G", "%GG", "%%41", "BTC%00", "%+1"})
        EXPECT_FALSE(match(kScore, "/api/symbols/" + std::string(symbol) + "/score")) << symbol;
}

TEST_F(Routes, AMatchingRouteAnswers) {
    EXPECT_EQ(ask("/health")->identity.body, "GET /health");
    EXPECT_EQ(ask("/api/symbols/BTC%2FUSDT/score", net::Method::get, "limit=%31%30&x")->identity.body,
              "GET /api/symbols/{symbol}/score symbol=BTC/USDT limit=10");
    EXPECT_EQ(ask("/api/alerts", net::Method::post)->identity.body, "POST /api/alerts");
    EXPECT_EQ(ask("/api/alerts")->identity.body, "GET /api/alerts");
}

TEST_F(Routes, AnUnknownPathNamesTheNearestRoute) {
    for (const auto& [path, nearest] : {std::pair{"/healt", "/health"},
                                        {"/api/symbols/BTCUSDT/scores", "/api/symbols/{symbol}/score"},
                                        {"/api/alert", "/api/alerts"},
                                        {"/api/symbols/%zz/score", "/api/symbols/{symbol}/score"}}) {
        const auto response = ask(path);
        EXPECT_EQ(response->status, 404) << path;
        EXPECT_NE(response->identity.body.find("the nearest is " + std::string(nearest) + ","), std::string::npos)
            << response->identity.body;
        EXPECT_TRUE(has_line(response, "Content-Type: application/problem+json")) << response->identity.head;
    }
}

TEST_F(Routes, APathWithoutEndIsRefusedLikeAnyOther) {
    const std::string path = "/" + std::string(8000, 'a');
    EXPECT_EQ(ask(path)->status, 404);
    EXPECT_LT(ask(path)->identity.body.size(), 400U);
    EXPECT_EQ(std::get<net::PreparedResponsePtr>(RouteTable().answer({.path = "/"}))->status, 404)
        << "an empty table";
}

TEST_F(Routes, AnotherMethodIsToldWhatIsAllowed) {
    const auto get_only = ask("/health", net::Method::post);
    EXPECT_EQ(get_only->status, 405);
    EXPECT_TRUE(has_line(get_only, "Allow: GET, HEAD")) << get_only->identity.head;
    const auto post_only = ask("/api/orders");
    EXPECT_EQ(post_only->status, 405);
    EXPECT_TRUE(has_line(post_only, "Allow: POST")) << post_only->identity.head;
    const auto both = ask("/api/alerts", net::Method::remove);
    EXPECT_EQ(both->status, 405);
    EXPECT_TRUE(has_line(both, "Allow: GET, HEAD, POST")) << both->identity.head;
}

TEST_F(Routes, EveryRefusalHasTheSecurityHeaders) {
    for (const auto& response : {ask("/nothing"), ask("/health", net::Method::post)}) {
        for (const net::HttpHeader& header : security_headers())
            EXPECT_TRUE(has_line(response, header.name + ": " + header.value)) << header.name;
    }
}

TEST(SecurityHeaders, ForbidInlineScriptsFramesAndSniffing) {
    std::map<std::string, std::string> headers;
    for (const net::HttpHeader& header : security_headers()) headers[header.name] = header.value;
    const std::string& policy = headers["Content-Security-Policy"];
    for (const std::string_view part : {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
                                        "base-uri 'none'", "form-action 'none'"})
        EXPECT_NE(policy.find(part), std::string::npos) << part;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << policy;
    EXPECT_EQ(headers["X-Content-Type-Options"], "nosniff");
    EXPECT_EQ(headers["Referrer-Policy"], "no-referrer");
}

TEST_F(Routes, ABrokenEscapeOfAParameterIsRefusedByName) {
    for (const std::string_view query : {"limit=%zz", "limit=%", "limit=5%2", "a=1&limit=%00", "limit=%g1&limit=5"}) {
        const auto refused = ask("/health", net::Method::get, query);
        EXPECT_TRUE(refused->identity.head.starts_with("HTTP/1.1 400 ")) << query;
        EXPECT_TRUE(has_line(refused, "Content-Type: application/problem+json")) << query;
        EXPECT_NE(refused->identity.body.find("limit"), std::string::npos) << query;
    }
    for (const std::string_view query : {"limit=%35", "other=%zz", "limits=%zz&limit=5", "xlimit=%zz", "limit"})
        EXPECT_FALSE(ask("/health", net::Method::get, query)->identity.head.starts_with("HTTP/1.1 400 ")) << query;
}

}  // namespace vt::api
