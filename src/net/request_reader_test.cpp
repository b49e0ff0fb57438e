#include "net/detail/request_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace vt::net::detail {
namespace {

using State = RequestReader::State;

/// Feeds `bytes` in parts of `step`, as long as more is wanted.
State feed(RequestReader& reader, std::string_view bytes, std::size_t step = 1'000'000) {
    State state = reader.advance();
    while (!bytes.empty() && (state == State::needs_more || state == State::wants_continue)) {
        const std::span<char> space = reader.space();
        EXPECT_FALSE(space.empty());
        const std::size_t count = std::min({space.size(), step, bytes.size()});
        std::memcpy(space.data(), bytes.data(), count);
        reader.commit(count);
        bytes.remove_prefix(count);
        state = reader.advance();
    }
    return state;
}

TEST(RequestReader, ReadsARequestInPartsOfAnySize) {
    const std::string text =
        "POST /a%20b/c?x=1 HTTP/1.1\r\nHost: Localhost:80\r\nContent-Length: 5\r\nX-Empty:\r\nX-Long:  v w "
        "\r\n\r\nhello";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        RequestReader reader({});
        ASSERT_EQ(feed(reader, text, step), State::complete) << step << " " << reader.detail();
        EXPECT_EQ(reader.request().method, Method::post);
        EXPECT_EQ(reader.request().path, "/a%20b/c");
        EXPECT_EQ(reader.request().query, "x=1");
        EXPECT_EQ(reader.request().body, "hello");
        EXPECT_EQ(reader.request().header("x-long"), "v w");
        EXPECT_EQ(reader.request().header("X-EMPTY"), "");
        EXPECT_EQ(reader.host(), "Localhost:80");
        EXPECT_TRUE(reader.keeps_alive());
    }
}

TEST(RequestReader, ReadsChunkedBodiesInPartsOfAnySize) {
    const std::string text =
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n, wide old "
        "world\r\n0\r\n\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        RequestReader reader({});
        ASSERT_EQ(feed(reader, text, step), State::complete) << step << " " << reader.detail();
        EXPECT_EQ(reader.request().body, "hello, wide old world");
    }
}

TEST(RequestReader, PipelinedRequestsComeOneAfterTheOther) {
    RequestReader reader({});
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy\r\n";
    }
    std::string_view rest = text;
    int count = 0;
    while (count < 200) {
        State state = reader.advance();
        if (state == State::complete) {
            ASSERT_EQ(reader.request().path, "/" + std::to_string(count++));
            ASSERT_EQ(reader.request().body, "xy");
            reader.next();
            continue;
        }
        ASSERT_EQ(state, State::needs_more) << reader.detail();
        ASSERT_FALSE(rest.empty());
        const std::span<char> space = reader.space();
        const std::size_t part = std::min(space.size(), rest.size());
        std::memcpy(space.data(), rest.data(), part);
        reader.commit(part);
        rest.remove_prefix(part);
    }
}

TEST(RequestReader, WhatTwoServersCouldReadInTwoWaysIsRefused) {
    const std::string host = "Host: a\r\n";
    const std::vector<std::string> corpus = {
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 5, 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: +5\r\n\r\nhello",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 0x5\r\n\r\nhello",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 5 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\x0b" "chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx",
        "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: 1\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\nY: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX" + std::string(1, '\0') + ": 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1, '\0') + "\r\n\r\n",
        "GET /" + std::string(1, '\0') + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: empty name\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nna me: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        std::string("\0\0\0", 3),
        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "get / HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    for (const std::string& text : corpus) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
            RequestReader reader({});
            EXPECT_EQ(feed(reader, text, step), State::refused) << step << ": " << text;
            EXPECT_EQ(reader.status(), 400) << text;
            EXPECT_FALSE(reader.keeps_alive());
        }
    }
}

TEST(RequestReader, LimitsHaveTheirOwnStatus) {
    const auto status_of = [](const std::string& text) {
        RequestReader reader({});
        EXPECT_EQ(feed(reader, text), State::refused) << text.substr(0, 60);
        return reader.status();
    };
    const std::string host = "Host: a\r\n";
    EXPECT_EQ(status_of("GET /" + std::string(8192, 'x') + " HTTP/1.1\r\n" + host + "\r\n"), 414);
    EXPECT_EQ(status_of("GET /" + std::string(100'000, 'x')), 414) << "before the line ends";
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "X: " + std::string(17'000, 'x') + "\r\n\r\n"), 431);
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + "X: " + std::string(100'000, 'x')), 431)
        << "before the line ends";
    std::string fields;
    for (int i = 0; i < 100; ++i) fields += "X" + std::to_string(i) + ": 1\r\n";
    EXPECT_EQ(status_of("GET / HTTP/1.1\r\n" + host + fields + "\r\n"), 431);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 65537\r\n\r\n"), 413);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Content-Length: 200000000\r\nExpect: 100-continue\r\n\r\n"),
              413);
    EXPECT_EQ(status_of("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" +
                        std::string(65537, 'x') + "\r\n0\r\n\r\n"), 413);
    EXPECT_EQ(status_of("TRACE / HTTP/1.1\r\n" + host + "\r\n"), 405);
    EXPECT_EQ(status_of("CONNECT a:443 HTTP/1.1\r\n" + host + "\r\n"), 405);
    EXPECT_EQ(status_of("BREW / HTTP/1.1\r\n" + host + "\r\n"), 501);
}

TEST(RequestReader, JustWithinTheLimitsIsAccepted) {
    const std::string host = "Host: a\r\n";
    std::string fields;
    for (int i = 0; i < 99; ++i) fields += "X" + std::to_string(i) + ": 1\r\n";
    for (const std::string& text :
         {"GET /" + std::string(8191, 'x') + " HTTP/1.1\r\n" + host + "\r\n",
          "GET / HTTP/1.1\r\n" + host + fields + "\r\n",
          "POST / HTTP/1.1\r\n" + host + "Content-Length: 65536\r\n\r\n" + std::string(65536, 'b'),
          "GET / HTTP/1.1\r\n" + host + "X: " + std::string(16'300, 'x') + "\r\n\r\n"}) {
        RequestReader reader({});
        EXPECT_EQ(feed(reader, text), State::complete) << reader.status() << text.substr(0, 60);
    }
}

TEST(RequestReader, ExpectContinueIsAskedForOnce) {
    RequestReader reader({});
    ASSERT_EQ(feed(reader, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"),
              State::wants_continue);
    EXPECT_EQ(reader.advance(), State::needs_more);
    EXPECT_EQ(feed(reader, "hi"), State::complete);
    EXPECT_EQ(reader.request().body, "hi");
}

TEST(RequestReader, TheAbsoluteFormNamesTheHost) {
    RequestReader reader({});
    ASSERT_EQ(feed(reader, "GET http://evil.example?q HTTP/1.1\r\nHost: localhost\r\n\r\n"), State::refused);
    RequestReader other({});
    ASSERT_EQ(feed(other, "GET HTTP://evil.example/p?q HTTP/1.1\r\nHost: localhost\r\n\r\n"), State::complete);
    EXPECT_EQ(other.host(), "evil.example");
    EXPECT_EQ(other.request().path, "/p");
}

TEST(RequestReader, HostsAndOriginsAreCompared) {
    const std::vector<std::string> allowed = {"localhost", "127.0.0.1", "[::1]"};
    for (const char* host : {"localhost", "LOCALHOST:8003", "127.0.0.1:1", "[::1]", "[::1]:8003"}) {
        EXPECT_TRUE(is_allowed_host(host, allowed)) << host;
    }
    for (const char* host :
         {"", "evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "[::2]", "::1", "[::1"}) {
        EXPECT_FALSE(is_allowed_host(host, allowed)) << host;
    }
    EXPECT_TRUE(is_same_origin("http://localhost:8003", "localhost:8003"));
    EXPECT_FALSE(is_same_origin("http://localhost:8004", "localhost:8003"));
    EXPECT_FALSE(is_same_origin("null", "localhost"));
    EXPECT_FALSE(is_same_origin("http://localhost.evil.example", "localhost"));
}

}  // namespace
}  // namespace vt::net::detail
