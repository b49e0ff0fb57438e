#include "net/net_fixture.hpp"

namespace vt::net {
namespace {

class Tls : public NetTest {
protected:
    /// What a client that trusts our authority says to a server with this certificate, over HTTPS and over WSS.
    void expect_refused(const TlsContext& server_context, std::string_view host, std::string_view reason) {
        const auto server = serve({.tls = server_context, .allowed_hosts = {std::string(host), "localhost"}}, echo);
        const std::string authority_part = std::string(host) + ":" + std::to_string(server->port());
        HttpClient http(loop, {.tls = client_tls()});
        const auto answer = fetch(http, {.url = "https://" + authority_part + "/"});
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::refused);
        EXPECT_NE(answer.error().what.find(reason), std::string::npos) << answer.error().what;
        ClientRecord record;
        WebSocketClient socket(loop, {.url = "wss://" + authority_part + "/", .tls = client_tls()},
                               record.callbacks());
        socket.connect();
        ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));
        EXPECT_NE(record.closes[0].text.find(reason), std::string::npos) << record.closes[0].text;
        EXPECT_EQ(server->counters().requests, 0U);
    }
};

TEST_F(Tls, NamesAndAddressesOfTheCertificateAreAccepted) {
    const auto server = serve({.tls = server_tls({.names = {"localhost", "127.0.0.1"}})}, echo);
    HttpClient client(loop, {.tls = client_tls()});
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const auto got =
            fetch(client, {.url = "https://" + std::string(host) + ":" + std::to_string(server->port())});
        ASSERT_TRUE(got) << got.error().what;
        EXPECT_EQ(got->status, 404);
    }
}

TEST_F(Tls, ExpiredCertificateIsRefused) {
    expect_refused(server_tls({.not_after = from_ms(1'500'000'000'000)}), "127.0.0.1", "certificate has expired");
}

TEST_F(Tls, CertificateOfTheFutureIsRefused) {
    expect_refused(server_tls({.not_before = from_ms(4'000'000'000'000)}), "127.0.0.1", "not yet valid");
}

TEST_F(Tls, CertificateOfAnotherHostIsRefused) {
    expect_refused(server_tls({.names = {"api.bybit.com"}}), "localhost", "hostname mismatch");
    expect_refused(server_tls({.names = {"localhost", "10.0.0.1"}}), "127.0.0.1", "IP address mismatch");
}

TEST_F(Tls, SelfSignedCertificateIsRefused) {
    const auto own = make_self_signed();
    ASSERT_TRUE(own);
    expect_refused(*TlsContext::server({own->certificate_pem, own->key_pem}), "127.0.0.1", "self-signed certificate");
}

TEST_F(Tls, CertificateOfAnUnknownAuthorityIsRefused) {
    const auto other = make_test_authority("another authority");
    const auto leaf = other->issue();
    expect_refused(*TlsContext::server({leaf->certificate_pem, leaf->key_pem}), "127.0.0.1",
                   "unable to get local issuer certificate");
}

TEST_F(Tls, ALeafCannotActAsAnAuthority) {
    const auto leaf = authority.issue();
    const auto own = make_self_signed();
    const auto context = TlsContext::server({own->certificate_pem + leaf->certificate_pem, own->key_pem});
    ASSERT_TRUE(context);
    expect_refused(*context, "127.0.0.1", "certificate");
}

TEST_F(Tls, AClientThatKnowsTheCertificateAcceptsItAndNoOther) {
    const auto own = make_self_signed({.names = {"box.example"}, .not_after = from_ms(1'500'000'000'000)});
    const auto issued = authority.issue();
    ASSERT_TRUE(own && issued);
    const auto server = serve(
        {.tls = *TlsContext::server({own->certificate_pem, own->key_pem}), .allowed_hosts = {"127.0.0.1"}}, echo);
    const std::string url = "https://127.0.0.1:" + std::to_string(server->port());
    for (const std::string& chain : {own->certificate_pem, own->certificate_pem + authority.certificate_pem()}) {
        const auto knows = TlsContext::client({.only_certificate_pem = chain});
        ASSERT_TRUE(knows) << knows.error().what;
        HttpClient client(loop, {.tls = *knows});
        EXPECT_TRUE(fetch(client, {.url = url})) << "whatever its name, its date and who signed it";
    }
    // Not even one that an authority signed, and not one that a trusted one signed where this is expected.
    const auto another = TlsContext::client({.only_certificate_pem = issued->certificate_pem});
    HttpClient stranger(loop, {.tls = *another});
    const auto refused = fetch(stranger, {.url = url});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
    EXPECT_NE(refused.error().what.find("certificate rejected"), std::string::npos) << refused.error().what;
    const auto signer = serve({.tls = *TlsContext::server({issued->certificate_pem, issued->key_pem})}, echo);
    HttpClient by_authority(loop,
                            {.tls = *TlsContext::client({.only_certificate_pem = authority.certificate_pem()})});
    EXPECT_FALSE(fetch(by_authority, {.url = "https://127.0.0.1:" + std::to_string(signer->port())}))
        << "the authority's own is not the server's";
    EXPECT_EQ(TlsContext::client({.only_certificate_pem = "nonsense"}).error().code, Errc::configuration);
}

TEST_F(Tls, TheSystemsAuthoritiesDoNotTrustOurs) {
    const auto server = serve({.tls = server_tls()}, echo);
    auto system = TlsContext::client();
    ASSERT_TRUE(system) << system.error().what;
    HttpClient client(loop, {.tls = *system});
    const auto got = fetch(client, {.url = "https://localhost:" + std::to_string(server->port())});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::refused);
}

TEST_F(Tls, APlainServerIsNotSpokenToInPlain) {
    const auto server = serve({}, echo);
    HttpClient client(loop, {.tls = client_tls()});
    const auto got = fetch(client, {.url = "https://localhost:" + std::to_string(server->port())});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::refused);
    EXPECT_EQ(server->counters().requests, 0U);
}

TEST_F(Tls, AHandshakeThatStallsEndsInTime) {
    const auto server = serve(
        {.tls = server_tls(),
         .limits = {.header_timeout = std::chrono::milliseconds{100}, .sweep_every = std::chrono::milliseconds{20}}},
        echo);
    RawSocket silent(server->port());
    silent.write("\x16\x03\x01");
    EXPECT_TRUE(loop.run_until([&] {
        silent.drain();
        return silent.is_ended;
    }));
    EXPECT_EQ(server->counters().timeouts, 1U);
}

/// A server that takes a connection and does as a script says, byte by byte.
class ScriptedServer {
public:
    ScriptedServer() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        EXPECT_EQ(::listen(descriptor_, 8), 0);
        socklen_t length = sizeof(address);
        EXPECT_EQ(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length), 0);
        port_ = ntohs(address.sin_port);
    }
    ~ScriptedServer() {
        if (peer_ >= 0) ::close(peer_);
        ::close(descriptor_);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Answers the first bytes of the peer with `bytes`.
    void work(std::string_view bytes) {
        if (peer_ < 0) peer_ = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK);
        char part[4096];
        if (peer_ < 0 || has_answered_ || ::recv(peer_, part, sizeof(part), 0) <= 0) return;
        has_answered_ = true;
        (void)::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    /// Carries bytes between the peer and `there`, up to this many of the peer's flights, of which the last is kept.
    void relay(RawSocket& there, int flights) {
        if (peer_ < 0) peer_ = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK);
        if (peer_ < 0) return;
        there.drain();
        send(there.received);
        there.received.clear();
        char part[65536];
        const ssize_t count = flights_ < flights ? ::recv(peer_, part, sizeof(part), 0) : 0;
        if (count > 0 && ++flights_ < flights) there.write({part, static_cast<std::size_t>(count)});
    }
    void send(std::string_view bytes) const {
        if (!bytes.empty()) (void)::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    [[nodiscard]] int flights() const { return flights_; }

private:
    int descriptor_;
    int peer_ = -1;
    int flights_ = 0;
    bool has_answered_ = false;
    std::uint16_t port_ = 0;
};

class TlsScript : public NetTest {
protected:
    /// The error of a request to a server that answers the hello with `bytes`.
    Error error_after(std::string_view bytes, Nanos connect_timeout = std::chrono::seconds{5}) {
        ScriptedServer server;
        HttpClient client(loop, {.tls = client_tls(), .connect_timeout = connect_timeout});
        std::optional<Result<HttpResponse>> result;
        client.send({.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/"},
                    [&](Result<HttpResponse> answer) { result = std::move(answer); });
        EXPECT_TRUE(loop.run_until([&] {
            server.work(bytes);
            return result.has_value();
        }));
        return result && !*result ? result->error() : Error{Errc::io, "(accepted)"};
    }
};

TEST_F(TlsScript, AServerThatOnlySpeaksTls11IsRefused) {
    // ServerHello of TLS 1.1 (3,2) with TLS_RSA_WITH_AES_128_CBC_SHA, no session, no extension
    std::string hello("\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02", 11);
    hello += std::string(32, 'r');
    hello += std::string("\x00\x00\x2f\x00", 4);
    const Error error = error_after(hello);
    EXPECT_EQ(error.code, Errc::refused) << error.what;
    EXPECT_NE(error.what.find("unsupported protocol"), std::string::npos) << error.what;
}

TEST_F(TlsScript, AFatalAlertEndsTheHandshake) {
    const Error error = error_after(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));
    EXPECT_EQ(error.code, Errc::refused) << error.what;
    EXPECT_NE(error.what.find("alert"), std::string::npos) << error.what;
}

TEST_F(TlsScript, AHandshakeWithoutAnAnswerEndsAtTheLimit) {
    EXPECT_EQ(HttpClientParams{}.connect_timeout, std::chrono::seconds{5});
    EXPECT_EQ(WebSocketClientParams{}.handshake_timeout, std::chrono::seconds{5});
    const auto began = std::chrono::steady_clock::now();
    const Error error = error_after("", std::chrono::milliseconds{200});
    EXPECT_EQ(error.code, Errc::unavailable) << error.what;
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{2});
}

TEST_F(TlsScript, AnAlertInMidStreamEndsTheConnection) {
    // A plain alert among encrypted records: what a broken middle box or an attacker would send.
    const auto server = serve({.tls = server_tls()}, echo);
    ScriptedServer middle;
    RawSocket there(server->port());
    std::optional<Result<HttpResponse>> result;
    HttpClient client(loop, {.tls = client_tls()});
    client.send({.url = "https://127.0.0.1:" + std::to_string(middle.port()) + "/"},
                [&](Result<HttpResponse> answer) { result = std::move(answer); });
    ASSERT_TRUE(loop.run_until([&] {
        middle.relay(there, 2);
        return middle.flights() == 2;  // the hello, then the client's own end of the handshake with its request
    }));
    middle.send(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7));
    ASSERT_TRUE(loop.run_until([&] { return result.has_value(); }));
    ASSERT_FALSE(*result);
    EXPECT_EQ(client.open_connections(), 0U);
}

TEST_F(Tls, ContextsRefuseWhatIsNotPemOrDoesNotFit) {
    EXPECT_EQ(TlsContext::client({.authorities_pem = "nonsense"}).error().code, Errc::configuration);
    EXPECT_EQ(TlsContext::client({.authorities_file = "/nonexistent.pem"}).error().code, Errc::configuration);
    const auto a = authority.issue();
    const auto b = authority.issue();
    EXPECT_EQ(TlsContext::server({a->certificate_pem, b->key_pem}).error().code, Errc::configuration);
    EXPECT_EQ(TlsContext::server({a->certificate_pem, "x"}).error().code, Errc::configuration);
    EXPECT_FALSE(authority.issue({.names = {}}));
    EXPECT_FALSE(authority.issue({.not_before = from_ms(2000), .not_after = from_ms(1000)}));
}

}  // namespace
}  // namespace vt::net
