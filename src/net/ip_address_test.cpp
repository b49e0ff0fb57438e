#include "net/ip_address.hpp"

#include "net/detail/names.hpp"
#include "net/net_fixture.hpp"
#include "net/proxy_fixture.hpp"

namespace vt::net {
namespace {

TEST(IpAddress, OnlyCanonicalTextsAreAddresses) {
    for (const char* text : {"127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:2"}) {
        const auto address = parse_ip_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(to_text(*address), text);
    }
    EXPECT_EQ(to_text(*parse_ip_address("0:0:0:0:0:FFFF:7f00:1")), "::ffff:127.0.0.1");
    for (const char* text : {"", "1", "127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "127.0.0.1.", "1.2.3.256",
                             "[::1]", "fe80::1%1", "::ffff:127.1", "1.2.3.4 "}) {
        EXPECT_FALSE(parse_ip_address(text)) << text;
    }
    EXPECT_FALSE(parse_ip_address(std::string_view("1.2.3.4\0", 8)));
}

class AddressFilterTest : public NetTest {
protected:
    /// The resolver's answers, one for each question; the last one stays.
    void resolve_to(std::vector<std::vector<const char*>> answers) {
        loop.impl().names->ask = [this, answers = std::move(answers)](const std::string&,
                                                                      const detail::Found& found) {
            detail::Addresses list;
            for (const char* text : answers[std::min(questions, answers.size() - 1)]) {
                list.push_back(detail::asio::ip::make_address(text));
            }
            ++questions;
            found(list);
        };
    }
    /// Lets through what is in `allowed`, and writes down what it was asked.
    AddressFilter only(std::vector<std::string> allowed) {
        return [this, allowed = std::move(allowed)](const IpAddress& address) {
            asked.push_back(to_text(address));
            return std::find(allowed.begin(), allowed.end(), asked.back()) != allowed.end();
        };
    }
    std::unique_ptr<HttpServer> server = serve({.allowed_hosts = {"venue.test", "127.0.0.1"}}, echo);
    std::string url(const std::string& host) const {
        return "http://" + host + ":" + std::to_string(server->port()) + "/";
    }
    std::size_t questions = 0;
    std::vector<std::string> asked;
};

TEST_F(AddressFilterTest, ARefusedAddressIsNotConnectedTo) {
    HttpClient client(loop, {.may_connect = only({})});
    for (const std::string host : {"127.0.0.1", "venue.test"}) {
        resolve_to({{"127.0.0.1", "::1"}});
        const auto got = fetch(client, {.url = url(host)});
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().code, Errc::configuration);
        EXPECT_NE(got.error().what.find(host), std::string::npos) << got.error().what;
        EXPECT_NE(got.error().what.find("127.0.0.1"), std::string::npos) << got.error().what;
    }
    EXPECT_EQ(asked, (std::vector<std::string>{"127.0.0.1", "127.0.0.1", "::1"}));
    EXPECT_EQ(server->counters().connections, 0U);
}

TEST_F(AddressFilterTest, OnlyTheAllowedOnesOfANameAreTried) {
    resolve_to({{"127.0.0.2", "127.0.0.1"}});
    HttpClient client(loop, {.may_connect = only({"127.0.0.1"})});
    const auto got = fetch(client, {.url = url("venue.test")});
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(asked.size(), 2U);
}

TEST_F(AddressFilterTest, ANameThatIsBoundAnewIsJudgedAnew) {
    resolve_to({{"127.0.0.1"}, {"127.0.0.2"}});
    HttpClient client(loop, {.may_connect = only({"127.0.0.1"})});
    ASSERT_TRUE(fetch(client, {.url = url("venue.test"), .headers = {{"Connection", "close"}}}));
    const auto second = fetch(client, {.url = url("venue.test")});
    ASSERT_FALSE(second) << "the resolver has changed its mind";
    EXPECT_EQ(second.error().code, Errc::configuration);
    EXPECT_EQ(questions, 2U) << "one question for each connection: what is judged is what is connected to";
    EXPECT_EQ(server->counters().connections, 1U);
}

TEST_F(AddressFilterTest, AProxyIsNotJudgedButAnAddressBehindItIs) {
    for (const ProxyKind kind : {ProxyKind::http_connect, ProxyKind::socks5}) {
        TestProxy proxy(loop, kind, "", "");
        HttpClient client(loop, {.tls = client_tls(), .route = {.proxy = proxy.proxy()}, .may_connect = only({})});
        const auto direct = fetch(client, {.url = "https://127.0.0.1:1/"});
        ASSERT_FALSE(direct);
        EXPECT_EQ(direct.error().code, Errc::configuration);
        EXPECT_TRUE(proxy.targets.empty());
        const auto named = fetch(client, {.url = "https://localhost:1/"});
        ASSERT_FALSE(named);
        EXPECT_EQ(proxy.targets.size(), 1U) << "the proxy resolves the name, and decides";
    }
}

}  // namespace
}  // namespace vt::net
