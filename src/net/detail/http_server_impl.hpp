#pragma once

// Internal to net: Asio types. Included by net's own .cpp files only.

#include "net/detail/request_reader.hpp"
#include "net/detail/stream.hpp"
#include "net/detail/websocket_peer.hpp"
#include "net/http_server.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace vt::net {

struct WebSocketSession::Impl {
    std::shared_ptr<detail::WebSocketPeer> peer;  // null once closed
    std::string remote_address;
    std::shared_ptr<void> slot;  // gives the connection's place back
};

namespace detail {

using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using ServerPtr = std::shared_ptr<HttpServer::Impl>;

/// What ends the head of every response at this second; shared by the writes in flight.
struct HeadTails {
    std::string keep;      // HTTP/1.1 stays open by itself
    std::string keep_1_0;
    std::string close;
};

/// One connection while it speaks HTTP.
struct Connection {
    Connection(Socket socket, std::shared_ptr<TlsContext::Impl> tls, const HttpServerLimits& limits)
        : stream(std::make_shared<Stream>(std::move(socket), std::move(tls))), reader(limits) {}

    std::shared_ptr<Stream> stream;
    RequestReader reader;
    std::string remote_address;
    std::shared_ptr<void> slot;
    SteadyTime deadline{};  // the sweep cuts the connection after this
    bool is_waiting = false;  // between requests: may be ended at any time
};

/// Serves one connection to its end.
[[nodiscard]] Task<void> serve(ServerPtr server, std::shared_ptr<Connection> connection);

}  // namespace detail

struct HttpServer::Impl {
    Impl(Loop& loop, HttpServerParams params, Handler handler);

    Loop& loop;
    HttpServerParams params;
    Handler handler;
    std::optional<detail::Acceptor> acceptor;
    std::uint16_t port = 0;
    HttpServerCounters counters;
    std::set<detail::Connection*> connections;
    std::set<std::shared_ptr<WebSocketSession::Impl>> sessions;
    std::map<std::string, std::size_t> connections_of;  // by address
    std::shared_ptr<const detail::HeadTails> tails;
    std::function<void()> on_stopped;
    TimerId sweep_timer{};
    bool is_stopping = false;
    bool is_dropped = false;

    [[nodiscard]] Result<void> open();
    static detail::Task<void> accept_loop(detail::ServerPtr self);
    static void admit(const detail::ServerPtr& self, detail::Socket socket);
    static void schedule_sweep(const detail::ServerPtr& self);
    void sweep();
    void refresh_tails();
    void cut_all();
    void check_stopped();
};

}  // namespace vt::net
