#pragma once

// Internal to net: Asio types. Included by net's own .cpp files only.

#include "net/close_reason.hpp"
#include "net/detail/stream.hpp"
#include "net/http_message.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::net::detail {

struct PeerParams {
    std::size_t max_message_bytes = 0;
    std::size_t max_queued_bytes = 0;
    Nanos ping_every{};       ///< 0: never
    Nanos silence_timeout{};  ///< 0: never
    Nanos write_stall_timeout{};
    Nanos close_grace = std::chrono::seconds{2};
};

struct PeerCallbacks {
    std::function<void(std::string_view text, Timestamp received)> on_text;
    std::function<void()> on_writable;
    std::function<void(std::string_view payload)> on_pong = {};
    std::function<void(const CloseReason& reason)> on_close;
};

/// One end, either end, of a WebSocket connection over a Stream: reads, queues and writes, answers pings, closes. The
/// only file that instantiates Beast's WebSocket is websocket_peer.cpp. Held by shared_ptr: operations in flight keep
/// it.
class WebSocketPeer {
public:
    using Self = std::shared_ptr<WebSocketPeer>;
    using Message = std::shared_ptr<const std::string>;

    WebSocketPeer(Loop::Impl& loop, std::shared_ptr<Stream> stream, const PeerParams& params);
    ~WebSocketPeer();
    WebSocketPeer(const WebSocketPeer&) = delete;
    WebSocketPeer& operator=(const WebSocketPeer&) = delete;

    /// The client's upgrade: nullopt when it worked, else why it did not.
    [[nodiscard]] static Task<std::optional<CloseReason>> upgrade(Self self, const Url& url,
                                                                  const std::vector<HttpHeader>& headers);
    /// The server's answer to an upgrade whose bytes (header and what follows) have been read.
    [[nodiscard]] static Task<Result<void>> accept(Self self, const std::string& request_bytes);
    /// Begins to read. A callback may drop the last other reference to the peer. From here on_close is called exactly
    /// once.
    static void start(const Self& self, PeerCallbacks callbacks);

    [[nodiscard]] static bool send(const Self& self, Message message);
    [[nodiscard]] std::size_t pending_bytes() const;
    static void ping(const Self& self, std::string_view payload);
    static void close(Self self, CloseReason reason);
    /// Cuts the connection now; on_close is called inside.
    static void abort(Self self, CloseReason reason);
    /// Cuts the connection now, without a callback, now or later.
    void drop();
    /// Time has passed: pings, and gives up on a silent, stuck or closing peer. Call it about once a second.
    static void tick(Self self, SteadyTime now);

    [[nodiscard]] bool is_closing() const;

private:
    struct Impl;
    static void read_next(const Self& self);
    static void on_read(const Self& self, error_code ec);
    static void write_next(const Self& self);
    static void say_goodbye(const Self& self);
    static void finish(const Self& self, CloseReason reason);
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::net::detail
