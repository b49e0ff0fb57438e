#include "net/net_fixture.hpp"

#include "base/prng.hpp"

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A client's masked frame; the mask is zero, so the payload reads as it is.
std::string frame(unsigned char first_byte, std::string_view payload) {
    std::string out(1, static_cast<char>(first_byte));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80U | payload.size());
    } else {
        out += static_cast<char>(0x80U | 126U);
        out += static_cast<char>(payload.size() >> 8U);
        out += static_cast<char>(payload.size() & 255U);
    }
    out += std::string(4, '\0');
    out += payload;
    return out;
}

std::string upgrade(std::string_view more = {}) {
    return "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more) + "\r\n";
}

class WebSocket : public NetTest {
protected:
    [[nodiscard]] std::string url(const HttpServer& server, std::string_view scheme = "ws") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port()) + "/ws";
    }
    std::unique_ptr<WebSocketClient> open(WebSocketClientParams params, ClientRecord& record) {
        auto client = std::make_unique<WebSocketClient>(loop, std::move(params), record.callbacks());
        const std::size_t before = sessions.size();
        client->connect();
        EXPECT_TRUE(loop.run_until([&] {
            return (record.is_open && (!has_sessions || sessions.size() > before)) || !record.closes.empty();
        }));
        return client;
    }
    /// A server whose sessions and close reasons the test can see.
    std::unique_ptr<HttpServer> serve_sessions(HttpServerParams params) {
        has_sessions = true;
        return serve(std::move(params), [this](const HttpRequest&) -> HttpReply {
            return WebSocketAccept{[this](const WebSocketSessionPtr& session) {
                sessions.push_back(session);
                return WebSocketSessionCallbacks{
                    .on_text = [this](std::string_view text, Timestamp) { texts.emplace_back(text); },
                    .on_writable = [this] { ++writable; },
                    .on_close = [this](const CloseReason& reason) { closes.push_back(reason); }};
            }};
        });
    }
    bool upgraded(RawSocket& socket, std::string_view more = {}) {
        const std::size_t before = sessions.size();
        socket.write(upgrade(more));
        return loop.run_until([&] {
            socket.drain();
            return sessions.size() > before && socket.received.find("\r\n\r\n") != std::string::npos;
        });
    }

    std::vector<WebSocketSessionPtr> sessions;
    std::vector<std::string> texts;
    std::vector<CloseReason> closes;
    int writable = 0;
    bool has_sessions = false;
};

TEST_F(WebSocket, ThousandsOfFramesEchoInOrderPlainAndTls) {
    for (const bool is_tls : {false, true}) {
        HttpServerParams params;
        if (is_tls) params.tls = server_tls();
        const auto server = serve(std::move(params), echo);
        ClientRecord record;
        WebSocketClientParams client_params{.url = url(*server, is_tls ? "wss" : "ws")};
        if (is_tls) client_params.tls = client_tls();
        const auto client = open(client_params, record);
        ASSERT_TRUE(record.is_open) << (record.closes.empty() ? "" : record.closes[0].text);
        constexpr std::size_t kFrames = 3000;
        Prng random(5);
        std::vector<std::string> sent;
        for (std::size_t i = 0; i < kFrames; ++i) {
            sent.push_back(std::to_string(i) + ":" + std::string(random.below(i % 100 == 0 ? 60'000 : 600), 'x'));
        }
        std::size_t next = 0;
        ASSERT_TRUE(loop.run_until([&] {
            while (next < kFrames && next < record.texts.size() + 100 && client->send(sent[next])) ++next;
            return record.texts.size() == kFrames;
        }, seconds{60}));
        EXPECT_EQ(record.texts, sent);
        const auto age = wall_now() - record.last_received;
        EXPECT_GE(age, Nanos{0});
        EXPECT_LT(age, seconds{30});
        client->close();
        ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));
        EXPECT_EQ(record.closes.size(), 1U);
        EXPECT_EQ(record.closes[0].code, CloseCode::normal);
        ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 0; }));
    }
}

TEST_F(WebSocket, FragmentsArePutTogetherAndPingsAreAnswered) {
    const auto server = serve_sessions({});
    RawSocket socket(server->port());
    ASSERT_TRUE(upgraded(socket));
    EXPECT_NE(socket.received.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    EXPECT_EQ(socket.received.find("Sec-WebSocket-Extensions"), std::string::npos);
    socket.received.clear();
    for (const char c : frame(0x01, "hel") + frame(0x89, "ping!") + frame(0x00, "lo ") + frame(0x80, "there")) {
        socket.write({&c, 1});
        loop.poll();
    }
    ASSERT_TRUE(loop.run_until([&] {
        socket.drain();
        return texts.size() == 1 && !socket.received.empty();
    }));
    EXPECT_EQ(texts[0], "hello there");
    EXPECT_EQ(socket.received, "\x8a\x05ping!");
}

TEST_F(WebSocket, WhatComesWithTheUpgradeIsNotLost) {
    const auto server = serve_sessions({});
    RawSocket socket(server->port());
    socket.write(upgrade() + frame(0x81, "early"));
    ASSERT_TRUE(loop.run_until([&] { return texts.size() == 1; }));
    EXPECT_EQ(texts[0], "early");
}

TEST_F(WebSocket, BreachesOfTheProtocolHaveTheirCloseCode) {
    struct Case {
        std::string bytes;
        CloseCode expected;
    };
    for (const Case& each : {
             Case{frame(0x82, "binary"), CloseCode::unsupported_data},
             Case{frame(0x81, "\xff\xfe"), CloseCode::bad_payload},
             Case{frame(0xc1, "reserved bit"), CloseCode::protocol_error},
             Case{frame(0x83, "reserved opcode"), CloseCode::protocol_error},
             Case{frame(0x80, "continues nothing"), CloseCode::protocol_error},
             Case{frame(0x09, "fragmented ping"), CloseCode::protocol_error},
             Case{std::string("\x81\x02hi", 4), CloseCode::protocol_error},  // not masked
             Case{frame(0x01, std::string(40'000, 'x')) + frame(0x80, std::string(40'000, 'x')), CloseCode::too_big},
             Case{std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14), CloseCode::too_big},
         }) {
        closes.clear();
        const auto server =
            serve_sessions({.limits = {.close_grace = milliseconds{100}, .sweep_every = milliseconds{20}}});
        RawSocket socket(server->port());
        ASSERT_TRUE(upgraded(socket));
        socket.received.clear();
        socket.write(each.bytes);
        ASSERT_TRUE(loop.run_until([&] {
            socket.drain();
            return socket.is_ended && closes.size() == 1;
        }));
        EXPECT_EQ(closes[0].code, each.expected) << each.bytes.substr(0, 20) << closes[0].text;
        ASSERT_GE(socket.received.size(), 4U) << each.bytes.substr(0, 20);
        EXPECT_EQ(socket.received[0], '\x88');
        const auto code =
            static_cast<unsigned char>(socket.received[2]) * 256 + static_cast<unsigned char>(socket.received[3]);
        EXPECT_EQ(code, static_cast<int>(each.expected)) << each.bytes.substr(0, 20);
    }
}

TEST_F(WebSocket, CloseCodesPassBothWays) {
    const auto server = serve_sessions({});
    ClientRecord record;
    auto client = open({.url = url(*server)}, record);
    sessions[0]->close(CloseCode::service_restart, "back soon");
    EXPECT_FALSE(sessions[0]->send(std::make_shared<const std::string>("too late")));
    ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty() && !closes.empty(); }));
    EXPECT_EQ(record.closes[0].code, CloseCode::service_restart);
    EXPECT_EQ(record.closes[0].text, "back soon");
    EXPECT_EQ(closes[0].code, CloseCode::service_restart);
    client->connect();
    ASSERT_TRUE(loop.run_until([&] { return record.is_open && sessions.size() == 2; }));
    ASSERT_TRUE(client->send("last words"));
    client->close(CloseCode::going_away, "bye");
    EXPECT_FALSE(client->send("too late"));
    ASSERT_TRUE(loop.run_until([&] { return record.closes.size() == 2 && closes.size() == 2; }));
    EXPECT_EQ(closes[1].code, CloseCode::going_away);
    EXPECT_EQ(closes[1].text, "bye");
    EXPECT_EQ(texts, std::vector<std::string>{"last words"});
}

TEST_F(WebSocket, ForeignOriginsAreRefusedBeforeTheUpgrade) {
    const auto server = serve_sessions({});
    for (const char* origin :
         {"http://evil.example", "null", "http://localhost:1", "http://localhost.evil.example"}) {
        EXPECT_TRUE(exchange(*server, upgrade("Origin: " + std::string(origin) + "\r\n"), "\r\n\r\n")
                        .starts_with("HTTP/1.1 403 ")) << origin;
    }
    EXPECT_TRUE(sessions.empty());
    RawSocket socket(server->port());
    ASSERT_TRUE(upgraded(socket, "Origin: http://localhost\r\n"));
    EXPECT_TRUE(socket.received.starts_with("HTTP/1.1 101 "));
}

TEST_F(WebSocket, AnUpgradeThatIsRefusedSaysWhy) {
    const auto server = serve({}, [](const HttpRequest&) { return problem_response(404, "no"); });
    ClientRecord record;
    open({.url = url(*server)}, record);
    ASSERT_EQ(record.closes.size(), 1U);
    EXPECT_EQ(record.closes[0].code, CloseCode::abnormal);
    EXPECT_TRUE(record.closes[0].text.starts_with("WebSocket upgrade refused with HTTP 404: {"))
        << record.closes[0].text;
    EXPECT_EQ(record.closes[0].http_status, 404);
    const auto sockets = serve_sessions({});
    EXPECT_TRUE(
        exchange(*sockets, "GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n", "\r\n\r\n").starts_with("HTTP/1.1 426 "));
}

TEST_F(WebSocket, TheClientReconnectsAfterTheServerRestarts) {
    auto server = serve_sessions({});
    const std::uint16_t port = server->port();
    ClientRecord record;
    const auto client = open({.url = url(*server)}, record);
    for (std::size_t round = 1; round <= 20; ++round) {
        server.reset();  // resets the connection
        ASSERT_TRUE(loop.run_until([&] { return record.closes.size() == 2 * round - 1; }));
        EXPECT_EQ(record.closes.back().code, CloseCode::abnormal);
        client->connect();  // nobody there
        ASSERT_TRUE(loop.run_until([&] { return record.closes.size() == 2 * round; }));
        EXPECT_NE(record.closes.back().text.find("Connection refused"), std::string::npos)
            << record.closes.back().text;
        server = serve_sessions({.port = port});
        client->connect();
        ASSERT_TRUE(loop.run_until([&] { return record.is_open; }));
    }
}

TEST_F(WebSocket, AHalfOpenConnectionIsNoticedByBothSides) {
    // The server's silence is noticed by the client ...
    Loop silent_loop;
    HttpServer silent(silent_loop, {}, echo);
    ASSERT_TRUE(silent.listen());
    ClientRecord record;
    WebSocketClient client(loop, {.url = "ws://127.0.0.1:" + std::to_string(silent.port()) + "/ws",
                                  .idle_timeout = milliseconds{200}}, record.callbacks());
    client.connect();
    ASSERT_TRUE(loop.run_until([&] {
        silent_loop.poll();
        return record.is_open;
    }));
    ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));  // the silent loop no longer turns
    EXPECT_EQ(record.closes[0].text, "nothing received for too long");
    // ... and the client's by the server, although it pings.
    const auto server = serve_sessions(
        {.limits = {
             .ping_every = milliseconds{50}, .silence_timeout = milliseconds{300}, .sweep_every = milliseconds{20}}});
    RawSocket mute(server->port());
    ASSERT_TRUE(upgraded(mute));
    ASSERT_TRUE(loop.run_until([&] { return closes.size() == 1; }));
    mute.drain();
    EXPECT_NE(mute.received.find(std::string("\x89\0", 2)), std::string::npos) << "it was pinged";
    EXPECT_EQ(closes[0].code, CloseCode::abnormal);
}

TEST_F(WebSocket, PongsKeepAConnectionAlive) {
    const auto server = serve_sessions(
        {.limits = {
             .ping_every = milliseconds{20}, .silence_timeout = milliseconds{200}, .sweep_every = milliseconds{10}}});
    ClientRecord record;
    const auto client = open({.url = url(*server), .idle_timeout = milliseconds{600}}, record);
    const auto end = wall_now() + milliseconds{900};
    EXPECT_FALSE(
        loop.run_until([&] { return wall_now() > end || !closes.empty() || !record.closes.empty(); }, seconds{0}));
    ASSERT_TRUE(loop.run_until([&] { return wall_now() > end || !closes.empty() || !record.closes.empty(); }));
    EXPECT_TRUE(closes.empty());
    EXPECT_TRUE(record.closes.empty());
}

TEST_F(WebSocket, ASlowReaderIsConflatedBoundedAndFinallyClosed) {
    const auto server = serve_sessions({.limits = {.write_stall_timeout = milliseconds{300},
                                                   .close_grace = milliseconds{200},
                                                   .sweep_every = milliseconds{20}}});
    RawSocket slow(server->port(), 4096);
    ASSERT_TRUE(upgraded(slow));
    ClientRecord quick;
    const auto client = open({.url = url(*server)}, quick);
    const auto message = std::make_shared<const std::string>(std::string(20'000, 'm'));
    std::size_t refused = 0;
    std::size_t taken = 0;
    std::size_t most_pending = 0;
    while (closes.empty()) {
        if (sessions[0]->send(message)) ++taken; else ++refused;
        most_pending = std::max(most_pending, sessions[0]->pending_bytes());
        if (sessions[1]->pending_bytes() == 0) (void)sessions[1]->send(message);
        ASSERT_TRUE(loop.run_until([n = 0]() mutable { return n++ > 0; }));
    }
    EXPECT_EQ(closes[0].code, CloseCode::try_again_later);
    EXPECT_GT(refused, 10U);
    EXPECT_LE(most_pending, std::size_t{256} << 10U);
    EXPECT_LT(taken, 100U) << "a few buffers' worth";
    EXPECT_GT(quick.texts.size(), 10U) << "others do not notice";
    EXPECT_TRUE(quick.closes.empty());
}

TEST_F(WebSocket, AStuckReaderThatReadsAgainInTimeLearnsTheCode) {
    const auto server = serve_sessions(
        {.limits = {
             .write_stall_timeout = milliseconds{200}, .close_grace = seconds{5}, .sweep_every = milliseconds{20}}});
    RawSocket slow(server->port(), 4096);
    ASSERT_TRUE(upgraded(slow));
    const auto message = std::make_shared<const std::string>(std::string(100'000, 'm'));
    bool is_full = false;
    ASSERT_TRUE(loop.run_until([&] {
        const bool is_taken = sessions[0]->send(message);
        is_full = is_full || !is_taken;
        return is_full && !is_taken && sessions[0]->pending_bytes() <= 100'000;  // the stall has dropped the rest
    }));
    ASSERT_TRUE(loop.run_until([&] {
        slow.drain();
        return slow.received.find("\x03\xf5the reader is too slow") != std::string::npos;
    }));
}

TEST_F(WebSocket, OnWritableComesWhenTheQueueIsEmpty) {
    const auto server = serve_sessions({});
    ClientRecord record;
    const auto client = open({.url = url(*server)}, record);
    const auto big = std::make_shared<const std::string>(std::string(2 << 20, 'b'));
    EXPECT_TRUE(sessions[0]->send(big)) << "one message of any size fits an empty queue";
    EXPECT_FALSE(sessions[0]->send(big));
    EXPECT_EQ(sessions[0]->pending_bytes(), big->size());
    ASSERT_TRUE(loop.run_until([&] { return writable == 1; }));
    EXPECT_EQ(sessions[0]->pending_bytes(), 0U);
    ASSERT_TRUE(loop.run_until([&] { return record.texts.size() == 1; }));
    EXPECT_EQ(record.texts[0], *big);
}

TEST_F(WebSocket, TheClientsOwnLimits) {
    const auto server = serve_sessions({});
    ClientRecord record;
    const auto client = open({.url = url(*server), .max_frame_bytes = 1000, .max_queued_bytes = 1000}, record);
    EXPECT_TRUE(client->send(std::string(900, 'x')));
    EXPECT_EQ(client->send(std::string(900, 'x')).error().code, Errc::refused);
    ASSERT_TRUE(loop.run_until([&] { return texts.size() == 1; }));
    EXPECT_TRUE(sessions[0]->send(std::make_shared<const std::string>(std::string(1001, 'x'))));
    ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));
    EXPECT_EQ(record.closes[0].code, CloseCode::too_big);
    EXPECT_EQ(client->send("x").error().code, Errc::unavailable);
}

TEST_F(WebSocket, HandshakesEndInTimeAndCanBeGivenUp) {
    const RawSocket nobody(1);
    HttpServer deaf(loop, {}, echo);
    ASSERT_TRUE(deaf.listen());
    Loop other;  // a server whose loop does not turn
    HttpServer frozen(other, {}, echo);
    ASSERT_TRUE(frozen.listen());
    const std::string address = "ws://127.0.0.1:" + std::to_string(frozen.port()) + "/";
    ClientRecord record;
    WebSocketClient client(loop, {.url = address, .handshake_timeout = milliseconds{100}}, record.callbacks());
    client.connect();
    ASSERT_TRUE(loop.run_until([&] { return record.closes.size() == 1; }));
    EXPECT_EQ(record.closes[0].text, "no handshake within the time limit");
    client.connect();
    client.abort("changed my mind");
    ASSERT_TRUE(loop.run_until([&] { return record.closes.size() == 2; }));
    EXPECT_EQ(record.closes[1].text, "changed my mind");
    for (const char* bad : {"http://a/", "nonsense", "wss://localhost/"}) {
        ClientRecord refused;
        WebSocketClient wrong(loop, {.url = bad}, refused.callbacks());
        wrong.connect();
        ASSERT_TRUE(loop.run_until([&] { return refused.closes.size() == 1; })) << bad;
    }
}

TEST_F(WebSocket, AClientMayBeDestroyedOrReconnectedInItsCallbacks) {
    const auto server = serve_sessions({});
    std::unique_ptr<WebSocketClient> client;
    int opened = 0;
    int closed = 0;
    client = std::make_unique<WebSocketClient>(
        loop, WebSocketClientParams{.url = url(*server)},
        WebSocketClientCallbacks{.on_open = [&] { client->close(); },
                                 .on_text = {},
                                 .on_close =
                                     [&](const CloseReason&) {
                                         if (++closed < 5) client->connect(); else client.reset();
                                     }});
    client->connect();
    ASSERT_TRUE(loop.run_until([&] { return client == nullptr; }));
    EXPECT_EQ(closed, 5);
    client = std::make_unique<WebSocketClient>(loop, WebSocketClientParams{.url = url(*server)},
                                               WebSocketClientCallbacks{.on_open = [&] { ++opened; client.reset(); },
                                                                        .on_text = {}, .on_close = {}});
    client->connect();
    ASSERT_TRUE(loop.run_until([&] { return opened == 1 && server->counters().open_connections == 0; }));
}

TEST_F(WebSocket, AThrowingCallbackClosesOnlyItsConnection) {
    const auto server = serve({}, [](const HttpRequest&) -> HttpReply {
        return WebSocketAccept{[](const WebSocketSessionPtr&) {
            return WebSocketSessionCallbacks{
                .on_text = [](std::string_view, Timestamp) { throw std::runtime_error("callback broke"); },
                .on_writable = {},
                .on_close = {}};
        }};
    });
    ClientRecord record;
    const auto client = open({.url = url(*server)}, record);
    ASSERT_TRUE(client->send("x"));
    ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));
    EXPECT_EQ(record.closes[0].code, CloseCode::internal_error);
    log.expect("callback broke");
}

TEST_F(WebSocket, StopSaysGoingAway) {
    const auto server = serve_sessions({});
    ClientRecord record;
    const auto client = open({.url = url(*server)}, record);
    bool is_stopped = false;
    server->stop([&] { is_stopped = true; });
    ASSERT_TRUE(loop.run_until([&] { return is_stopped && !record.closes.empty(); }));
    EXPECT_EQ(record.closes[0].code, CloseCode::going_away);
}

}  // namespace
}  // namespace vt::net
