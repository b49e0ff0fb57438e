#include "net/net_fixture.hpp"
#include "net/proxy_fixture.hpp"

namespace vt::net {
namespace {

class ProxyTest : public NetTest {
protected:
    Result<HttpResponse> fetch_by(const Route& route, const std::string& url) {
        HttpClient client(loop, {.tls = client_tls(), .route = route});
        return fetch(client, {.url = url});
    }
    /// The error of a request through a proxy that answers these bytes.
    std::string error_after(ProxyKind kind, std::string answer, const std::string& user = {}) {
        TestProxy proxy(loop, kind, user, user);
        proxy.raw_answer = std::move(answer);
        const auto got = fetch_by({.proxy = proxy.proxy()}, "https://localhost:1/");
        return got ? "(accepted)" : got.error().what;
    }
    static bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }
};

TEST_F(ProxyTest, RestAndStreamsGoThroughBothKinds) {
    const auto server = serve({.tls = server_tls()}, echo);
    const std::string port = std::to_string(server->port());
    for (const ProxyKind kind : {ProxyKind::http_connect, ProxyKind::socks5}) {
        for (const bool has_login : {false, true}) {
            TestProxy proxy(loop, kind, has_login ? "user" : "", has_login ? "pass word" : "");
            for (const std::string host : {"localhost", "127.0.0.1"}) {
                const auto got = fetch_by({.proxy = proxy.proxy()}, "https://" + host + ":" + port + "/");
                ASSERT_TRUE(got) << got.error().what;
                EXPECT_EQ(got->status, 404);
                EXPECT_EQ(proxy.targets.back(), host + ":" + port) << "the proxy resolves the name";
            }
            ClientRecord record;
            WebSocketClient socket(
                loop,
                {.url = "wss://localhost:" + port + "/", .tls = client_tls(), .route = {.proxy = proxy.proxy()}},
                record.callbacks());
            socket.connect();
            ASSERT_TRUE(loop.run_until([&] { return record.is_open || !record.closes.empty(); }));
            ASSERT_TRUE(record.is_open) << record.closes[0].text;
            ASSERT_TRUE(socket.send("hello"));
            ASSERT_TRUE(loop.run_until([&] { return !record.texts.empty(); }));
            EXPECT_EQ(record.texts[0], "hello");
            EXPECT_EQ(proxy.targets.size(), 3U);
        }
    }
}

TEST_F(ProxyTest, AWrongLoginIsNamed) {
    for (const ProxyKind kind : {ProxyKind::http_connect, ProxyKind::socks5}) {
        TestProxy proxy(loop, kind, "user", "pass word");
        Proxy wrong = proxy.proxy();
        wrong.password = "secret";
        auto got = fetch_by({.proxy = wrong}, "https://localhost:1/");
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().code, Errc::refused);
        EXPECT_TRUE(has(got.error().what, "refuses the user or the password")) << got.error().what;
        EXPECT_FALSE(has(got.error().what, "secret"));
        wrong.user.clear();
        got = fetch_by({.proxy = wrong}, "https://localhost:1/");
        ASSERT_FALSE(got);
        EXPECT_TRUE(has(got.error().what, "wants a user and a password")) << got.error().what;
    }
}

TEST_F(ProxyTest, ATargetThatCannotBeReachedIsTheProxysWord) {
    TestProxy http(loop, ProxyKind::http_connect);
    const auto by_http = fetch_by({.proxy = http.proxy()}, "https://localhost:1/");
    ASSERT_FALSE(by_http);
    EXPECT_TRUE(has(by_http.error().what, "HTTP 502 Bad Gateway")) << by_http.error().what;
    TestProxy socks(loop, ProxyKind::socks5);
    const auto by_socks = fetch_by({.proxy = socks.proxy()}, "https://localhost:1/");
    ASSERT_FALSE(by_socks);
    EXPECT_TRUE(has(by_socks.error().what, "connection refused (5)")) << by_socks.error().what;
}

TEST_F(ProxyTest, EverySocksErrorHasItsName) {
    const char* const names[] = {"general failure",       "not allowed by its rules",   "network unreachable",
                                 "host unreachable",      "connection refused",         "time to live expired",
                                 "command not supported", "address type not supported", "unknown error"};
    for (int code = 1; code <= 9; ++code) {
        const std::string answer = std::string("\x05\x00\x05", 3) + static_cast<char>(code) +
                                   std::string("\x00\x01\x00\x00\x00\x00\x00\x00", 8);
        EXPECT_TRUE(has(error_after(ProxyKind::socks5, answer), names[code - 1])) << code;
    }
}

TEST_F(ProxyTest, AnswersThatEndEarlyOrMakeNoSenseAreErrors) {
    const std::string whole = std::string("\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
    for (std::size_t length = 1; length < whole.size(); ++length) {
        EXPECT_TRUE(has(error_after(ProxyKind::socks5, whole.substr(0, length)), "ended its answer early")) << length;
    }
    EXPECT_TRUE(has(error_after(ProxyKind::socks5, std::string("\x04\x00", 2)), "does not speak SOCKS5"));
    EXPECT_TRUE(has(error_after(ProxyKind::socks5, std::string("\x05\x01", 2)), "wants a user"));
    EXPECT_TRUE(has(error_after(ProxyKind::socks5, std::string("\x05\xff", 2), "u"), "none of our ways"));
    EXPECT_TRUE(has(error_after(ProxyKind::socks5, std::string("\x05\x00\x05\x00\x00\x09\x00", 7)), "unknown type"));
    EXPECT_TRUE(has(error_after(ProxyKind::http_connect, "HTTP/1.1 200 OK\r\n"), "ended its answer early"));
    EXPECT_TRUE(has(error_after(ProxyKind::http_connect, "SSH-2.0-OpenSSH\r\n\r\n"), "does not speak HTTP"));
    EXPECT_TRUE(has(error_after(ProxyKind::http_connect, std::string(9000, 'x')), "has no end"));
    EXPECT_TRUE(has(error_after(ProxyKind::http_connect, "HTTP/1.1 403 Forbidden by policy\r\n\r\n"),
                    "HTTP 403 Forbidden by policy"));
}

TEST_F(ProxyTest, TheTargetsCertificateIsCheckedBehindAProxyToo) {
    const auto server = serve({.tls = server_tls({.names = {"api.bybit.com"}})}, echo);
    TestProxy proxy(loop, ProxyKind::socks5);
    const auto got = fetch_by({.proxy = proxy.proxy()}, "https://localhost:" + std::to_string(server->port()) + "/");
    ASSERT_FALSE(got);
    EXPECT_TRUE(has(got.error().what, "hostname mismatch")) << got.error().what;
}

TEST_F(ProxyTest, ConnectionsLeaveByTheLocalAddress) {
    TestProxy proxy(loop, ProxyKind::http_connect);
    const auto server = serve({.tls = server_tls()}, echo);
    const std::string url = "https://127.0.0.1:" + std::to_string(server->port()) + "/";
    ASSERT_TRUE(fetch_by({.proxy = proxy.proxy(), .local_address = "127.0.0.7"}, url));
    EXPECT_EQ(proxy.peers.back(), "127.0.0.7");
    const auto foreign = fetch_by({.local_address = "192.0.2.1"}, url);
    ASSERT_FALSE(foreign);
    EXPECT_TRUE(has(foreign.error().what, "from 192.0.2.1")) << foreign.error().what;
}

TEST(ProxyText, IsReadOrRefusedAndNeverShownWithItsPassword) {
    const auto http = parse_proxy("http://user:p%40ss%20word@proxy.example:3128");
    ASSERT_TRUE(http) << http.error().what;
    EXPECT_EQ(http->kind, ProxyKind::http_connect);
    EXPECT_EQ(http->host, "proxy.example");
    EXPECT_EQ(http->port, 3128);
    EXPECT_EQ(http->user, "user");
    EXPECT_EQ(http->password, "p@ss word");
    const auto socks = parse_proxy("socks5h://[::1]:1080");
    ASSERT_TRUE(socks) << socks.error().what;
    EXPECT_EQ(socks->kind, ProxyKind::socks5);
    EXPECT_EQ(socks->host, "::1");
    for (const char* bad :
         {"", "proxy:3128", "https://proxy:1", "http://proxy", "http://[::1]", "http://:3128", "socks5://proxy:0",
          "http://proxy:3128/path", "http://:hidden@proxy:3128", "http://u:%zz@proxy:3128"}) {
        const auto refused = parse_proxy(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().what.find("hidden"), std::string::npos);
    }
    EXPECT_EQ(without_password("http://user:hidden@proxy:1"), "http://user:***@proxy:1");
    EXPECT_EQ(without_password("http://proxy:1"), "http://proxy:1");
    EXPECT_EQ(without_password("user:hid@den@proxy"), "user:***@proxy");
}

}  // namespace
}  // namespace vt::net
