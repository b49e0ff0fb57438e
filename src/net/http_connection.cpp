#include "base/assert.hpp"
#include "net/detail/http_server_impl.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>

namespace vt::net::detail {

namespace {

using Buffers = std::array<asio::const_buffer, 4>;

/// Registers the connection with the sweep for as long as its coroutine lives.
class Registration {
public:
    Registration(ServerPtr server, Connection& connection) : server_(std::move(server)), connection_(connection) {
        server_->connections.insert(&connection_);
    }
    ~Registration() { server_->connections.erase(&connection_); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

private:
    ServerPtr server_;
    Connection& connection_;
};

void skip(Buffers& buffers, std::size_t count) {
    for (asio::const_buffer& buffer : buffers) {
        const std::size_t part = std::min(count, buffer.size());
        buffer += part;
        count -= part;
    }
}

/// Writes what the system takes at once. One call in nearly every response.
///   out: everything was taken
bool write_now(Stream& stream, Buffers& buffers, error_code& ec) {
    if (stream.is_tls()) return false;
    const std::size_t count = stream.socket().write_some(buffers, ec);
    if (ec == asio::error::would_block) ec = {};
    skip(buffers, count);
    return asio::buffer_size(buffers) == 0;
}

/// Writes the rest as the other side takes it; the deadline moves with each part.
Task<bool> write_rest(ServerPtr server, std::shared_ptr<Connection> connection, Buffers buffers) {
    while (asio::buffer_size(buffers) > 0) {
        connection->deadline = steady_now() + server->params.limits.write_stall_timeout;
        auto [ec, count] = co_await connection->stream->async_write_some(buffers, kAwait);
        if (ec) co_return false;
        skip(buffers, count);
    }
    co_return true;
}

/// What a response is sent with: shared parts that must live until it is written.
struct Outgoing {
    PreparedResponsePtr response;
    std::shared_ptr<const HeadTails> tails;
    bool keeps_alive = false;
    std::string timing;  // a header of this response alone; empty: none

    [[nodiscard]] Buffers buffers(RequestReader& reader) const {
        const std::string& tail = !keeps_alive ? tails->close : reader.is_http_1_0() ? tails->keep_1_0 : tails->keep;
        const auto accepted = reader.request().header("Accept-Encoding");
        if (!response->etag.empty() && response->status == 200 && reader.request().method == Method::get) {
            const auto known = reader.request().header("If-None-Match");
            if (known && response->matches(*known)) {
                return {asio::buffer(response->not_modified(accepted.value_or(""))), asio::buffer(timing),
                        asio::buffer(tail), asio::const_buffer()};
            }
        }
        const PreparedResponse::Coded& form = response->choose(accepted.value_or(""));
        const bool has_body = !reader.is_head() && response->status != 204 && response->status != 304;
        return {asio::buffer(form.head), asio::buffer(timing), asio::buffer(tail),
                has_body ? asio::buffer(form.body) : asio::const_buffer()};
    }
};

/// `Server-Timing` in milliseconds, to the microsecond.
std::string timing_since(SteadyTime begun) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(steady_now() - begun).count();
    const std::string fraction = std::to_string(1000 + us % 1000).substr(1);
    return "Server-Timing: app;dur=" + std::to_string(us / 1000) + "." + fraction + "\r\n";
}

/// Reads and forgets, so that closing does not reset the connection before the other side has read our answer.
Task<void> linger(ServerPtr server, std::shared_ptr<Connection> connection) {
    constexpr std::size_t kMost = std::size_t{1} << 20U;
    error_code ignored;
    connection->stream->socket().shutdown(tcp::socket::shutdown_send, ignored);
    connection->deadline = steady_now() + server->params.limits.close_grace;
    std::array<char, 4096> waste;
    for (std::size_t total = 0; total < kMost;) {
        auto [ec, count] = co_await connection->stream->socket().async_read_some(asio::buffer(waste), kAwait);
        if (ec) break;
        total += count;
    }
}

/// Answers with a problem of the server's own finding.
Task<bool> write_problem(ServerPtr server, std::shared_ptr<Connection> connection, PreparedResponsePtr problem) {
    ++server->counters.bad_requests;
    const Outgoing outgoing{std::move(problem), server->tails, false, {}};
    const Buffers buffers{
        asio::buffer(outgoing.response->identity.head), asio::buffer(outgoing.tails->close),
        connection->reader.is_head() ? asio::const_buffer() : asio::buffer(outgoing.response->identity.body),
        asio::const_buffer()};
    co_return co_await write_rest(server, connection, buffers);
}

PreparedResponsePtr problem(const HttpServer::Impl& server, int status, std::string_view detail) {
    std::vector<HttpHeader> headers = server.params.error_headers;
    if (status == 405) headers.push_back({"Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"});
    if (status == 426) headers.push_back({"Upgrade", "websocket"});
    return problem_response(status, detail, headers);
}

HttpReply refused(HttpServer::Impl& server, int status, std::string_view detail) {
    ++server.counters.bad_requests;
    return problem(server, status, detail);
}

/// The reply to a well-formed request: ours where the host or the origin is foreign, else the handler's.
HttpReply dispatch(HttpServer::Impl& server, Connection& connection) {
    RequestReader& reader = connection.reader;
    HttpRequest& request = reader.request();
    request.remote_address = connection.remote_address;
    ++server.counters.requests;
    if (!is_allowed_host(reader.host(), server.params.allowed_hosts)) {
        return refused(server, 421,
                       "This host name is not served here. Allowed names are part of the configuration.");
    }
    if (request.wants_websocket) {
        const auto origin = request.header("Origin");
        if (origin && !is_same_origin(*origin, reader.host())) {
            return refused(server, 403, "WebSocket connections from pages of another origin are not allowed.");
        }
    }
    HttpReply reply;
    const bool is_answered = guarded(server.loop.impl(), "HTTP handler", [&] { reply = server.handler(request); });
    const auto* late = std::get_if<LateResponse>(&reply);
    const auto* response = late != nullptr ? &late->response : std::get_if<PreparedResponsePtr>(&reply);
    if (!is_answered || (response != nullptr && !*response)) {
        return refused(server, 500, "The server failed to answer; its log says why.");
    }
    if (std::holds_alternative<WebSocketAccept>(reply) && !request.wants_websocket)
        return refused(server, 426, "This is a WebSocket endpoint.");
    return reply;
}

/// Hands the connection over to a WebSocket session.
Task<void> upgrade(ServerPtr server, std::shared_ptr<Connection> connection, WebSocketAccept accept) {
    const HttpServerLimits& limits = server->params.limits;
    connection->deadline = steady_now() + limits.header_timeout;
    error_code ignored;
    connection->stream->socket().set_option(
        asio::socket_base::send_buffer_size(static_cast<int>(limits.max_queued_bytes)), ignored);
    const PeerParams params{.max_message_bytes = limits.max_message_bytes,
                            .max_queued_bytes = limits.max_queued_bytes,
                            .ping_every = limits.ping_every,
                            .silence_timeout = limits.silence_timeout,
                            .write_stall_timeout = limits.write_stall_timeout,
                            .close_grace = limits.close_grace};
    const auto peer = std::make_shared<WebSocketPeer>(server->loop.impl(), connection->stream, params);
    const std::string request_bytes(connection->reader.raw());
    const Result<void> accepted = co_await WebSocketPeer::accept(peer, request_bytes);
    if (!accepted || server->is_dropped) {
        connection->stream->close();
        co_return;
    }
    const auto impl = std::make_shared<WebSocketSession::Impl>(
        WebSocketSession::Impl{peer, connection->remote_address, connection->slot});
    connection->slot.reset();
    server->sessions.insert(impl);
    ++server->counters.open_websockets;
    auto callbacks = std::make_shared<WebSocketSessionCallbacks>();
    const bool is_opened = guarded(server->loop.impl(), "WebSocket open",
                                   [&] { *callbacks = accept.open(std::make_shared<WebSocketSession>(impl)); });
    WebSocketPeer::start(peer, {.on_text =
                                    [callbacks](std::string_view text, Timestamp received) {
                                        if (callbacks->on_text) callbacks->on_text(text, received);
                                    },
                                .on_writable =
                                    [callbacks] {
                                        if (callbacks->on_writable) callbacks->on_writable();
                                    },
                                .on_pong =
                                    [callbacks](std::string_view payload) {
                                        if (callbacks->on_pong) callbacks->on_pong(payload);
                                    },
                                .on_close =
                                    [callbacks, impl, server](const CloseReason& reason) {
                                        impl->peer.reset();
                                        server->sessions.erase(impl);
                                        --server->counters.open_websockets;
                                        impl->slot.reset();
                                        if (callbacks->on_close) callbacks->on_close(reason);
                                    }});
    if (!is_opened) WebSocketPeer::close(peer, {CloseCode::internal_error, "internal error"});
    if (server->is_stopping) WebSocketPeer::close(peer, {CloseCode::going_away, "the server stops"});
}

/// Reads until the reader has a verdict.
///   out: false: the connection ended
Task<bool> read_request(ServerPtr server, std::shared_ptr<Connection> connection) {
    const HttpServerLimits& limits = server->params.limits;
    RequestReader& reader = connection->reader;
    auto state = reader.advance();
    bool was_in_body = false;
    while (state == RequestReader::State::needs_more || state == RequestReader::State::wants_continue) {
        if (state == RequestReader::State::wants_continue) {
            constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            const Buffers buffers{asio::buffer(kContinue)};
            if (!co_await write_rest(server, connection, buffers)) co_return false;
        }
        connection->is_waiting = reader.is_idle();
        if (connection->is_waiting && server->is_stopping) co_return false;
        const std::span<char> space = reader.space();
        const asio::mutable_buffer buffer(space.data(), space.size());
        error_code ec;
        std::size_t count = 0;
        if (connection->stream->is_tls()) {
            std::tie(ec, count) = co_await connection->stream->async_read_some(buffer, kAwait);
        } else {
            std::tie(ec, count) = co_await connection->stream->socket().async_read_some(buffer, kAwait);
        }
        if (ec) co_return false;
        reader.commit(count);
        state = reader.advance();
        if (state == RequestReader::State::complete) break;
        if (connection->is_waiting || (reader.is_in_body() && !was_in_body)) {  // the clock of this part starts
            connection->deadline = steady_now() + limits.header_timeout;
        } else if (was_in_body) {
            connection->deadline += std::chrono::nanoseconds(std::chrono::seconds{count}) /
                                    static_cast<std::int64_t>(limits.min_body_bytes_per_second);
        }
        was_in_body = reader.is_in_body();
    }
    connection->is_waiting = false;
    co_return true;
}

/// Waits for what the handler's helper says.
Task<PreparedResponsePtr> response_of(ServerPtr server, std::shared_ptr<Connection> connection,
                                      PendingResponse pending) {
    struct Waiting {
        Timer timer;
        PreparedResponsePtr response;
    };
    connection->deadline = steady_now() + pending.limit + server->params.limits.write_stall_timeout;
    // The helper holds no part of the loop: it may be gone when the helper is done.
    const auto waiting = std::make_shared<Waiting>(Timer(connection->stream->socket().get_executor(), pending.limit));
    const auto done = [weak = std::weak_ptr<Waiting>(waiting)](PreparedResponsePtr response) {
        VT_ASSERT(response != nullptr);
        const auto still_there = weak.lock();
        if (!still_there || still_there->response) return;
        still_there->response = std::move(response);
        still_there->timer.cancel();
    };
    const bool is_begun = guarded(server->loop.impl(), "HTTP handler", [&] { pending.begin(done); });
    if (is_begun && !waiting->response) (void)co_await waiting->timer.async_wait(kAwait);
    if (waiting->response) co_return std::move(waiting->response);
    ++server->counters.bad_requests;
    co_return is_begun ? problem(*server, 503, "The answer took too long. Try again later.")
                       : problem(*server, 500, "The server failed to answer; its log says why.");
}

}  // namespace

Task<void> serve(ServerPtr server, std::shared_ptr<Connection> connection) {
    const Registration registration(server, *connection);
    const HttpServerLimits& limits = server->params.limits;
    RequestReader& reader = connection->reader;
    connection->deadline = steady_now() + limits.header_timeout;
    if (co_await connection->stream->accept_tls()) co_return;
    for (;;) {
        if (!co_await read_request(server, connection) || server->is_dropped) co_return;
        if (reader.advance() == RequestReader::State::refused) {
            const PreparedResponsePtr answer = problem(*server, reader.status(), reader.detail());
            if (co_await write_problem(server, connection, answer)) co_await linger(server, connection);
            co_return;
        }
        const SteadyTime begun = steady_now();
        HttpReply reply = dispatch(*server, *connection);
        if (server->is_dropped) co_return;
        if (auto* accept = std::get_if<WebSocketAccept>(&reply)) {
            WebSocketAccept accepted = std::move(*accept);
            co_await upgrade(server, connection, std::move(accepted));
            co_return;
        }
        if (auto* late = std::get_if<LateResponse>(&reply)) {
            connection->deadline = steady_now() + late->delay + limits.write_stall_timeout;
            Timer timer(connection->stream->socket().get_executor(), late->delay);
            (void)co_await timer.async_wait(kAwait);
            if (server->is_dropped || !connection->stream->socket().is_open()) co_return;
            reply = PreparedResponsePtr(std::move(late->response));
        }
        if (auto* pending = std::get_if<PendingResponse>(&reply)) {
            PreparedResponsePtr made = co_await response_of(server, connection, std::move(*pending));
            if (server->is_dropped || !connection->stream->socket().is_open()) co_return;
            reply = std::move(made);
        }
        Outgoing outgoing{std::get<PreparedResponsePtr>(std::move(reply)),
                          server->tails,
                          reader.keeps_alive() && !server->is_stopping,
                          {}};
        if (outgoing.response->tells_time) outgoing.timing = timing_since(begun);
        Buffers buffers = outgoing.buffers(reader);
        error_code ec;
        if (!write_now(*connection->stream, buffers, ec)) {
            if (ec) co_return;
            if (!co_await write_rest(server, connection, buffers)) co_return;
        }
        if (!outgoing.keeps_alive) {
            co_await linger(server, connection);
            co_return;
        }
        reader.next();
        connection->deadline = steady_now() + limits.keep_alive;
    }
}

}  // namespace vt::net::detail
