#include "api/server.hpp"
#include "api/trading_request.hpp"
#include "login/secrets.hpp"
#include "net/net_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::api {
namespace {

using engine::TradingWish;

/// A server whose engine is the test. Ann trades and has an authenticator; vic may look.
class TradingWrites : public testing::Test {
protected:
    TradingWrites() {
        const auto listening = server.listen();
        EXPECT_TRUE(listening) << listening.error().what;
        const Timestamp now = net::wall_now();
        records::LoginContent content{
            .users = {{.name = "ann", .role = "trader", .totp_secret = "GEZDGNBVGY3TQOJQ", .created = now},
                      {.name = "root", .role = "admin", .created = now},
                      {.name = "vic", .role = "viewer", .created = now}}};
        for (const char* name : {"ann", "vic"})
            content.sessions.push_back({.id = name,
                                        .hash = login::hash_of(secret_of(name)),
                                        .user = name,
                                        .created = now,
                                        .last_used = now});
        content.sessions.push_back({.id = "ann-coded",
                                    .hash = login::hash_of(secret_of("ann-coded")),
                                    .user = "ann",
                                    .created = now,
                                    .last_used = now,
                                    .second_factor = now});
        server.login().replace(std::move(content));
    }
    static std::string secret_of(const std::string& session) { return "secret-of-" + session; }
    ServerParams params() {
        ServerParams made{.port = 0, .monitoring_port = 0, .run = "run-9", .mode = views::MarketMode::demo};
        made.login.store = [this](const records::LoginChange& change, const LoginParams::Stored& done) {
            for (const records::AuditRow& row : change.audit) audit.push_back(row);
            done({});
        };
        made.ask_trading = [this](TradingRequest request, const auto& done) {
            asked.push_back(std::move(request));
            done(answer);
        };
        return made;
    }
    net::HttpResponse send(net::Method method, const std::string& path, const std::string& body,
                           const std::string& session) {
        std::vector<net::HttpHeader> headers{{"Content-Type", "application/json"}};
        if (!session.empty()) {
            headers.push_back({"Cookie", "vs=" + secret_of(session)});
            headers.push_back({"X-CSRF-Token", login::request_token(secret_of(session))});
        }
        std::optional<Result<net::HttpResponse>> result;
        client.send({.url = "http://127.0.0.1:" + std::to_string(server.port()) + path,
                     .method = method,
                     .headers = std::move(headers),
                     .body = body},
                    [&](Result<net::HttpResponse> response) { result = std::move(response); });
        EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }));
        return result && *result ? **result : net::HttpResponse{};
    }
    net::HttpResponse turn(const std::string& body, const std::string& session) {
        return send(net::Method::put, "/api/trading/kill-switch", body, session);
    }

    std::vector<records::AuditRow> audit;
    std::vector<TradingRequest> asked;
    Result<TradingDone> answer = TradingDone{.mode = risk::Mode::halted};
    obs::Metrics metrics;
    net::Loop loop;
    Server server{loop, params(), metrics};
    net::HttpClient client{loop, {}};
};

TEST_F(TradingWrites, AnybodyWhoIsLoggedInMayStopAndNobodyElse) {
    EXPECT_EQ(turn(R"({"on":true})", "").status, 401);
    EXPECT_TRUE(asked.empty());
    const auto stopped = turn(R"({"on":true,"reason":"odd prices"})", "vic");
    EXPECT_EQ(stopped.status, 200) << stopped.body;
    EXPECT_EQ(stopped.body, R"({"mode":"HALTED","is_stored":true,"text":null})");
    EXPECT_EQ(turn(R"({"on":true})", "ann").status, 200) << "without a code of the authenticator";
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].wish, TradingWish::halt);
    EXPECT_EQ(asked[0].who, "vic");
    EXPECT_EQ(asked[0].reason, "odd prices");
    EXPECT_EQ(asked[1].who, "ann");
    ASSERT_EQ(audit.size(), 2U);
    EXPECT_EQ(audit[0].user, "vic");
    EXPECT_EQ(audit[0].action, "kill switch on");
    EXPECT_EQ(audit[0].subject, "odd prices");
    EXPECT_EQ(audit[0].outcome, "done");
}

TEST_F(TradingWrites, ToGoOnNeedsTheRightToTradeTheCodeAndAReason) {
    const std::string off = R"({"on":false,"reason":"looked at it"})";
    EXPECT_EQ(turn(off, "vic").status, 403);
    EXPECT_NE(turn(off, "vic").body.find("scope 'trade'"), std::string::npos);
    EXPECT_NE(turn(off, "ann").body.find("code of your authenticator"), std::string::npos);
    EXPECT_EQ(turn(R"({"on":false})", "ann-coded").status, 400);
    EXPECT_TRUE(asked.empty()) << "what is refused does not reach the engine";
    answer = TradingDone{.mode = risk::Mode::active};
    EXPECT_EQ(turn(off, "ann-coded").status, 200);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].wish, TradingWish::release);
    EXPECT_EQ(audit.back().action, "kill switch off");
}

TEST_F(TradingWrites, ToCloseEverythingNeedsTheRightToTrade) {
    EXPECT_EQ(turn(R"({"on":true,"flatten":true})", "vic").status, 403);
    EXPECT_EQ(turn(R"({"on":false,"flatten":true,"reason":"x"})", "ann-coded").status, 400);
    EXPECT_EQ(turn(R"({"on":true,"flatten":true})", "ann-coded").status, 200);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].wish, TradingWish::flatten);
}

TEST_F(TradingWrites, APositionIsClosedByItsNumber) {
    const auto close = [&](const std::string& number, const std::string& session) {
        return send(net::Method::post, "/api/positions/" + number + "/close", "{}", session).status;
    };
    EXPECT_EQ(close("7", "vic"), 403);
    EXPECT_EQ(close("7", "ann"), 403) << "without a code";
    for (const char* none : {"0", "x", "-1", "bybit-linear-BTCUSDT"})
        EXPECT_EQ(close(none, "ann-coded"), 404) << none;
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(close("7", "ann-coded"), 200);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].wish, TradingWish::close);
    EXPECT_EQ(asked[0].trade, 7U);
}

TEST_F(TradingWrites, WhatTheEngineRefusesIsTheAnswerAndIsWrittenDown) {
    for (const auto& [code, status] :
         {std::pair{Errc::not_found, 404}, {Errc::refused, 409}, {Errc::unavailable, 503}, {Errc::io, 503}}) {
        answer = tl::unexpected<Error>(Error{code, "not as things stand"});
        const auto refused = turn(R"({"on":true})", "ann");
        EXPECT_EQ(refused.status, status);
        EXPECT_NE(refused.body.find("not as things stand"), std::string::npos);
        EXPECT_EQ(audit.back().outcome, "not as things stand");
    }
    answer = TradingDone{.mode = risk::Mode::halted, .not_stored = "the disk is full"};
    EXPECT_EQ(turn(R"({"on":true})", "ann").body, R"({"mode":"HALTED","is_stored":false,"text":"the disk is full"})");
}

TEST_F(TradingWrites, ReduceOnlyIsNotTheWayOutOfAHalt) {
    const auto turn_reduce = [&](const std::string& body, const std::string& session) {
        return send(net::Method::put, "/api/trading/reduce-only", body, session).status;
    };
    EXPECT_EQ(turn_reduce(R"({"on":true})", "vic"), 200);
    EXPECT_EQ(asked.back().wish, TradingWish::reduce);
    EXPECT_EQ(turn_reduce(R"({"on":false,"reason":"calm again"})", "vic"), 403);
    EXPECT_EQ(turn_reduce(R"({"on":false})", "ann-coded"), 400);
    EXPECT_EQ(turn_reduce(R"({"on":false,"reason":"calm again"})", "ann-coded"), 200);
    EXPECT_EQ(asked.back().wish, TradingWish::end_reducing) << "and not the release of whatever it is";
    answer = fail(Errc::refused, "trading is halted");
    EXPECT_EQ(turn_reduce(R"({"on":false,"reason":"calm again"})", "ann-coded"), 409);
}

TEST_F(TradingWrites, AnOrderIsTakenBackByItsId) {
    const auto cancel = [&](const std::string& order, const std::string& session) {
        return send(net::Method::remove, "/api/orders/" + order, "", session).status;
    };
    EXPECT_EQ(cancel("v3-77", ""), 401);
    EXPECT_EQ(cancel("v3-77", "vic"), 403);
    EXPECT_EQ(cancel("v3-77", "ann"), 403) << "without a code";
    for (const char* none : {"3-77", "v3", "v3-", "v3-x", "v-1-2"}) EXPECT_EQ(cancel(none, "ann-coded"), 404) << none;
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(cancel("v3-77", "ann-coded"), 200);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].wish, TradingWish::cancel);
    EXPECT_EQ(asked[0].order, (trading::ClientOrderId{3, 77}));
    EXPECT_EQ(asked[0].who, "ann");
    EXPECT_EQ(audit.back().action, "order cancel");
    EXPECT_EQ(audit.back().subject, "v3-77");
    answer = fail(Errc::refused, "it protects a position");
    EXPECT_EQ(cancel("v3-78", "ann-coded"), 409);
    EXPECT_EQ(audit.back().outcome, "it protects a position");
}

TEST(TradingWritesOff, WhereNothingIsTradedTheAnswerSaysWhatToDo) {
    obs::Metrics metrics;
    net::Loop loop;
    Server server(loop, {.port = 0, .monitoring_port = 0}, metrics);
    constexpr std::array kHeaders{net::HeaderView{"Host", "localhost"},
                                  net::HeaderView{"Content-Type", "application/json"}};
    const auto reply = server.routes().answer({.method = net::Method::put,
                                               .path = "/api/trading/kill-switch",
                                               .body = R"({"on":true})",
                                               .remote_address = "127.0.0.1",
                                               .headers = kHeaders});
    const auto* const answer = std::get_if<net::PreparedResponsePtr>(&reply);
    ASSERT_NE(answer, nullptr);
    EXPECT_EQ((*answer)->status, 503);
    EXPECT_NE((*answer)->identity.body.find("--trade paper"), std::string::npos) << (*answer)->identity.body;
}

}  // namespace
}  // namespace vt::api
