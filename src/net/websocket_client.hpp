#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/close_reason.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "net/tls.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::net {

struct WebSocketClientParams {
    std::string url;                ///< ws://... or wss://...
    std::optional<TlsContext> tls;  ///< a client context; needed for wss
    std::vector<HttpHeader> headers = {};  ///< added to the upgrade request
    Route route = {};
    Nanos handshake_timeout = std::chrono::seconds{5};  ///< from the name to the upgrade
    /// Nothing at all received for so long: closed as silent; 0: never.
    Nanos idle_timeout = std::chrono::seconds{0};
    Nanos ping_every = std::chrono::seconds{0};    ///< protocol pings from our side; 0: none
    Nanos write_stall_timeout = std::chrono::seconds{10};  ///< bytes waiting and none taken for so long: closed
    std::size_t max_frame_bytes = std::size_t{4} << 20U;   ///< a longer message closes the connection (1009)
    std::size_t max_queued_bytes = std::size_t{1} << 20U;  ///< outbound
};

struct WebSocketClientCallbacks {
    std::function<void()> on_open;
    /// in: frame: one whole text message, valid during the call; received: stamped once, when its last byte was read
    ///     from the socket
    std::function<void(std::string_view frame, Timestamp received)> on_text;
    /// Exactly once for each connect(), whether or not it had opened; nothing follows it until the next connect().
    std::function<void(const CloseReason& reason)> on_close;
};

/// One WebSocket connection to a server, plain or TLS. Compression is never offered. Protocol pings are answered;
/// every byte received (data, ping, pong) counts as activity. All calls and callbacks on the loop's thread; a
/// callback may call any function, or destroy the client. Destroying it closes the socket without a callback.
class WebSocketClient {
public:
    WebSocketClient(Loop& loop, WebSocketClientParams params, WebSocketClientCallbacks callbacks);
    ~WebSocketClient();
    WebSocketClient(const WebSocketClient&) = delete;
    WebSocketClient& operator=(const WebSocketClient&) = delete;

    /// Starts to connect; on_open or on_close follows, never inside this call. Only when there is no connection.
    void connect();
    /// Queues one text message.
    ///   errors: unavailable (not open), refused (max_queued_bytes would be exceeded; nothing was queued)
    [[nodiscard]] Result<void> send(std::string text);
    /// Says goodbye after what is queued, waits 2 s at most for the answer, then on_close. During connect(): gives
    /// up.
    void close(CloseCode code = CloseCode::normal, std::string reason = {});
    /// Drops the connection without a word; on_close follows (1006).
    void abort(std::string reason);
    [[nodiscard]] bool is_open() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::net
