#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"
#include "net/loop.hpp"
#include "net/prepared_response.hpp"
#include "net/tls.hpp"
#include "net/websocket_session.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vt::net {

struct HttpServerLimits {
    std::size_t max_target_bytes = 8 << 10;          ///< else 414
    std::size_t max_header_bytes = 16 << 10;         ///< the request line and all fields; else 431
    std::size_t max_header_fields = 100;             ///< else 431
    std::size_t max_body_bytes = 64 << 10;           ///< else 413, before anything of it is kept
    std::size_t max_connections = 12'000;            ///< a further one is answered 503
    std::size_t max_connections_per_address = 64;    ///< but for HttpServerParams::proxies
    Nanos header_timeout = std::chrono::seconds{5};  ///< from the first byte (or the connection) to the empty line
    Nanos keep_alive = std::chrono::seconds{30};
    std::size_t min_body_bytes_per_second = 1024;  ///< after header_timeout of grace
    Nanos write_stall_timeout = std::chrono::seconds{10};
    std::size_t max_message_bytes = 64 << 10;  ///< a longer WebSocket message closes the connection (1009)
    std::size_t max_queued_bytes = 256 << 10;  ///< of each WebSocket connection, outbound
    Nanos ping_every = std::chrono::seconds{15};
    Nanos silence_timeout = std::chrono::seconds{30};
    Nanos close_grace = std::chrono::seconds{2};  ///< for goodbyes, and for stop()
    Nanos sweep_every = std::chrono::seconds{1};  ///< how exactly the times above are kept
};

struct HttpServerParams {
    std::string address = "127.0.0.1";  ///< a numeric address
    std::uint16_t port = 0;             ///< 0: a free one, see port()
    std::optional<TlsContext> tls;      ///< a server context; absent: plain
    /// Names and addresses that a Host header may give, without port; any other is answered 421.
    std::vector<std::string> allowed_hosts = {"localhost", "127.0.0.1", "[::1]"};
    /// Numeric addresses of those who speak for many: max_connections alone holds for them.
    std::vector<std::string> proxies = {};
    std::vector<HttpHeader> error_headers = {};  ///< added to the responses that the server makes by itself
    std::vector<HttpHeader> every_headers = {};  ///< added to every response, whoever makes it
    HttpServerLimits limits = {};
};

/// What can be changed while a server serves.
struct HttpServerAccess {
    std::optional<TlsContext> tls;
    std::vector<std::string> allowed_hosts;
    std::vector<std::string> proxies;
    std::vector<HttpHeader> every_headers;
};

/// A handler's "yes" to a WebSocket upgrade. `open` is called once the upgrade has been answered, and says what to
/// call from then on.
struct WebSocketAccept {
    std::function<WebSocketSessionCallbacks(const WebSocketSessionPtr& session)> open;
};

/// A response that is not sent before `delay` has passed; the connection waits for it.
struct LateResponse {
    PreparedResponsePtr response;
    Nanos delay{};
};

/// A response that somebody else makes: a thread with a database, another server. The connection waits for it.
struct PendingResponse {
    /// Called once, on the loop's thread, within begin() or later, with a response; more calls, and one that comes
    /// after `limit`, do nothing. May outlive the connection and the server.
    using Done = std::function<void(PreparedResponsePtr)>;
    /// Called at once, on the loop's thread. What it throws is logged and answered 500.
    std::function<void(Done done)> begin;
    Nanos limit = std::chrono::seconds{10};  ///< then 503
};

/// WebSocketAccept only where request.wants_websocket.
using HttpReply = std::variant<PreparedResponsePtr, WebSocketAccept, LateResponse, PendingResponse>;

struct HttpServerCounters {
    std::uint64_t connections = 0;  ///< accepted since the start
    std::uint64_t refused_connections = 0;
    std::uint64_t requests = 0;
    std::uint64_t bad_requests = 0;  ///< answered 4xx or 5xx by the server itself
    std::uint64_t timeouts = 0;
    std::size_t open_connections = 0;
    std::size_t open_websockets = 0;
};

/// An HTTP/1.1 and WebSocket server for one address. The handler answers well-formed requests to allowed hosts; all
/// others (smuggling forms, bare line feeds, foreign Host, TRACE, over a limit, a WebSocket upgrade from a foreign
/// Origin) are answered by the server with a problem document and, where the framing is in doubt, a closed
/// connection. HEAD, 304, Accept-Encoding, keep-alive and pipelining are the server's work. Handler and callbacks run
/// on the loop's thread; a handler's exception is logged and answered 500.
class HttpServer {
public:
    using Handler = std::function<HttpReply(const HttpRequest& request)>;

    HttpServer(Loop& loop, HttpServerParams params, Handler handler);
    /// Cuts every connection; on_close of the WebSocket sessions is not called.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Opens the port and begins to serve.
    ///   errors: io (port in use, no such address, not allowed), with the address, the port and the remedy
    [[nodiscard]] Result<void> listen();
    /// From now on: `tls` for new connections, the rest for the next request of each. Loop thread.
    void change(HttpServerAccess access);
    /// The port in use; 0 before listen().
    [[nodiscard]] std::uint16_t port() const;
    /// Takes no new connections, ends idle ones, lets responses in flight finish, says 1001 to WebSockets, and after
    /// close_grace cuts the rest. `done` is called when no connection is left.
    void stop(std::function<void()> done = {});
    [[nodiscard]] HttpServerCounters counters() const;

    struct Impl;

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::net
