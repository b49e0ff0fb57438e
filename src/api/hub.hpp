#pragma once

#include "api/topic.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "net/close_reason.hpp"
#include "net/http_server.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace vt::api {

using ClientId = Strong<struct ClientIdTag, std::uint64_t>;

/// How the hub reaches one client; a WebSocket in the program, a queue in a test.
struct ClientLink {
    using Message = std::shared_ptr<const std::string>;
    std::function<bool(Message message)> send;    ///< false: not taken, on_writable() follows later
    std::function<std::size_t()> pending_bytes;   ///< sent, but not yet taken by the other side
    std::function<void(net::CloseCode code, std::string reason)> close;
};

struct HubParams {
    std::string run;        ///< the id of this run: sequence numbers are comparable within one only
    std::string mode_json;  ///< `mode` of the hello
    std::size_t max_topics_per_client = 64;
    std::size_t max_malformed_messages = 20;  ///< then the client is closed (1008)
    /// Called before a subscription is answered. Creates the topic, or brings it up to date, when it is one that is made
    /// on demand.
    ///   out: false: there is no such topic
    std::function<bool(std::string_view topic)> prepare;
};

struct HubCounters {
    std::uint64_t messages = 0;        ///< handed to a client's link
    std::uint64_t encoded = 0;         ///< messages that had to be written; the rest was shared
    std::uint64_t malformed = 0;
    std::size_t clients = 0;
    std::size_t subscriptions = 0;
};

/// The live API's heart: topics with sequence numbers, and clients that follow them (the protocol is in docs/formats).
/// A client that is not done reading gets nothing more until it is; then one message for each topic covers all that it
/// missed. Clients in the same state share one message. No I/O and no clock: driven by the owner.
class Hub {
public:
    explicit Hub(HubParams params);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Adds a topic; its address stays valid as long as the hub. The name must be new: VT_ASSERTed.
    Topic& add_topic(std::string name, Topic topic);
    /// null: no such topic.
    [[nodiscard]] Topic* find_topic(std::string_view name);
    [[nodiscard]] bool has_subscribers(std::string_view name) const;

    /// A new client: it is told hello.
    ClientId join(ClientLink link, Timestamp now);
    /// One message of a client. A malformed one is answered by an error.
    void on_text(ClientId client, std::string_view text, Timestamp now);
    /// The client has taken all that was sent.
    void on_writable(ClientId client);
    void leave(ClientId client);

    /// Sends what has changed since the last flush to those who can take it. Call it at most every 100 ms.
    void flush();

    [[nodiscard]] HubCounters counters() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A WebSocket upgrade that joins the hub. The hub must outlive the server's connections.
[[nodiscard]] net::WebSocketAccept join_hub(Hub& hub);

}  // namespace vt::api
