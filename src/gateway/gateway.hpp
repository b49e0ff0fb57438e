#pragma once

#include "base/time.hpp"
#include "engine/event.hpp"
#include "exchange/protocol.hpp"
#include "market/instrument.hpp"
#include "net/backoff.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"
#include "net/websocket_client.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace vt::gateway {

/// Where one site is reached.
struct SiteHosts {
    std::string rest_url;    ///< "https://api.bybit.com"
    std::string stream_url;  ///< "wss://stream.bybit.com"
    net::TlsContext tls;
};

struct GatewayParams {
    std::map<exchange::Site, SiteHosts> sites;
    net::BackoffParams backoff = {};
    std::uint64_t seed = 0;  ///< of the jitter of the back-off
    /// How many REST requests may wait for their time; a further one is answered with status 0.
    std::size_t max_waiting_requests = 4096;
};

/// Runs the exchanges' protocol state machines over real sockets: does what they ask for (connect, send, GET) and
/// hands back what happened, stamped once. It knows no protocol. Everything on the loop's thread.
class Gateway {
public:
    /// in: `body` borrows its text for the call; `at` is the receive time
    using Sink = std::function<void(const engine::EventBody& body, Timestamp at)>;

    Gateway(net::Loop& loop, GatewayParams params, Sink sink);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// Carries out one action. A failure comes back through the sink (Closed, or a reply with status 0), never as an
    /// error.
    void perform(const exchange::Action& action);

private:
    struct Connection {
        std::unique_ptr<net::WebSocketClient> client;
        net::Backoff backoff;
        net::TimerId timer{};
    };

    void perform_one(const exchange::Connect& connect);
    void perform_one(const exchange::Disconnect& disconnect);
    void perform_one(const exchange::SendText& send);
    void perform_one(const exchange::HttpGet& get);
    void open(exchange::ConnectionId id, const std::string& url, const net::TlsContext& tls);
    void request(const exchange::HttpGet& get, const SiteHosts& hosts);
    void reply_without_answer(exchange::RequestId request, Timestamp sent, std::string_view why);

    net::Loop& loop_;
    GatewayParams params_;
    Sink sink_;
    std::map<exchange::ConnectionId, Connection> connections_;
    std::map<exchange::Site, std::unique_ptr<net::HttpClient>> clients_;
    std::map<exchange::RequestId, net::TimerId> waiting_;
};

}  // namespace vt::gateway
