#include "api/api_fixture.hpp"
#include "api/embedded_pages.hpp"
#include "api/server.hpp"
#include "login/totp.hpp"
#include "net/certificate.hpp"
#include "net/tls.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace vt::api {
namespace {

constexpr const char* kPassword = "correct horse battery";
constexpr std::array kJson = {net::HeaderView{"Content-Type", "application/json"}};

/// A server with cheap hashes and a clock that is set by hand.
class LoginTest : public testing::Test {
protected:
    LoginTest() {
        const auto listening = server.listen();
        EXPECT_TRUE(listening) << listening.error().what;
    }
    ServerParams params() {
        ServerParams made{.port = 0, .monitoring_port = 0, .run = "run-8", .mode = views::MarketMode::demo};
        made.login.hashing.cost = {.passes = 1, .memory_bytes = 8 << 10};
        made.login.clock = [this] { return now; };
        made.login.trusted_proxies = {"127.0.0.1"};
        made.login.read_audit = [this](std::size_t, const std::string&, const LoginParams::Audited& done) {
            records::AuditPage page;
            for (const records::LoginChange& change : stored)
                page.rows.insert(page.rows.end(), change.audit.begin(), change.audit.end());
            done(page);
        };
        made.login.store = [this](const records::LoginChange& change, const LoginParams::Stored& done) {
            if (is_store_broken) return done(fail(Errc::unavailable, "the disk is full"));
            stored.push_back(change);
            done({});
        };
        // Routes that are there only where the program has what they speak of.
        made.list_history = [](const HistoryListed& done) { done(std::vector<StoredHistory>{}); };
        made.read_history = [](const history::Series& series, const history::PageQuery&, const HistoryRead& done) {
            done(history::Page{.rows = history::Table(series.kind)});
        };
        made.start_download = [](const DownloadOrder&) { return Result<Job>(Job{.id = "1"}); };
        made.list_jobs = [] { return std::vector<Job>{{.id = "1"}}; };
        made.cancel_job = [](const std::string&) { return Result<void>(); };
        made.start_replay = [](const std::string&, const std::string&, const ReplayStarted& done) {
            done(Job{.id = "1"});
        };
        return made;
    }
    using Headers = std::vector<net::HttpHeader>;
    net::HttpResponse ask(net::Method method, const std::string& path, std::string body = {}, Headers headers = {}) {
        std::optional<Result<net::HttpResponse>> result;
        if (!body.empty()) headers.push_back({"Content-Type", "application/json"});
        client.send({.url = "http://127.0.0.1:" + std::to_string(server.port()) + path,
                     .method = method,
                     .headers = std::move(headers),
                     .body = std::move(body)},
                    [&](Result<net::HttpResponse> answer) { result = std::move(answer); });
        EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }));
        if (!result || !*result) {
            ADD_FAILURE() << (result ? result->error().what : std::string("no answer"));
            return {};
        }
        return **result;
    }
    int status(net::Method method, const std::string& path, std::string body = {}, Headers headers = {}) {
        return ask(method, path, std::move(body), std::move(headers)).status;
    }
    static std::string member(const net::HttpResponse& response, const char* name) {
        simdjson::dom::parser parser;
        std::string_view value;
        if (parser.parse(response.body)[name].get(value) != simdjson::SUCCESS) return {};
        return std::string(value);
    }
    static std::string login_body(const std::string& user, const std::string& password) {
        return R"({"user":")" + user + R"(","password":")" + password + R"("})";
    }
    /// The cookie and the header of a session that an answer began.
    static Headers session_of(const net::HttpResponse& response) {
        const std::string cookie(response.header("Set-Cookie").value_or(""));
        return {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", member(response, "csrf_token")}};
    }
    std::string setup_token() {
        std::string secret;
        server.login().issue_setup([&](Result<std::string> issued) { secret = issued.value_or(""); });
        return secret;
    }
    Headers set_up() {
        server.login().replace({});
        const auto answer =
            ask(net::Method::post, "/api/auth/setup",
                R"({"token":")" + setup_token() + R"(","user":"ann","password":")" + kPassword + "\"}");
        EXPECT_EQ(answer.status, 200) << answer.body;
        return session_of(answer);
    }
    static Headers with(Headers headers, const net::HttpHeader& more) {
        headers.push_back(more);
        return headers;
    }
    std::string create_token(const Headers& session, const std::string& scope) {
        return member(ask(net::Method::post, "/api/tokens",
                          R"({"label":"bot","scope":")" + scope + R"(","password":")" + kPassword + "\"}", session),
                      "token");
    }

    static constexpr net::Method kGet = net::Method::get;
    static constexpr net::Method kPost = net::Method::post;
    const net::HttpHeader elsewhere{"X-Forwarded-For", "198.51.100.7"};
    Timestamp now = from_ms(1'800'000'000'000);
    bool is_store_broken = false;
    std::vector<records::LoginChange> stored;
    obs::Metrics metrics;
    net::Loop loop;
    Server server{loop, params(), metrics};
    net::HttpClient client{loop, {}};
};

TEST_F(LoginTest, NobodyIsLetInBeforeWhatIsStoredWasRead) {
    EXPECT_EQ(status(kPost, "/api/auth/login", login_body("ann", kPassword)), 503);
    EXPECT_EQ(status(kGet, "/api/tokens"), 503);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}"), 503);
    EXPECT_EQ(status(kGet, "/cache-metrics"), 200) << "the market is open on this machine";
}

TEST_F(LoginTest, BeforeThereIsAnAdminThisMachineMayChangeAndOthersMayNot) {
    server.login().replace({});
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}"), 200);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", {elsewhere}), 403);
    EXPECT_EQ(status(kGet, "/api/tokens"), 401);
    EXPECT_EQ(ask(kGet, "/api/auth/session").body.find("\"needs_setup\":true") == std::string::npos, false);
}

TEST_F(LoginTest, TheSetupTokenMakesOneAdminAndAWeakPasswordDoesNotUseItUp) {
    server.login().replace({});
    const std::string token = setup_token();
    const auto body = [&](const std::string& given, const std::string& password) {
        return R"({"token":")" + given + R"(","user":"ann","password":")" + password + "\"}";
    };
    EXPECT_EQ(status(kPost, "/api/auth/setup", body(token, "short")), 400);
    EXPECT_EQ(status(kPost, "/api/auth/setup", body("wrong", kPassword)), 403);
    const auto made = ask(kPost, "/api/auth/setup", body(token, kPassword));
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(status(kPost, "/api/auth/setup", body(token, kPassword)), 409);
    EXPECT_EQ(member(made, "role"), "admin");
}

TEST_F(LoginTest, TheCookieHasItsFlagsAndUnderTlsItsPrefix) {
    (void)set_up();
    const auto plain = ask(kPost, "/api/auth/login", login_body("ann", kPassword));
    const std::string cookie(plain.header("Set-Cookie").value_or(""));
    EXPECT_TRUE(cookie.starts_with("vs=")) << cookie;
    for (const char* part : {"; Path=/", "; HttpOnly", "; SameSite=Strict"})
        EXPECT_NE(cookie.find(part), std::string::npos) << cookie;
    EXPECT_EQ(cookie.find("Secure"), std::string::npos) << "the browser would not send it back";
    EXPECT_EQ(plain.header("Cache-Control"), "no-store");
    const auto secure =
        ask(kPost, "/api/auth/login", login_body("ann", kPassword), {elsewhere, {"X-Forwarded-Proto", "https"}});
    const std::string prefixed(secure.header("Set-Cookie").value_or(""));
    EXPECT_TRUE(prefixed.starts_with("__Host-vs=")) << prefixed;
    EXPECT_NE(prefixed.find("; Secure"), std::string::npos);
}

TEST_F(LoginTest, OnceThereIsAnAdminEveryChangeNeedsALoginAndItsHeader) {
    const Headers session = set_up();
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}"), 401);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", {session[0]}), 403) << "the cookie alone is what a form sends";
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", {session[0], {"X-CSRF-Token", "00"}}), 403);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", with(session, {"Origin", "http://evil.example"})), 403);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", with(session, {"Sec-Fetch-Site", "same-site"})), 403);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 200);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", {{"Cookie", session[0].value + "; " + session[0].value}}), 401)
        << "two cookies of one name";
}

TEST_F(LoginTest, DownloadsAndTheEndOfJobsNeedAnAdminAndHisRequestToken) {
    const std::string order = R"({"symbol":"bybit-linear-BTCUSDT","kind":"funding","from":"2026-01-01"})";
    EXPECT_EQ(status(kGet, "/api/jobs"), 200) << "on this machine the market is open";
    EXPECT_EQ(status(kGet, "/api/history/bybit-linear-BTCUSDT/funding"), 200);
    const Headers session = set_up();
    const Headers admin = {{"Authorization", "Bearer " + create_token(session, "admin")}};
    for (const auto& [method, path, body] : {std::tuple{kPost, "/api/history", order},
                                             std::tuple{net::Method::remove, "/api/jobs/1", std::string("{}")}}) {
        EXPECT_EQ(status(method, path, body), 401) << path;
        EXPECT_EQ(status(method, path, body, {session[0]}), 403) << path << ": without X-CSRF-Token";
        EXPECT_EQ(status(method, path, body, session), 200) << path;
        for (const char* scope : {"read", "trade"}) {
            const Headers token = {{"Authorization", "Bearer " + create_token(session, scope)}};
            EXPECT_EQ(status(method, path, body, token), 403) << path << " with a token of scope " << scope;
        }
        EXPECT_EQ(status(method, path, body, admin), 200) << path;
    }
}

TEST_F(LoginTest, WhoeverIsLoggedInMayHaveADecisionMadeAgain) {
    const std::string path = "/api/replay/00000000000000ab";
    const Headers session = set_up();
    const Headers reader = {{"Authorization", "Bearer " + create_token(session, "read")}};
    EXPECT_EQ(status(kPost, path, "{}"), 401);
    EXPECT_EQ(status(kPost, path, "{}", {session[0]}), 403) << "without X-CSRF-Token";
    EXPECT_EQ(status(kPost, path, "{}", session), 202);
    EXPECT_EQ(status(kPost, path, "{}", reader), 202) << "it changes nothing";
}

TEST_F(LoginTest, EveryRouteButThePublicOnesIsClosedToThoseElsewhere) {
    (void)set_up();
    std::size_t closed = 0;
    for (const Route& route : server.routes().routes()) {
        if (route.access == Access::open) continue;
        std::string path = route.pattern;
        if (const auto at = path.find('{'); at != std::string::npos)
            path.replace(at, path.find('}') - at + 1, "BTCUSDT");
        const auto answer = ask(route.method, path, route.method == kPost ? "{}" : "", {elsewhere});
        EXPECT_EQ(answer.status, 401) << net::name(route.method) << " " << path;
        EXPECT_TRUE(answer.header("WWW-Authenticate").has_value()) << path;
        ++closed;
    }
    EXPECT_GT(closed, 20U);
    EXPECT_EQ(status(kGet, "/health/live", "", {elsewhere}), 200);
    if (has_embedded_pages()) {
        for (const auto& [page, login] : {std::pair{"/", "login"}, {"/mobile", "login?next=mobile"}}) {
            const auto answer = ask(kGet, page, "", {elsewhere});
            EXPECT_EQ(answer.status, 303);
            EXPECT_EQ(answer.header("Location"), login) << "relative: it holds below a sub-path";
            EXPECT_EQ(answer.header("Cache-Control"), "no-store");
        }
        EXPECT_EQ(status(kGet, "/login", "", {elsewhere}), 200);
    }
    net::RawSocket socket(server.port());
    socket.write(
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "X-Forwarded-For: 198.51.100.7\r\n\r\n");
    EXPECT_TRUE(loop.run_until([&] {
        socket.drain();
        return socket.is_ended || socket.received.find("\r\n\r\n") != std::string::npos;
    }));
    EXPECT_TRUE(socket.received.starts_with("HTTP/1.1 401")) << socket.received;
}

TEST_F(LoginTest, WrongNamesAndWrongPasswordsAreAnsweredAlikeAndGuessingHeals) {
    (void)set_up();
    const auto wrong = ask(kPost, "/api/auth/login", login_body("ann", "not the password"));
    const auto nobody = ask(kPost, "/api/auth/login", login_body("eve", "not the password"));
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.body, nobody.body);
    for (int i = 2; i < 10; ++i) EXPECT_EQ(status(kPost, "/api/auth/login", login_body("ann", "again wrong")), 401);
    const auto late = ask(kPost, "/api/auth/login", login_body("ann", kPassword));
    EXPECT_EQ(late.status, 429);
    EXPECT_EQ(late.header("Retry-After"), "6");
    EXPECT_EQ(ask(kPost, "/api/auth/login", login_body("ann", kPassword), {elsewhere}).status, 200)
        << "from another address";
    now += std::chrono::seconds{6};
    EXPECT_EQ(status(kPost, "/api/auth/login", login_body("ann", kPassword)), 200);
}

TEST_F(LoginTest, ATokenAllowsItsScopeIsShownOnceAndEndsWhenRevoked) {
    const Headers session = set_up();
    EXPECT_EQ(status(kPost, "/api/tokens", R"({"label":"bot","password":"wrong"})", session), 401);
    const std::string read = create_token(session, "read");
    const std::string admin = create_token(session, "admin");
    ASSERT_TRUE(read.starts_with("vt_")) << read;
    const Headers reader = {{"Authorization", "Bearer " + read}, elsewhere};
    const Headers owner = {{"Authorization", "Bearer " + admin}, elsewhere};
    EXPECT_EQ(status(kGet, "/cache-metrics", "", reader), 200);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", reader), 403);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", owner), 200);
    EXPECT_EQ(status(kGet, "/api/audit", "", reader), 403);
    EXPECT_EQ(status(kPost, "/api/tokens", R"({"label":"x","password":"y"})", owner), 403)
        << "a token makes no token";
    const auto listed = ask(kGet, "/api/tokens", "", session);
    EXPECT_EQ(listed.body.find(read.substr(20)), std::string::npos);
    EXPECT_EQ(status(net::Method::remove, "/api/tokens?id=" + read.substr(3, 16), "", session), 200);
    EXPECT_EQ(status(kGet, "/cache-metrics", "", reader), 401);
    now += std::chrono::hours{24 * 91};
    EXPECT_EQ(status(kGet, "/cache-metrics", "", owner), 401) << "expired";
}

TEST_F(LoginTest, LogoutEndsOneSessionOrAllAndANewPasswordTheOthers) {
    const Headers one = set_up();
    const Headers two = session_of(ask(kPost, "/api/auth/login", login_body("ann", kPassword)));
    const auto out = ask(kPost, "/api/auth/logout", "{}", one);
    EXPECT_EQ(out.status, 200);
    EXPECT_TRUE(out.header("Clear-Site-Data").has_value());
    EXPECT_NE(std::string(out.header("Set-Cookie").value_or("")).find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(status(kGet, "/api/tokens", "", one), 401);
    EXPECT_EQ(status(kGet, "/api/tokens", "", two), 200);
    const auto changed =
        ask(kPost, "/api/auth/password", R"({"current":"correct horse battery","new":"another long password"})", two);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(status(kGet, "/api/tokens", "", two), 401) << "the session is another one now";
    const Headers three = session_of(changed);
    EXPECT_EQ(status(kGet, "/api/tokens", "", three), 200);
    EXPECT_EQ(status(kPost, "/api/auth/login", login_body("ann", kPassword)), 401);
    EXPECT_EQ(status(kPost, "/api/auth/logout", R"({"everywhere":true})", three), 200);
    EXPECT_EQ(status(kGet, "/api/tokens", "", three), 401);
}

TEST_F(LoginTest, ASecondLoginEndsTheSessionThatItCameWith) {
    const Headers one = set_up();
    const Headers two = session_of(ask(kPost, "/api/auth/login", login_body("ann", kPassword), {one[0]}));
    EXPECT_NE(one[0].value, two[0].value);
    EXPECT_EQ(status(kGet, "/api/tokens", "", one), 401);
    EXPECT_EQ(status(kGet, "/api/tokens", "", two), 200);
}

TEST_F(LoginTest, WithASecondFactorChangesNeedACodeThatIsNotTakenAgain) {
    const Headers session = set_up();
    const auto offered = ask(net::Method::put, "/api/auth/totp", R"({"password":"correct horse battery"})", session);
    const std::string key = *login::from_base32(member(offered, "secret"));
    const auto code = [&](std::int64_t off) {
        return R"({"code":")" + login::totp_code(key, login::totp_step(now) + off) + "\"}";
    };
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 200) << "not before the first code";
    EXPECT_EQ(status(kPost, "/api/auth/totp", R"({"code":"000000"})", session), 403);
    EXPECT_EQ(status(kPost, "/api/auth/totp", code(0), session), 200);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 403);
    EXPECT_EQ(status(kPost, "/api/auth/totp", code(0), session), 403) << "used";
    EXPECT_EQ(status(kPost, "/api/auth/totp", code(1), session), 200);
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 200);
    now += std::chrono::minutes{5};
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 403);
    EXPECT_EQ(status(net::Method::remove, "/api/auth/totp", R"({"password":"correct horse battery"})", session), 403);
    EXPECT_EQ(status(kPost, "/api/auth/totp", code(0), session), 200);
    EXPECT_EQ(status(net::Method::remove, "/api/auth/totp", R"({"password":"correct horse battery"})", session), 200);
    now += std::chrono::minutes{5};
    EXPECT_EQ(status(kPost, "/api/cache/flush", "{}", session), 200);
}

TEST_F(LoginTest, ItsRoutesAnswerWhatTheirSchemasSay) {
    const Document openapi(ask(kGet, "/openapi.json").body);
    ASSERT_TRUE(openapi.is_valid);
    const auto fault = [&](const net::HttpResponse& answer, std::string_view schema) {
        const Document document(answer.body);
        return document.is_valid ? SchemaCheck(openapi.root).fault(document.root, schema) : "not JSON";
    };
    EXPECT_EQ(fault(ask(kGet, "/api/auth/session"), "Session"), "");
    const Headers session = set_up();
    EXPECT_EQ(fault(ask(kPost, "/api/auth/login", login_body("ann", kPassword)), "Session"), "");
    EXPECT_EQ(fault(ask(kGet, "/api/auth/session", "", session), "Session"), "");
    EXPECT_EQ(fault(ask(kPost, "/api/tokens", R"({"label":"bot","password":"correct horse battery"})", session),
                    "CreatedToken"),
              "");
    EXPECT_EQ(fault(ask(kGet, "/api/tokens", "", session), "Tokens"), "");
    EXPECT_EQ(fault(ask(kGet, "/api/audit", "", session), "Audit"), "");
    EXPECT_EQ(fault(ask(net::Method::put, "/api/auth/totp", R"({"password":"correct horse battery"})", session),
                    "OfferedCodes"),
              "");
    EXPECT_EQ(fault(ask(kPost, "/api/auth/logout", "{}", session), "Done"), "");
    EXPECT_EQ(fault(ask(kGet, "/api/tokens", "", session), "Problem"), "");
}

TEST_F(LoginTest, WhatCouldNotBeStoredWasNotDone) {
    const Headers session = set_up();
    is_store_broken = true;
    EXPECT_EQ(status(kPost, "/api/auth/login", login_body("ann", kPassword)), 503);
    EXPECT_EQ(create_token(session, "read"), "");
    EXPECT_EQ(status(kPost, "/api/auth/logout", "{}", session), 503);
    EXPECT_EQ(status(kGet, "/api/tokens", "", session), 200) << "who is in stays in";
    EXPECT_EQ(ask(kGet, "/api/tokens", "", session).body, R"({"tokens":[]})");
}

TEST_F(LoginTest, TheAuditSaysWhoDidWhatAndHoldsNoSecret) {
    const Headers session = set_up();
    const std::string token = create_token(session, "read");
    (void)ask(kPost, "/api/auth/login", login_body("canary-password", "canary-second"));
    (void)ask(kPost, "/api/auth/login", login_body("ann", "canary-third"));
    const auto audit = ask(kGet, "/api/audit", "", session);
    EXPECT_EQ(audit.status, 200);
    for (const char* part : {"\"setup\"", "\"token create\"", "wrong name or password", "127.0.0.1", "\"ann\""})
        EXPECT_NE(audit.body.find(part), std::string::npos) << part;
    std::string all = audit.body;
    for (const records::LoginChange& change : stored) {
        for (const auto& row : change.audit) all += row.user + row.subject + row.outcome;
        for (const auto& row : change.sessions) all += row.id + row.hash;
        for (const auto& row : change.tokens) all += row.id + row.hash + row.label;
        for (const auto& row : change.users) all += row.password_hash;
    }
    const std::string cookie = session[0].value.substr(3);
    for (const std::string& secret :
         {std::string("canary"), std::string(kPassword), cookie, session[1].value, token.substr(20)})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

TEST_F(LoginTest, AFloodOfRefusalsIsCountedAndNotWrittenDown) {
    (void)set_up();
    stored.clear();
    for (int i = 0; i < 9; ++i) (void)ask(kPost, "/api/auth/login", login_body("ann", "wrong password"));
    EXPECT_EQ(stored.size(), 6U);
    now += std::chrono::seconds{10};
    (void)ask(kPost, "/api/auth/login", login_body("ann", "wrong password"));
    ASSERT_EQ(stored.size(), 7U);
    EXPECT_NE(stored.back().audit.front().outcome.find("3 more before it"), std::string::npos);
}

TEST_F(LoginTest, WhoReadsWithoutALoginIsChangedWhileItServes) {
    EXPECT_EQ(status(net::Method::get, "/api/auth/session"), 200);
    const int open = status(net::Method::get, "/cache-metrics");
    EXPECT_EQ(open, 200);
    server.change_access({.anonymous_read = AnonymousRead::never});
    EXPECT_EQ(status(net::Method::get, "/cache-metrics"), 401);
    const Headers passed_on = {{"X-Forwarded-For", "192.0.2.9"}};
    server.change_access({.anonymous_read = AnonymousRead::always});
    EXPECT_EQ(status(net::Method::get, "/cache-metrics", {}, passed_on), 200);
    server.change_access({.anonymous_read = AnonymousRead::loopback});
    EXPECT_EQ(status(net::Method::get, "/cache-metrics", {}, passed_on), 401);
}

TEST_F(LoginTest, ASocketEndsWithTheLoginThatOpenedIt) {
    const Headers session = set_up();
    net::RawSocket socket(server.port());
    socket.write(
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "X-Forwarded-For: 198.51.100.7\r\nCookie: " +
        session[0].value + "\r\n\r\n");
    const auto has = [&](std::string_view part) {
        socket.drain();
        return socket.received.find(part) != std::string::npos;
    };
    EXPECT_TRUE(loop.run_until([&] { return has("hello"); })) << socket.received;
    EXPECT_TRUE(socket.received.starts_with("HTTP/1.1 101")) << socket.received;
    EXPECT_EQ(status(kPost, "/api/auth/logout", "{}", session), 200);
    EXPECT_TRUE(loop.run_until([&] { return has("logged out"); })) << "a close frame with its reason";
}

TEST(LoginOverTls, TheServerSpeaksTlsAndItsCookieIsSecure) {
    const auto authority = net::make_test_authority("login test");
    ASSERT_TRUE(authority.has_value());
    const auto leaf = authority->issue();
    ASSERT_TRUE(leaf.has_value()) << leaf.error().what;
    net::Loop loop;
    obs::Metrics metrics;
    ServerParams params{.port = 0, .monitoring_port = 0, .run = "run-9", .mode = views::MarketMode::demo};
    params.login.hashing.cost = {.passes = 1, .memory_bytes = 8 << 10};
    params.login.has_tls = true;
    params.tls = *net::TlsContext::server({.certificate_pem = leaf->certificate_pem, .key_pem = leaf->key_pem});
    Server server(loop, std::move(params), metrics);
    ASSERT_TRUE(server.listen().has_value());
    std::string token;
    server.login().issue_setup([&](Result<std::string> issued) { token = issued.value_or(""); });
    net::HttpClient client(loop,
                           {.tls = *net::TlsContext::client({.authorities_pem = authority->certificate_pem()})});
    std::optional<Result<net::HttpResponse>> answer;
    client.send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/api/auth/setup",
                 .method = net::Method::post,
                 .headers = {{"Content-Type", "application/json"},
                             {"Origin", "https://127.0.0.1:" + std::to_string(server.port())}},
                 .body = R"({"user":"ann","password":"correct horse battery","token":")" + token + "\"}"},
                [&](Result<net::HttpResponse> got) { answer = std::move(got); });
    ASSERT_TRUE(loop.run_until([&] { return answer.has_value(); }));
    ASSERT_TRUE(answer->has_value()) << answer->error().what;
    EXPECT_EQ((*answer)->status, 200) << (*answer)->body;
    const std::string cookie((*answer)->header("Set-Cookie").value_or(""));
    EXPECT_TRUE(cookie.starts_with("__Host-vs=")) << cookie;
    EXPECT_NE(cookie.find("; Secure"), std::string::npos);
    EXPECT_EQ((*answer)->header("Strict-Transport-Security"), "max-age=31536000");
}

TEST_F(LoginTest, AChangeThatIsSentAgainWithItsKeyIsCarriedOutOnce) {
    const Headers session = with(set_up(), {"Idempotency-Key", "7d1e"});
    const std::string wish = R"({"label":"bot","password":")" + std::string(kPassword) + "\"}";
    const auto first = ask(kPost, "/api/tokens", wish, session);
    ASSERT_EQ(first.status, 200) << first.body;
    EXPECT_FALSE(first.header("Strict-Transport-Security")) << "this connection is plain";
    const auto again = ask(kPost, "/api/tokens", wish, session);
    EXPECT_EQ(again.body, first.body) << "the answer that was lost, with the token that is shown once";
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(server.login().accounts().tokens().size(), 1U);
    EXPECT_EQ(status(kPost, "/api/tokens", R"({"label":"other","password":"x"})", session), 422);
    EXPECT_EQ(status(kPost, "/api/tokens", wish, {{"Idempotency-Key", "7d1e"}}), 401)
        << "nobody gets it without a login";
    EXPECT_EQ(status(kPost, "/api/tokens", wish), 401);
}

TEST_F(LoginTest, TheSessionSaysWhetherTheMarketMayBeRead) {
    const Headers session = set_up();
    const auto says = [&](const Headers& headers) {
        return ask(kGet, "/api/auth/session", "", headers).body.find("\"may_read_market\":true") != std::string::npos;
    };
    EXPECT_TRUE(says({}));
    EXPECT_FALSE(says({elsewhere}));
    EXPECT_TRUE(says(with(session, elsewhere)));
}

TEST(LoginWithoutADatabase, TheAuditHasPagesToo) {
    net::Loop loop;
    obs::Metrics metrics;
    Server server(loop, {.port = 0, .monitoring_port = 0, .run = "run-9"}, metrics);
    const auto route = std::find_if(server.routes().routes().begin(), server.routes().routes().end(),
                                    [](const Route& one) { return one.pattern == "/api/audit"; });
    ASSERT_NE(route, server.routes().routes().end());
    for (int i = 0; i < 3; ++i) {  // each is refused, and written down
        const auto reply =
            server.routes().answer({.method = net::Method::post,
                                    .path = "/api/auth/setup",
                                    .body = R"({"token":"x","user":"ann","password":"three or four words"})",
                                    .remote_address = "127.0.0.1",
                                    .headers = kJson});
        EXPECT_EQ(std::get<net::PreparedResponsePtr>(reply)->status, 403);
    }
    std::vector<std::string> seen;
    std::string query = "limit=2";
    for (int pages = 0; pages < 2; ++pages) {
        const net::HttpRequest request{.path = "/api/audit", .query = query};
        const auto reply = route->handler(Call{.request = request, .parameters = {}});
        const Document page(std::get<net::PreparedResponsePtr>(reply)->identity.body);
        for (const auto& entry : page.root["entries"].get_array())
            seen.emplace_back(entry["action"].get_string().value());
        const std::string cursor(page.root["next_cursor"].get_string().value());
        EXPECT_EQ(cursor.empty(), pages == 1);
        query = "limit=2&cursor=" + cursor;
    }
    EXPECT_EQ(seen, (std::vector<std::string>(3, "setup")));
    const net::HttpRequest wrong{.path = "/api/audit", .query = "cursor=none"};
    const auto refused = route->handler(Call{.request = wrong, .parameters = {}});
    EXPECT_EQ(std::get<net::PreparedResponsePtr>(refused)->status, 400);
}

}  // namespace
}  // namespace vt::api
