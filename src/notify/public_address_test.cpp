#include "notify/public_address.hpp"

#include "net/url.hpp"
#include "notify/channel.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::notify {
namespace {

struct Judged {
    const char* address;
    const char* why;  ///< empty: public
};

TEST(PublicAddress, OnlyWhatTheInternetReachesIsPublic) {
    const Judged table[] = {
        {"8.8.8.8", ""},
        {"1.1.1.1", ""},
        {"9.255.255.255", ""},
        {"11.0.0.0", ""},
        {"100.63.255.255", ""},
        {"100.128.0.0", ""},
        {"126.255.255.255", ""},
        {"128.0.0.0", ""},
        {"169.253.255.255", ""},
        {"169.255.0.0", ""},
        {"172.15.255.255", ""},
        {"172.32.0.0", ""},
        {"192.0.1.0", ""},
        {"192.167.255.255", ""},
        {"192.169.0.0", ""},
        {"198.17.255.255", ""},
        {"198.20.0.0", ""},
        {"223.255.255.255", ""},
        {"168.63.129.15", ""},
        {"0.0.0.0", "this network"},
        {"0.1.2.3", "this network"},
        {"10.0.0.0", "private"},
        {"10.255.255.255", "private"},
        {"100.64.0.0", "carrier-grade NAT"},
        {"100.100.100.200", "carrier-grade NAT"},
        {"100.127.255.255", "carrier-grade NAT"},
        {"127.0.0.1", "loopback"},
        {"127.255.255.254", "loopback"},
        {"168.63.129.16", "a cloud's own"},
        {"169.254.0.1", "link-local"},
        {"169.254.169.254", "link-local"},
        {"172.16.0.0", "private"},
        {"172.31.255.255", "private"},
        {"192.0.0.192", "reserved"},
        {"192.0.2.1", "documentation"},
        {"192.88.99.1", "reserved"},
        {"192.168.0.1", "private"},
        {"198.18.0.1", "benchmarking"},
        {"198.19.255.255", "benchmarking"},
        {"198.51.100.7", "documentation"},
        {"203.0.113.9", "documentation"},
        {"224.0.0.1", "multicast"},
        {"239.255.255.255", "multicast"},
        {"240.0.0.1", "reserved"},
        {"255.255.255.255", "reserved"},
        {"2606:4700:4700::1111", ""},
        {"2a00:1450:4001:80b::200e", ""},
        {"2001:4860:4860::8888", ""},
        {"::ffff:8.8.8.8", ""},
        {"64:ff9b::8.8.8.8", ""},
        {"2002:808:808::1", ""},
        {"::", "this network"},
        {"::1", "loopback"},
        {"::2", "reserved"},
        {"::127.0.0.1", "reserved"},
        {"::8.8.8.8", "reserved"},
        {"::ffff:127.0.0.1", "loopback"},
        {"::ffff:10.1.2.3", "private"},
        {"::ffff:169.254.169.254", "link-local"},
        {"::ffff:0:127.0.0.1", "loopback"},
        {"64:ff9b::127.0.0.1", "loopback"},
        {"64:ff9b::10.0.0.1", "private"},
        {"64:ff9b:1::8.8.8.8", "reserved"},
        {"2002:7f00:1::", "loopback"},
        {"2002:c0a8:101::1", "private"},
        {"2001::1", "reserved"},
        {"2001:0:53aa:64c:0:7fff:80ff:fffe", "reserved"},
        {"2001:20::1", "reserved"},
        {"2001:db8::1", "documentation"},
        {"3fff::1", "documentation"},
        {"100::1", "reserved"},
        {"fc00::1", "private"},
        {"fd00:ec2::254", "private"},
        {"fe80::1", "link-local"},
        {"febf::1", "link-local"},
        {"fec0::1", "site-local"},
        {"ff02::1", "multicast"},
        {"4000::1", "reserved"},
        {"5f00::1", "reserved"},
    };
    for (const Judged& row : table) {
        const auto address = net::parse_ip_address(row.address);
        ASSERT_TRUE(address) << row.address;
        EXPECT_EQ(not_public(*address).value_or(""), row.why) << row.address;
        EXPECT_EQ(is_public(*address), row.why[0] == '\0') << row.address;
    }
}

/// What is refused before anything is resolved: the forms of an address that resolvers understand and people do not
/// see, and names of one network. What a public name leads to is judged at the connection: see sender_test.cpp.
TEST(PublicAddress, AddressesInDisguiseAreNoHosts) {
    const char* const hosts[] = {
        "localhost",
        "LOCALHOST",
        "localhost.",
        "foo.localhost",
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0X7F.0.0.1",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "0177.0.0.01",
        "127.0.0.0x1",
        "127.000.000.001",
        "0",
        "0.0.0.0",
        "00.0.0.0",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "169.254.43518",
        "10.0.0.1",
        "192.168.1.1",
        "3232235777",
        "100.64.0.1",
        "1.2.3.4.5.6.7.8",
        "8.8.8.8.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fe80::1%25eth0]",
        "[fd00:ec2::254]",
        "[::ffff:0:127.0.0.1]",
        "router",
        "printer.local",
        "metadata.google.internal",
        "nas.lan",
        "db.home.arpa",
        "intranet",
        "a..b.test",
        ".example.com",
        "example.com.",
        "exa%6dple.com",
        "127.0.0.1%2f.example.com",
        "127.0.0.1\\.example.com",
        "ex*mple.com",
    };
    std::size_t refused = 0;
    for (const char* host : hosts) {
        const std::string url = "https://" + std::string(host) + "/hook";
        const auto channel = make_webhook("hook", {.url = Secret(std::string(url))});
        EXPECT_FALSE(channel) << url;
        refused += channel ? 0U : 1U;
    }
    EXPECT_GE(refused, 40U);
    for (const char* url :
         {"https://example.com@127.0.0.1/", "https://127.0.0.1#@example.com/", "https://127.0.0.1?@example.com/",
          "https://example.com:443@10.0.0.1/", "https://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa7.0.0.1/",
          "https://127。0。0。1/", "https:127.0.0.1/", "https:///127.0.0.1/", "https://[::1/",
          "https://example.com:0/", "https://example.com:99999/"}) {
        EXPECT_FALSE(make_webhook("hook", {.url = Secret(std::string(url))})) << url;
    }
}

TEST(PublicAddress, PublicHostsAndThoseOfOnesOwnPass) {
    for (const char* host :
         {"example.com", "hooks.example.co.uk", "xn--bcher-kva.example", "a_b.example.com", "8.8.8.8",
          "[2606:4700:4700::1111]", "1password.com", "0x.example.com", "127.0.0.1.nip.io"}) {
        const auto channel = make_webhook("hook", {.url = Secret("https://" + std::string(host) + "/")});
        EXPECT_TRUE(channel) << host << ": " << (channel ? "" : channel.error().what);
    }
    for (const char* host : {"localhost", "127.0.0.1", "[::1]", "nas.lan", "10.0.0.1", "router"}) {
        EXPECT_TRUE(
            make_webhook("hook", {.url = Secret("https://" + std::string(host) + "/"), .allow_private = true}))
            << host;
    }
    for (const char* host : {"2130706433", "0x7f.1", "127.1", "localhost.", "a..b"}) {
        EXPECT_FALSE(
            make_webhook("hook", {.url = Secret("https://" + std::string(host) + "/"), .allow_private = true}))
            << host << " is no form to write a host in, wherever it leads";
    }
    EXPECT_TRUE(is_loopback_host("localhost"));
    EXPECT_TRUE(is_loopback_host("127.8.9.1"));
    EXPECT_TRUE(is_loopback_host("::1"));
    EXPECT_FALSE(is_loopback_host("10.0.0.1"));
    EXPECT_FALSE(is_loopback_host("localhost.example.com"));
}

}  // namespace
}  // namespace vt::notify
