#pragma once

#include "net/certificate.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/loop.hpp"
#include "net/websocket_client.hpp"
#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

namespace vt::net {

/// A plain blocking socket to 127.0.0.1, driven by a test in between turns of the loop.
class RawSocket {
public:
    explicit RawSocket(std::uint16_t port, int receive_buffer = 0) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer > 0) {
            ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    }
    ~RawSocket() { close(); }
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    /// Takes what is there now.
    void drain() {
        char part[65536];
        for (;;) {
            const ssize_t count = ::recv(descriptor_, part, sizeof(part), MSG_DONTWAIT);
            if (count > 0) {
                received.append(part, static_cast<std::size_t>(count));
                continue;
            }
            is_ended = is_ended || count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
            return;
        }
    }
    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }
    [[nodiscard]] bool is_connected() const { return is_connected_; }

    std::string received;
    bool is_ended = false;  // the other side has closed

private:
    int descriptor_;
    bool is_connected_ = false;
};

/// A loop, and an authority that its tests trust. An unexpected warning in the log fails the test.
class NetTest : public testing::Test {
protected:
    NetTest() {
        auto made = make_test_authority("test authority");
        EXPECT_TRUE(made);
        authority = *made;
    }

    [[nodiscard]] TlsContext server_tls(const LeafParams& leaf = {}) const {
        const auto issued = authority.issue(leaf);
        EXPECT_TRUE(issued) << issued.error().what;
        auto context = TlsContext::server({issued->certificate_pem, issued->key_pem});
        EXPECT_TRUE(context) << context.error().what;
        return *context;
    }
    [[nodiscard]] TlsContext client_tls() const {
        auto context = TlsContext::client({.authorities_pem = authority.certificate_pem()});
        EXPECT_TRUE(context) << context.error().what;
        return *context;
    }
    /// Listening; the test fails when it cannot.
    std::unique_ptr<HttpServer> serve(HttpServerParams params, HttpServer::Handler handler) {
        auto server = std::make_unique<HttpServer>(loop, std::move(params), std::move(handler));
        const auto opened = server->listen();
        EXPECT_TRUE(opened) << opened.error().what;
        return server;
    }
    /// Writes `bytes` on a fresh connection and reads to the end (or to `enough`).
    std::string exchange(const HttpServer& server, std::string_view bytes, std::string_view enough = {}) {
        RawSocket socket(server.port());
        socket.write(bytes);
        EXPECT_TRUE(loop.run_until([&] {
            socket.drain();
            return socket.is_ended || (!enough.empty() && socket.received.find(enough) != std::string::npos);
        })) << "no end of: " << socket.received;
        return socket.received;
    }
    Result<HttpResponse> fetch(HttpClient& client, HttpCall call) {
        std::optional<Result<HttpResponse>> result;
        client.send(std::move(call), [&](Result<HttpResponse> answer) { result = std::move(answer); });
        EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }));
        return result ? std::move(*result) : Result<HttpResponse>(fail(Errc::unavailable, "test: no callback"));
    }

    obs::FailOnWarning log;
    TestAuthority authority;
    Loop loop;
};

/// What a WebSocket client's callbacks saw.
struct ClientRecord {
    bool is_open = false;
    std::vector<std::string> texts;
    std::vector<CloseReason> closes;
    Timestamp last_received{};

    [[nodiscard]] WebSocketClientCallbacks callbacks() {
        return {.on_open = [this] { is_open = true; },
                .on_text =
                    [this](std::string_view text, Timestamp received) {
                        texts.emplace_back(text);
                        last_received = received;
                    },
                .on_close = [this](const CloseReason& reason) {
                    is_open = false;
                    closes.push_back(reason);
                }};
    }
};

/// A handler that accepts WebSockets and sends every text back.
inline HttpReply echo(const HttpRequest& request) {
    if (!request.wants_websocket) return problem_response(404, "only WebSockets here");
    return WebSocketAccept{[](const WebSocketSessionPtr& session) {
        return WebSocketSessionCallbacks{.on_text =
                                             [session](std::string_view text, Timestamp) {
                                                 (void)session->send(std::make_shared<const std::string>(text));
                                             },
                                         .on_writable = {},
                                         .on_close = {}};
    }};
}

}  // namespace vt::net
