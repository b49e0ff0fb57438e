#include "net/detail/websocket_peer.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace vt::net::detail {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

std::string_view bytes_of(const auto& text) { return {text.data(), text.size()}; }

/// What a read's error means to the owner: the peer's own close frame, or a broken connection.
CloseReason reason_of(error_code ec, const websocket::close_reason& said) {
    if (ec == websocket::error::closed) {
        const bool is_empty = said.code == websocket::close_code::none;
        return {static_cast<CloseCode>(is_empty ? 1005 : said.code), std::string(bytes_of(said.reason))};
    }
    if (ec == websocket::error::message_too_big) return {CloseCode::too_big, "a message over the limit"};
    if (ec == websocket::error::bad_frame_payload) return {CloseCode::bad_payload, "text that is not UTF-8"};
    if (ec.category() == websocket::make_error_code(websocket::error::closed).category()) {
        return {CloseCode::protocol_error, ec.message()};
    }
    return {CloseCode::abnormal, ec.message()};
}

}  // namespace

struct WebSocketPeer::Impl {
    Impl(Loop::Impl& loop_, std::shared_ptr<Stream> stream_, const PeerParams& params_)
        : loop(loop_), transport(std::move(stream_)), params(params_), socket(*transport) {}

    Loop::Impl& loop;
    std::shared_ptr<Stream> transport;  // before socket: outlives it
    PeerParams params;
    websocket::stream<Stream&, false> socket;
    beast::flat_buffer incoming;
    std::deque<Message> outgoing;  // the front is being written
    std::size_t outgoing_bytes = 0;
    PeerCallbacks callbacks;
    std::optional<CloseReason> closing;  // we asked for the end
    SteadyTime close_deadline{};
    SteadyTime last_ping = steady_now();
    SteadyTime write_started{};
    bool is_writing = false;
    bool is_pinging = false;
    bool said_goodbye = false;
    bool is_finished = false;
};

WebSocketPeer::WebSocketPeer(Loop::Impl& loop, std::shared_ptr<Stream> stream, const PeerParams& params)
    : impl_(std::make_unique<Impl>(loop, std::move(stream), params)) {
    auto& socket = impl_->socket;
    socket.read_message_max(params.max_message_bytes);
    socket.auto_fragment(false);  // one frame for each message, and no write buffer for each connection
    websocket::permessage_deflate off;
    off.client_enable = off.server_enable = false;
    socket.set_option(off);
    socket.text(true);
}

WebSocketPeer::~WebSocketPeer() = default;

Task<std::optional<CloseReason>> WebSocketPeer::upgrade(Self self, const Url& url,
                                                        const std::vector<HttpHeader>& headers) {
    constexpr std::size_t kShownBytes = 400;
    Impl& impl = *self->impl_;
    impl.socket.set_option(websocket::stream_base::decorator([&headers](websocket::request_type& request) {
        for (const HttpHeader& each : headers) request.set(each.name, each.value);
    }));
    websocket::response_type response;
    auto [problem] = co_await impl.socket.async_handshake(response, url.authority(), url.target, kAwait);
    if (!problem) co_return std::nullopt;
    if (problem != websocket::error::upgrade_declined) {
        co_return CloseReason{CloseCode::abnormal, "WebSocket upgrade: " + problem.message()};
    }
    const int status = static_cast<int>(response.result_int());
    std::string text = "WebSocket upgrade refused with HTTP " + std::to_string(status);
    if (!response.body().empty()) text += ": " + response.body().substr(0, kShownBytes);
    co_return CloseReason{CloseCode::abnormal, std::move(text), status};
}

Task<Result<void>> WebSocketPeer::accept(Self self, const std::string& request_bytes) {
    auto [problem] = co_await self->impl_->socket.async_accept(asio::buffer(request_bytes), kAwait);
    if (problem) co_return fail(Errc::malformed, "WebSocket upgrade: " + problem.message());
    co_return Result<void>{};
}

void WebSocketPeer::start(const Self& self, PeerCallbacks callbacks) {
    self->impl_->callbacks = std::move(callbacks);
    Impl& impl = *self->impl_;
    impl.transport->note_write();
    // It is called inside a read, and lives in the socket: by then the peer is there.
    impl.socket.control_callback([&impl](websocket::frame_type kind, beast::string_view payload) {
        if (kind != websocket::frame_type::pong || impl.is_finished || !impl.callbacks.on_pong) return;
        guarded(impl.loop, "on_pong", [&] { impl.callbacks.on_pong(bytes_of(payload)); });
    });
    read_next(self);
}

void WebSocketPeer::read_next(const Self& self) {
    self->impl_->socket.async_read(self->impl_->incoming, [self](error_code ec, std::size_t) { on_read(self, ec); });
}

void WebSocketPeer::on_read(const Self& self, error_code ec) {
    Impl& impl = *self->impl_;
    if (impl.is_finished) return;
    if (ec) return finish(self, reason_of(ec, impl.socket.reason()));
    const auto data = impl.incoming.cdata();
    if (!impl.socket.got_text()) {
        close(self, {CloseCode::unsupported_data, "binary messages are not used here"});
    } else if (!impl.closing && impl.callbacks.on_text) {
        const std::string_view text(static_cast<const char*>(data.data()), data.size());
        const Timestamp received = impl.transport->received();
        if (!guarded(impl.loop, "on_text", [&] { impl.callbacks.on_text(text, received); })) {
            close(self, {CloseCode::internal_error, "internal error"});
        }
    }
    if (impl.is_finished) return;
    impl.incoming.consume(impl.incoming.size());
    read_next(self);
}

bool WebSocketPeer::send(const Self& self, Message message) {
    Impl& impl = *self->impl_;
    if (impl.closing || impl.is_finished) return false;
    if (!impl.outgoing.empty() && impl.outgoing_bytes + message->size() > impl.params.max_queued_bytes) return false;
    impl.outgoing_bytes += message->size();
    impl.outgoing.push_back(std::move(message));
    if (!impl.is_writing) write_next(self);
    return true;
}

void WebSocketPeer::write_next(const Self& self) {
    Impl& impl = *self->impl_;
    impl.is_writing = true;
    impl.write_started = steady_now();
    impl.socket.async_write(asio::buffer(*impl.outgoing.front()), [self](error_code ec, std::size_t) {
        Impl& state = *self->impl_;
        state.is_writing = false;
        if (state.is_finished) return;
        state.outgoing_bytes -= state.outgoing.front()->size();
        state.outgoing.pop_front();
        if (ec) return finish(self, {CloseCode::abnormal, "write: " + ec.message()});
        if (!state.outgoing.empty()) return write_next(self);
        if (state.closing) return say_goodbye(self);
        if (!state.callbacks.on_writable) return;
        if (!guarded(state.loop, "on_writable", state.callbacks.on_writable)) {
            close(self, {CloseCode::internal_error, "internal error"});
        }
    });
}

std::size_t WebSocketPeer::pending_bytes() const { return impl_->outgoing_bytes; }

bool WebSocketPeer::is_closing() const { return impl_->closing || impl_->is_finished; }

void WebSocketPeer::close(Self self, CloseReason reason) {
    Impl& impl = *self->impl_;
    if (impl.closing || impl.is_finished) return;
    impl.closing = std::move(reason);
    impl.close_deadline = steady_now() + impl.params.close_grace;
    if (!impl.is_writing) say_goodbye(self);
}

void WebSocketPeer::say_goodbye(const Self& self) {
    Impl& impl = *self->impl_;
    if (impl.said_goodbye) return;
    impl.said_goodbye = true;
    websocket::close_reason reason(static_cast<websocket::close_code>(impl.closing->code));
    reason.reason.assign(impl.closing->text.data(), std::min<std::size_t>(impl.closing->text.size(), 120));
    impl.socket.async_close(reason, [self](error_code ec) {
        Impl& state = *self->impl_;
        if (!state.is_finished) finish(self, reason_of(ec ? ec : websocket::error::closed, state.socket.reason()));
    });
}

void WebSocketPeer::finish(const Self& self, CloseReason reason) {
    Impl& impl = *self->impl_;
    if (impl.is_finished) return;
    impl.is_finished = true;
    impl.transport->close();
    if (!impl.is_writing) impl.outgoing.clear();  // else the write in flight still reads the front
    impl.outgoing_bytes = 0;
    if (impl.closing) reason = *impl.closing;
    if (impl.callbacks.on_close) guarded(impl.loop, "on_close", [&] { impl.callbacks.on_close(reason); });
}

void WebSocketPeer::abort(Self self, CloseReason reason) {
    self->impl_->closing = reason;
    finish(self, std::move(reason));
}

void WebSocketPeer::drop() {
    impl_->is_finished = true;
    impl_->transport->close();
}

void WebSocketPeer::tick(Self self, SteadyTime now) {
    Impl& impl = *self->impl_;
    if (impl.is_finished) return;
    const PeerParams& params = impl.params;
    if (impl.closing) {
        if (now >= impl.close_deadline) finish(self, *impl.closing);
        return;
    }
    if (params.silence_timeout > Nanos{0} && now - impl.transport->last_read() > params.silence_timeout) {
        return abort(self, {CloseCode::abnormal, "nothing received for too long"});
    }
    const SteadyTime progress = std::max(impl.write_started, impl.transport->last_write());
    if (impl.is_writing && now - progress > params.write_stall_timeout) {
        while (impl.outgoing.size() > 1) {  // the front is in flight; the close frame can only follow it
            impl.outgoing_bytes -= impl.outgoing.back()->size();
            impl.outgoing.pop_back();
        }
        return close(self, {CloseCode::try_again_later, "the reader is too slow"});
    }
    if (params.ping_every > Nanos{0} && !impl.is_pinging && now - impl.last_ping >= params.ping_every) {
        impl.last_ping = now;
        ping(self, {});
    }
}

void WebSocketPeer::ping(const Self& self, std::string_view payload) {
    Impl& impl = *self->impl_;
    if (impl.is_pinging || impl.closing || impl.is_finished) return;
    impl.is_pinging = true;
    impl.socket.async_ping(websocket::ping_data(payload.data(), payload.size()),
                           [self](error_code) { self->impl_->is_pinging = false; });
}

}  // namespace vt::net::detail
