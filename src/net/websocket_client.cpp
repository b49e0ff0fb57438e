#include "net/websocket_client.hpp"

#include "base/assert.hpp"
#include "net/detail/tls_context.hpp"
#include "net/detail/websocket_peer.hpp"

namespace vt::net {

using detail::Stream;
using detail::Task;
using detail::WebSocketPeer;

namespace {

constexpr Nanos kTickEvery = std::chrono::milliseconds{250};

}  // namespace

struct WebSocketClient::Impl {
    using Self = std::shared_ptr<Impl>;

    Impl(Loop& loop_, WebSocketClientParams params_, WebSocketClientCallbacks callbacks_)
        : loop(loop_), params(std::move(params_)), callbacks(std::move(callbacks_)) {}

    Loop& loop;
    WebSocketClientParams params;
    WebSocketClientCallbacks callbacks;
    std::shared_ptr<Stream> stream;
    std::shared_ptr<WebSocketPeer> peer;  // once open
    std::uint64_t attempt = 0;            // which connect() an operation in flight belongs to
    TimerId timer{};
    bool is_busy = false;     // between connect() and on_close
    bool is_dropped = false;  // the client was destroyed: no more callbacks

    /// Ends the attempt, once.
    void finish(const CloseReason& reason) {
        if (!is_busy) return;
        is_busy = false;
        ++attempt;
        loop.cancel(timer);
        if (stream) stream->close();
        stream.reset();
        peer.reset();
        if (is_dropped || !callbacks.on_close) return;
        detail::guarded(loop.impl(), "on_close", [&] { callbacks.on_close(reason); });
    }

    [[nodiscard]] Result<Url> usable_url() const {
        Result<Url> url = parse_url(params.url);
        if (!url) return url;
        if (url->scheme != "ws" && url->scheme != "wss") {
            return fail(Errc::malformed,
                        "address \"" + params.url + "\": a WebSocket address begins with ws:// or wss://");
        }
        if (url->is_secure() && !params.tls) return fail(Errc::configuration, params.url + " needs a TLS context");
        return url;
    }

    static Task<void> run(Self self, std::uint64_t attempt) {
        const Result<Url> url = self->usable_url();
        if (!url) co_return self->finish({CloseCode::abnormal, url.error().what});
        const auto tls = url->is_secure() ? self->params.tls->impl() : nullptr;
        const auto stream = std::make_shared<Stream>(detail::Socket(self->loop.impl().context), tls);
        self->stream = stream;
        const Result<void> connected = co_await stream->connect(*url, self->params.route, *self->loop.impl().names);
        if (self->attempt != attempt) co_return;
        if (!connected) co_return self->finish({CloseCode::abnormal, connected.error().what});
        const detail::PeerParams peer_params{.max_message_bytes = self->params.max_frame_bytes,
                                             .max_queued_bytes = self->params.max_queued_bytes,
                                             .ping_every = self->params.ping_every,
                                             .silence_timeout = self->params.idle_timeout,
                                             .write_stall_timeout = self->params.write_stall_timeout};
        const auto peer = std::make_shared<WebSocketPeer>(self->loop.impl(), stream, peer_params);
        const auto refused = co_await WebSocketPeer::upgrade(peer, *url, self->params.headers);
        if (self->attempt != attempt) co_return;
        if (refused) co_return self->finish(*refused);
        self->loop.cancel(self->timer);
        self->peer = peer;
        schedule_tick(self, attempt);
        detail::guarded(self->loop.impl(), "on_open", [&] {
            if (self->callbacks.on_open) self->callbacks.on_open();
        });
        if (self->attempt != attempt) co_return;
        WebSocketPeer::start(peer, {.on_text =
                                        [self](std::string_view text, Timestamp received) {
                                            if (!self->is_dropped && self->callbacks.on_text) {
                                                self->callbacks.on_text(text, received);
                                            }
                                        },
                                    .on_writable = {},
                                    .on_close = [self, attempt](const CloseReason& reason) {
                                        if (self->attempt == attempt) self->finish(reason);
                                    }});
    }

    static void schedule_tick(const Self& self, std::uint64_t attempt) {
        self->timer = self->loop.after(kTickEvery, [self, attempt] {
            if (self->attempt != attempt) return;
            WebSocketPeer::tick(self->peer, detail::steady_now());
            if (self->attempt == attempt) schedule_tick(self, attempt);
        });
    }
};

WebSocketClient::WebSocketClient(Loop& loop, WebSocketClientParams params, WebSocketClientCallbacks callbacks)
    : impl_(std::make_shared<Impl>(loop, std::move(params), std::move(callbacks))) {}

WebSocketClient::~WebSocketClient() {
    impl_->is_dropped = true;
    if (impl_->peer) impl_->peer->drop();
    impl_->finish({});
}

void WebSocketClient::connect() {
    VT_ASSERT(!impl_->is_busy);
    impl_->is_busy = true;
    const std::uint64_t attempt = ++impl_->attempt;
    impl_->timer = impl_->loop.after(impl_->params.handshake_timeout, [impl = impl_, attempt] {
        if (impl->attempt == attempt) impl->finish({CloseCode::abnormal, "no handshake within the time limit"});
    });
    impl_->loop.post([impl = impl_, attempt] {
        if (impl->attempt == attempt) detail::spawn(impl->loop.impl(), "WebSocket client", Impl::run(impl, attempt));
    });
}

Result<void> WebSocketClient::send(std::string text) {
    if (!impl_->peer || impl_->peer->is_closing()) return fail(Errc::unavailable, "the WebSocket is not open");
    if (!WebSocketPeer::send(impl_->peer, std::make_shared<const std::string>(std::move(text)))) {
        return fail(Errc::refused, "the WebSocket's outbound queue is full");
    }
    return {};
}

void WebSocketClient::close(CloseCode code, std::string reason) {
    if (impl_->peer) return WebSocketPeer::close(impl_->peer, {code, std::move(reason)});
    abort(std::move(reason));
}

void WebSocketClient::abort(std::string reason) {
    if (!impl_->is_busy) return;
    if (impl_->peer) return WebSocketPeer::abort(impl_->peer, {CloseCode::abnormal, std::move(reason)});
    impl_->loop.post([impl = impl_, attempt = impl_->attempt, reason = std::move(reason)] {
        if (impl->attempt == attempt) impl->finish({CloseCode::abnormal, reason});
    });
}

bool WebSocketClient::is_open() const { return impl_->peer && !impl_->peer->is_closing(); }

}  // namespace vt::net
