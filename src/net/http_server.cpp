#include "net/http_server.hpp"

#include "base/assert.hpp"
#include "net/detail/http_server_impl.hpp"
#include "net/detail/tls_context.hpp"
#include "obs/log.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace vt::net {

using detail::Connection;
using detail::error_code;
using detail::ServerPtr;
using detail::Socket;
using detail::tcp;
using detail::WebSocketPeer;

namespace {

/// "Tue, 24 Nov 2026 18:22:08 GMT" (RFC 9110 5.6.7).
std::string http_date(Timestamp at) {
    constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    std::string out(kDays[std::chrono::weekday(day).c_encoding()]);
    out += ", " + two(static_cast<unsigned>(date.day())) + " ";
    out += kMonths[static_cast<unsigned>(date.month()) - 1];
    out += " " + std::to_string(static_cast<int>(date.year())) + " " + two(time.hours().count()) + ":";
    out += two(time.minutes().count()) + ":" + two(time.seconds().count()) + " GMT";
    return out;
}

tl::unexpected<Error> cannot_listen(const HttpServerParams& params, error_code problem) {
    std::string what = "cannot listen on " + params.address + ":" + std::to_string(params.port) + ": ";
    if (problem == boost::asio::error::address_in_use) {
        what += "the port is in use; stop the program that holds it (ss -ltnp shows it) or configure another port";
    } else if (problem == boost::asio::error::access_denied) {
        what += "not allowed; ports below 1024 need privileges, configure another port";
    } else {
        what += problem.message() + "; the address must be one of this machine, such as 127.0.0.1";
    }
    return fail(Errc::io, what);
}

}  // namespace

HttpServer::Impl::Impl(Loop& loop_, HttpServerParams params_, Handler handler_)
    : loop(loop_), params(std::move(params_)), handler(std::move(handler_)) {
    VT_ASSERT(handler);
    VT_ASSERT(!params.tls || params.tls->is_server());
    refresh_tails();
}

void HttpServer::Impl::refresh_tails() {
    std::string date = "Date: " + http_date(wall_now()) + "\r\n";
    for (const HttpHeader& each : params.every_headers) date += each.name + ": " + each.value + "\r\n";
    tails = std::make_shared<const detail::HeadTails>(detail::HeadTails{
        date + "\r\n", date + "Connection: keep-alive\r\n\r\n", date + "Connection: close\r\n\r\n"});
}

Result<void> HttpServer::Impl::open() {
    error_code problem;
    const auto address = boost::asio::ip::make_address(params.address, problem);
    if (problem) return cannot_listen(params, problem);
    const tcp::endpoint endpoint(address, params.port);
    acceptor.emplace(loop.impl().context);
    acceptor->open(endpoint.protocol(), problem);
    if (!problem) acceptor->set_option(boost::asio::socket_base::reuse_address(true), problem);
    if (!problem) acceptor->bind(endpoint, problem);
    if (!problem) acceptor->listen(boost::asio::socket_base::max_listen_connections, problem);
    if (problem) {
        acceptor.reset();
        return cannot_listen(params, problem);
    }
    port = acceptor->local_endpoint().port();
    return {};
}

detail::Task<void> HttpServer::Impl::accept_loop(ServerPtr self) {
    detail::Timer pause(self->loop.impl().context.get_executor());
    while (!self->is_stopping && !self->is_dropped) {
        auto [problem, socket] = co_await self->acceptor->async_accept(detail::kAwait);
        if (self->is_stopping || self->is_dropped) co_return;
        if (!problem) {
            admit(self, std::move(socket));
            continue;
        }
        if (problem == boost::asio::error::operation_aborted) co_return;
        obs::log_warning("net.http", "cannot accept a connection: " + problem.message());
        pause.expires_after(std::chrono::seconds{1});  // out of descriptors: let some end first
        co_await pause.async_wait(detail::kAwait);
    }
}

void HttpServer::Impl::admit(const ServerPtr& self, Socket socket) {
    HttpServerCounters& counters = self->counters;
    const HttpServerLimits& limits = self->params.limits;
    error_code problem;
    const tcp::endpoint remote = socket.remote_endpoint(problem);
    if (problem) return;  // gone already
    const std::string address = remote.address().to_string();
    socket.set_option(tcp::no_delay(true), problem);
    socket.non_blocking(true, problem);
    std::size_t& of_address = self->connections_of[address];
    const bool is_proxy = std::ranges::find(self->params.proxies, address) != self->params.proxies.end();
    if (counters.open_connections >= limits.max_connections ||
        (!is_proxy && of_address >= limits.max_connections_per_address)) {
        if (of_address == 0) self->connections_of.erase(address);
        ++counters.refused_connections;
        const auto busy = problem_response(503, "Too many connections.", self->params.error_headers);
        if (!self->params.tls) {
            const std::string text = busy->identity.head + self->tails->close + busy->identity.body;
            socket.write_some(boost::asio::buffer(text), problem);
        }
        return;
    }
    ++of_address;
    ++counters.open_connections;
    ++counters.connections;
    auto connection = std::make_shared<Connection>(std::move(socket),
                                                   self->params.tls ? self->params.tls->impl() : nullptr, limits);
    connection->remote_address = address;
    connection->slot = std::shared_ptr<void>(nullptr, [self, address](void*) {
        --self->counters.open_connections;
        const auto entry = self->connections_of.find(address);
        if (--entry->second == 0) self->connections_of.erase(entry);
        self->check_stopped();
    });
    detail::spawn(self->loop.impl(), "HTTP connection", detail::serve(self, std::move(connection)));
}

void HttpServer::Impl::schedule_sweep(const ServerPtr& self) {
    self->sweep_timer = self->loop.after(self->params.limits.sweep_every, [self] {
        self->sweep();
        if (!self->is_dropped) schedule_sweep(self);
    });
}

void HttpServer::Impl::sweep() {
    refresh_tails();
    const auto now = detail::steady_now();
    for (Connection* connection : connections) {
        if (now < connection->deadline || connection->stream->is_closed()) continue;
        ++counters.timeouts;
        const bool is_late_request = !connection->reader.is_idle() && !connection->stream->is_tls() &&
                                     connection->reader.advance() == detail::RequestReader::State::needs_more;
        if (is_late_request) {  // as much of an answer as fits now
            const auto late = problem_response(408, "The request did not arrive in time.", params.error_headers);
            const std::string text = late->identity.head + tails->close + late->identity.body;
            error_code ignored;
            connection->stream->socket().write_some(boost::asio::buffer(text), ignored);
        }
        connection->stream->close();
    }
    const std::vector<std::shared_ptr<WebSocketSession::Impl>> current(sessions.begin(), sessions.end());
    for (const auto& session : current) {
        if (session->peer) WebSocketPeer::tick(session->peer, now);
    }
}

void HttpServer::Impl::cut_all() {
    for (Connection* connection : connections) connection->stream->close();
    const std::vector<std::shared_ptr<WebSocketSession::Impl>> current(sessions.begin(), sessions.end());
    for (const auto& session : current) {
        if (!session->peer) continue;
        if (is_dropped) {
            session->peer->drop();
            session->peer.reset();
            session->slot.reset();
        } else {
            WebSocketPeer::abort(session->peer, {CloseCode::going_away, "the server stops"});
        }
    }
    if (is_dropped) sessions.clear();
}

void HttpServer::Impl::check_stopped() {
    if (!is_stopping || is_dropped || counters.open_connections > 0 || !on_stopped) return;
    loop.post(std::exchange(on_stopped, {}));
}

HttpServer::HttpServer(Loop& loop, HttpServerParams params, Handler handler)
    : impl_(std::make_shared<Impl>(loop, std::move(params), std::move(handler))) {}

HttpServer::~HttpServer() {
    impl_->is_dropped = true;
    impl_->loop.cancel(impl_->sweep_timer);
    error_code ignored;
    if (impl_->acceptor) impl_->acceptor->close(ignored);
    impl_->cut_all();
}

Result<void> HttpServer::listen() {
    VT_ASSERT(!impl_->acceptor);
    Result<void> opened = impl_->open();
    if (!opened) return opened;
    detail::spawn(impl_->loop.impl(), "HTTP accept", Impl::accept_loop(impl_));
    Impl::schedule_sweep(impl_);
    return {};
}

void HttpServer::change(HttpServerAccess access) {
    VT_ASSERT(!access.tls || access.tls->is_server());
    impl_->params.tls = std::move(access.tls);
    impl_->params.allowed_hosts = std::move(access.allowed_hosts);
    impl_->params.proxies = std::move(access.proxies);
    impl_->params.every_headers = std::move(access.every_headers);
    impl_->refresh_tails();
}

std::uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::stop(std::function<void()> done) {
    impl_->is_stopping = true;
    impl_->on_stopped = std::move(done);
    error_code ignored;
    if (impl_->acceptor) impl_->acceptor->close(ignored);
    for (Connection* connection : impl_->connections) {
        if (connection->is_waiting) connection->stream->close();
    }
    const auto sessions = impl_->sessions;
    for (const auto& session : sessions) {
        if (session->peer) WebSocketPeer::close(session->peer, {CloseCode::going_away, "the server stops"});
    }
    impl_->loop.after(impl_->params.limits.close_grace, [impl = impl_] {
        if (!impl->is_dropped) impl->cut_all();
    });
    impl_->check_stopped();
}

HttpServerCounters HttpServer::counters() const { return impl_->counters; }

WebSocketSession::WebSocketSession(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocketSession::~WebSocketSession() = default;

bool WebSocketSession::send(Message message) {
    return impl_->peer && WebSocketPeer::send(impl_->peer, std::move(message));
}

void WebSocketSession::ping(std::string_view payload) {
    if (impl_->peer) detail::WebSocketPeer::ping(impl_->peer, payload);
}

std::size_t WebSocketSession::pending_bytes() const { return impl_->peer ? impl_->peer->pending_bytes() : 0; }

void WebSocketSession::close(CloseCode code, std::string reason) {
    if (impl_->peer) WebSocketPeer::close(impl_->peer, {code, std::move(reason)});
}

void WebSocketSession::abort(std::string reason) {
    if (const auto peer = impl_->peer) detail::WebSocketPeer::abort(peer, {CloseCode::abnormal, std::move(reason)});
}

std::string_view WebSocketSession::remote_address() const { return impl_->remote_address; }

}  // namespace vt::net
