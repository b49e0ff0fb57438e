#pragma once

#include "base/time.hpp"
#include "engine/event.hpp"
#include "exchange/access/site_access.hpp"
#include "exchange/protocol.hpp"
#include "net/backoff.hpp"
#include "net/http_client.hpp"
#include "net/loop.hpp"
#include "net/tls.hpp"
#include "net/websocket_client.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::gateway {

/// Where one site is reached.
struct SiteHosts {
    std::string rest_url;    ///< "https://api.bybit.com"
    std::string stream_url;  ///< "wss://stream.bybit.com"
    net::TlsContext tls;
    net::Route route = {};
};

struct GatewayParams {
    std::map<exchange::Site, SiteHosts> sites;
    net::BackoffParams backoff = {};
    std::uint64_t seed = 0;  ///< of the jitter of the back-off
    exchange::access::AccessParams access = {};
};

/// How a site treats us now.
struct SiteReport {
    exchange::Site site = exchange::Site::bybit;
    std::optional<exchange::access::Block>
        block;  ///< until when nothing is asked, and why; times by the steady clock
    Nanos block_left{};
    std::vector<std::string> broken_paths;  ///< endpoints that are left alone because they fail
    std::size_t waiting = 0;
    std::size_t in_flight = 0;
};

/// Runs the exchanges' protocol state machines over real sockets: does what they ask for (connect, send, GET) as soon
/// as the site's limits allow (exchange/access), and hands back what happened, stamped once. Everything on the loop's
/// thread.
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
    [[nodiscard]] std::vector<SiteReport> report() const;

private:
    struct Connection {
        std::unique_ptr<net::WebSocketClient> client;
        net::Backoff backoff;
        net::TimerId timer{};
    };
    struct SiteState {
        SiteHosts hosts;
        exchange::access::SiteAccess access;
        std::unique_ptr<net::HttpClient> client;
        net::TimerId timer{};
        bool was_blocked = false;
    };

    void perform_one(const exchange::Connect& connect);
    void perform_one(const exchange::Disconnect& disconnect);
    void perform_one(const exchange::SendText& send);
    void perform_one(const exchange::HttpGet& get);
    void open(exchange::ConnectionId id, exchange::Site site, const std::string& path);
    void on_close(exchange::ConnectionId id, exchange::Site site, const net::CloseReason& reason);
    void pump(exchange::Site site);
    void request(SiteState& site, const exchange::HttpGet& get);
    void answer(exchange::Site of, exchange::RequestId request, Timestamp sent,
                const Result<net::HttpResponse>& response);
    void note_block(SiteState& site);
    void reply_without_answer(exchange::RequestId request, std::string_view why);
    [[nodiscard]] SiteState& site_of(exchange::Site site);

    net::Loop& loop_;
    GatewayParams params_;
    Sink sink_;
    std::map<exchange::ConnectionId, Connection> connections_;
    std::map<exchange::Site, SiteState> sites_;
};

}  // namespace vt::gateway
