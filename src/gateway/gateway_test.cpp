#include "gateway/gateway.hpp"

#include "net/net_fixture.hpp"

#include <algorithm>

namespace vt::gateway {
namespace {

using exchange::ConnectionId;
using exchange::HttpGet;
using exchange::RequestId;
using exchange::Site;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// What came back, with its borrowed text kept.
struct Seen {
    std::vector<RequestId> replies;
    std::vector<int> statuses;
    std::vector<std::string> bodies;
    std::size_t opened = 0;
    std::size_t frames = 0;
    std::vector<std::string> closes;
};

class GatewayTest : public net::NetTest {
protected:
    std::unique_ptr<Gateway> gateway_to(const net::HttpServer& server) {
        const std::string at = "127.0.0.1:" + std::to_string(server.port());
        GatewayParams params{
            .sites = {{Site::bybit,
                       SiteHosts{.rest_url = "http://" + at, .stream_url = "ws://" + at, .tls = client_tls()}},
                      {Site::binance_spot,
                       SiteHosts{.rest_url = "http://" + at, .stream_url = "ws://" + at, .tls = client_tls()}}},
            .seed = 1};
        return std::make_unique<Gateway>(loop, std::move(params), [this](const engine::EventBody& body, Timestamp) {
            if (const auto* reply = std::get_if<engine::Replied>(&body)) {
                seen.replies.push_back(reply->reply.request);
                seen.statuses.push_back(reply->reply.status);
                seen.bodies.emplace_back(reply->reply.body);
            } else if (const auto* closed = std::get_if<engine::Closed>(&body)) {
                seen.closes.emplace_back(closed->reason);
            } else if (std::holds_alternative<engine::Opened>(body)) {
                ++seen.opened;
            } else if (std::holds_alternative<engine::FrameReceived>(body)) {
                ++seen.frames;
            }
        });
    }
    void get(Gateway& gateway, std::string target, Site site = Site::bybit) {
        gateway.perform(HttpGet{.request = RequestId{++last_id}, .site = site, .target = std::move(target)});
    }

    Seen seen;
    std::uint64_t last_id = 0;
};

TEST_F(GatewayTest, EqualRequestsGoOnceAndDifferentOnesTogether) {
    std::map<std::string, int> served;
    const auto server = serve({}, [&](const net::HttpRequest& request) -> net::HttpReply {
        ++served[std::string(request.path)];
        return net::prepare({.content_type = "text/plain", .body = std::string(request.path)});
    });
    const auto gateway = gateway_to(*server);
    for (int i = 0; i < 3; ++i) get(*gateway, "/same");
    for (int i = 0; i < 20; ++i) get(*gateway, "/" + std::to_string(i));
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 23; }));
    EXPECT_EQ(served["/same"], 1);
    EXPECT_EQ(served.size(), 21U);
    EXPECT_EQ(std::count(seen.bodies.begin(), seen.bodies.end(), "/same"), 3);
    EXPECT_EQ(server->counters().connections, 8U) << "kept connections, as many as may be under way";
}

TEST_F(GatewayTest, ABanStopsTheSiteAndNoOther) {
    int asked = 0;
    const auto server = serve({}, [&](const net::HttpRequest& request) -> net::HttpReply {
        ++asked;
        if (request.path == "/v5/market/time") return net::problem_response(403, "access too frequent");
        return net::prepare({.content_type = "text/plain", .body = "{}"});
    });
    const auto gateway = gateway_to(*server);
    get(*gateway, "/v5/market/time");
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 1; }));
    log.expect("bybit is not asked for 600 s (banned): HTTP 403");
    get(*gateway, "/v5/market/tickers");
    get(*gateway, "/api/v3/time", Site::binance_spot);
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 2; }));
    EXPECT_EQ(asked, 2);
    const auto report = gateway->report();
    ASSERT_EQ(report.size(), 2U);
    ASSERT_TRUE(report[0].block);
    EXPECT_GT(report[0].block_left, seconds{590});
    EXPECT_EQ(report[0].waiting, 1U);
    EXPECT_FALSE(report[1].block);
}

TEST_F(GatewayTest, AShortOverloadIsWaitedOutAndTheRestAnswered) {
    int asked = 0;
    const auto server = serve({}, [&](const net::HttpRequest&) -> net::HttpReply {
        if (++asked > 1) return net::prepare({.content_type = "text/plain", .body = "{}"});
        return net::prepare(
            {.status = 429, .content_type = "text/plain", .body = "", .headers = {{"Retry-After", "1"}}});
    });
    const auto gateway = gateway_to(*server);
    const auto began = std::chrono::steady_clock::now();
    get(*gateway, "/a", Site::binance_spot);
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 1; }));
    for (int i = 0; i < 5; ++i) get(*gateway, "/" + std::to_string(i), Site::binance_spot);
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 6; }));
    EXPECT_GE(std::chrono::steady_clock::now() - began, seconds{1});
    EXPECT_EQ(asked, 6);
    log.expect("binance_spot is not asked for 1 s (overload)");
}

TEST_F(GatewayTest, AGeoBlockIsNamedByRestAndByStream) {
    constexpr std::string_view kPage =
        "<HTML><TITLE>ERROR: The request could not be satisfied</TITLE>The Amazon CloudFront distribution is "
        "configured to block access from your country.</HTML>";
    const auto server = serve({}, [&](const net::HttpRequest&) -> net::HttpReply {
        return net::prepare({.status = 403, .content_type = "text/html", .body = std::string(kPage)});
    });
    const auto gateway = gateway_to(*server);
    gateway->perform(
        exchange::Connect{.connection = ConnectionId{1}, .site = Site::bybit, .path = "/v5/public/linear"});
    ASSERT_TRUE(loop.run_until([&] { return seen.closes.size() == 1; }));
    EXPECT_NE(seen.closes[0].find("does not serve this address's country (its CloudFront edge says so)"),
              std::string::npos)
        << seen.closes[0];
    log.expect("bybit is not asked for 600 s (geo-blocked)");
    get(*gateway, "/api/v3/time", Site::binance_spot);
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 1; }));
    EXPECT_EQ(gateway->report()[1].block->standing, exchange::access::Standing::geo_blocked);
    log.expect("binance_spot is not asked for 600 s (geo-blocked)");
}

TEST_F(GatewayTest, ThirtyKillsOverSocketsComeBackAtOnceAndNeverTooOften) {
    std::vector<net::WebSocketSessionPtr> sessions;
    std::size_t accepted = 0;
    const auto server = serve({}, [&](const net::HttpRequest&) -> net::HttpReply {
        return net::WebSocketAccept{[&](const net::WebSocketSessionPtr& session) {
            ++accepted;
            sessions.push_back(session);
            return net::WebSocketSessionCallbacks{};
        }};
    });
    const auto gateway = gateway_to(*server);
    gateway->perform(exchange::Connect{.connection = ConnectionId{1}, .site = Site::bybit, .path = "/"});
    Nanos slowest{};
    for (std::size_t kill = 0; kill < 30; ++kill) {
        ASSERT_TRUE(loop.run_until([&] { return seen.opened == kill + 1 && sessions.size() == kill + 1; }));
        sessions.back()->abort("test");
        const auto killed = std::chrono::steady_clock::now();
        ASSERT_TRUE(loop.run_until([&] { return seen.closes.size() == kill + 1; }));
        EXPECT_LT(std::chrono::steady_clock::now() - killed, milliseconds{100}) << "noticed at once";
        gateway->perform(
            exchange::Connect{.connection = ConnectionId{1}, .site = Site::bybit, .path = "/", .attempt = 1});
        ASSERT_TRUE(loop.run_until([&] { return seen.opened == kill + 2; }));
        slowest = std::max<Nanos>(slowest, std::chrono::steady_clock::now() - killed);
    }
    EXPECT_EQ(accepted, 31U);
    EXPECT_LT(slowest, seconds{2});
    RecordProperty("slowest_ms", static_cast<int>(slowest / milliseconds{1}));
}

TEST_F(GatewayTest, AHostThatDoesNotListenIsAnsweredWithStatusZero) {
    const auto server = serve({}, net::echo);
    const auto gateway = gateway_to(*server);
    server->stop([] {});
    get(*gateway, "/a");
    ASSERT_TRUE(loop.run_until([&] { return seen.replies.size() == 1; }));
    EXPECT_EQ(seen.statuses[0], 0);
    EXPECT_NE(seen.bodies[0].find("cannot connect"), std::string::npos) << seen.bodies[0];
}

}  // namespace
}  // namespace vt::gateway
