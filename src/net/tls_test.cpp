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
        WebSocketClient socket(loop, {.url = "wss://" + authority_part + "/", .tls = client_tls()}, record.callbacks());
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
        const auto got = fetch(client, {.url = "https://" + std::string(host) + ":" + std::to_string(server->port())});
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
    const auto server = serve({.tls = server_tls(), .limits = {.header_timeout = std::chrono::milliseconds{100},
                                                               .sweep_every = std::chrono::milliseconds{20}}}, echo);
    RawSocket silent(server->port());
    silent.write("\x16\x03\x01");
    EXPECT_TRUE(loop.run_until([&] {
        silent.drain();
        return silent.is_ended;
    }));
    EXPECT_EQ(server->counters().timeouts, 1U);
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
