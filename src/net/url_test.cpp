#include "net/url.hpp"

#include <gtest/gtest.h>

namespace vt::net {
namespace {

TEST(Url, IsTakenApart) {
    const auto url = parse_url("WSS://Stream.Bybit.com/v5/public/linear?x=1#frag");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "wss");
    EXPECT_EQ(url->host, "stream.bybit.com");
    EXPECT_EQ(url->port, 443);
    EXPECT_EQ(url->target, "/v5/public/linear?x=1");
    EXPECT_EQ(url->authority(), "stream.bybit.com");
    EXPECT_TRUE(url->is_secure());
}

TEST(Url, PortsAddressesAndBareHosts) {
    EXPECT_EQ(parse_url("http://127.0.0.1:8003")->authority(), "127.0.0.1:8003");
    EXPECT_EQ(parse_url("http://127.0.0.1:8003")->target, "/");
    EXPECT_EQ(parse_url("ws://[::1]:9/x")->host, "::1");
    EXPECT_EQ(parse_url("ws://[::1]:9/x")->authority(), "[::1]:9");
    EXPECT_EQ(parse_url("https://a?b=c")->target, "/?b=c");
}

TEST(Url, WhatIsNotAnAddressIsRefusedWithAReason) {
    for (const char* text :
         {"", "example.org", "ftp://a/", "http://", "http://:80/", "http://a:0/", "http://a:65536/", "http://a:8x/",
          "http://a:/", "http://user:secret@a/", "http://a b/", "http://a/\r\nX: y", "ws://[::1/x", "ws://[::1]x/"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, Errc::malformed);
    }
    EXPECT_EQ(parse_url("http://user:secret@a/").error().what.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace vt::net
