#pragma once

#include "base/time.hpp"
#include "net/close_reason.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vt::net {

struct WebSocketSessionCallbacks {
    /// in: text: one whole message, valid during the call
    std::function<void(std::string_view text, Timestamp received)> on_text;
    /// All that was queued has been handed to the operating system: time for the next message.
    std::function<void()> on_writable;
    /// Exactly once, the last call; drop the session here.
    std::function<void(const CloseReason& reason)> on_close;
    /// The peer's pong: the bytes of the ping that it answers, or anything else where it was not asked.
    std::function<void(std::string_view payload)> on_pong = {};
};

/// The server's side of one WebSocket connection. The server pings, and closes a silent or stuck peer (1013 for one
/// that stopped reading). A sender that waits for pending_bytes() == 0, or on_writable, before it sends the next
/// message can drop what has become stale meanwhile. All calls on the loop's thread.
class WebSocketSession {
public:
    using Message = std::shared_ptr<const std::string>;

    /// Queues one text message; many sessions may share one. No copy is made: each connection only adds its own frame
    /// head of 2 to 10 bytes in the same write.
    ///   out: false: not queued, because the connection is closing, or because the queue is not empty and would grow
    ///        over the limit (256 KB); wait for on_writable
    [[nodiscard]] bool send(Message message);
    [[nodiscard]] std::size_t pending_bytes() const;
    /// Sends a protocol ping of at most 125 bytes, besides those that the server sends by itself. Nothing happens
    /// while another is being written.
    void ping(std::string_view payload);
    /// Says goodbye after what is queued; on_close follows within the grace time.
    void close(CloseCode code, std::string reason = {});
    /// Cuts the connection without a word; on_close follows (1006), inside this call.
    void abort(std::string reason);
    [[nodiscard]] std::string_view remote_address() const;

    struct Impl;
    explicit WebSocketSession(std::shared_ptr<Impl> impl);
    ~WebSocketSession();

private:
    std::shared_ptr<Impl> impl_;
};
using WebSocketSessionPtr = std::shared_ptr<WebSocketSession>;

}  // namespace vt::net
