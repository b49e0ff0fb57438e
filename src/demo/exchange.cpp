#include "demo/exchange.hpp"

#include "base/assert.hpp"
#include "net/certificate.hpp"
#include "net/http_server.hpp"
#include "net/tls.hpp"
#include "obs/log.hpp"

#include <fstream>
#include <map>

namespace vt::demo {
namespace {

StreamParams with_start(StreamParams params) {
    if (params.start == Timestamp{}) params.start = floor_to(net::wall_now() - params.shift, std::chrono::minutes{1});
    return params;
}

net::PreparedResponsePtr prepared(const RestAnswer& answer) {
    return net::prepare({.status = answer.status == 0 ? 503 : answer.status,  // whoever does not check certificates
                         .content_type = answer.content_type,
                         .body = answer.body,
                         .headers = answer.headers});
}

}  // namespace

struct Exchange::Impl {
    Impl(net::Loop& loop_, ExchangeParams params_)
        : loop(loop_), params(std::move(params_)), stream(with_start(params.stream)) {}

    net::HttpReply on_request(const net::HttpRequest& request);
    net::WebSocketSessionCallbacks on_open(const net::WebSocketSessionPtr& session, std::string_view path,
                                           std::string_view query);
    Result<void> open_port(const net::CertificateAndKey& identity, std::uint16_t port);
    void follow_certificate();
    void tick();
    void obey();
    [[nodiscard]] Timestamp now() const { return time_of(net::wall_now()); }
    [[nodiscard]] Timestamp time_of(Timestamp wall) const {
        if (params.speed == 1) return wall;
        const auto passed = static_cast<double>((wall - opened_at).count());
        return opened_at + Nanos{static_cast<std::int64_t>(passed * params.speed)};
    }

    net::Loop& loop;
    ExchangeParams params;
    Stream stream;
    Timestamp opened_at;  ///< by the machine's clock
    std::unique_ptr<Venues> front;
    std::optional<net::TestAuthority> authority;
    net::CertificateAndKey identity, broken_identity;  ///< the second of an authority that nobody knows
    bool shows_broken = false;
    std::unique_ptr<net::HttpServer> server;
    std::map<SessionId, net::WebSocketSessionPtr> sockets;
    net::TimerId timer{0};
    std::shared_ptr<bool> is_alive = std::make_shared<bool>(true);
};

Exchange::Exchange(net::Loop& loop, ExchangeParams params) : impl_(std::make_unique<Impl>(loop, std::move(params))) {}

Exchange::~Exchange() {
    *impl_->is_alive = false;
    impl_->loop.cancel(impl_->timer);
}

net::HttpReply Exchange::Impl::on_request(const net::HttpRequest& request) {
    const Timestamp at = now();
    const FrontRequest asked{
        .address = request.remote_address, .path = request.path, .query = request.query, .headers = request.headers};
    if (request.wants_websocket) {
        if (const auto refusal = front->refuses_session(asked, at)) return prepared(*refusal);
        return net::WebSocketAccept{[this, alive = is_alive, path = std::string(request.path),
                                     query = std::string(request.query)](const net::WebSocketSessionPtr& session) {
            return *alive ? on_open(session, path, query) : net::WebSocketSessionCallbacks{};
        }};
    }
    if (request.method != net::Method::get) {
        return prepared({.status = 405, .content_type = "text/plain", .body = "405 method not allowed\n"});
    }
    const RestAnswer answer = front->on_request(asked, at);
    if (answer.delay <= Nanos{0}) return prepared(answer);
    return net::LateResponse{prepared(answer), answer.delay};
}

net::WebSocketSessionCallbacks Exchange::Impl::on_open(const net::WebSocketSessionPtr& session, std::string_view path,
                                                       std::string_view query) {
    const SessionId id = front->on_open({.address = session->remote_address(), .path = path, .query = query}, now());
    sockets.emplace(id, session);
    return {.on_text =
                [this, id, alive = is_alive](std::string_view text, Timestamp received) {
                    if (!*alive) return;
                    front->on_text(id, text, time_of(received));
                    obey();
                },
            .on_writable = {},
            .on_close =
                [this, id, alive = is_alive](const net::CloseReason&) {
                    if (!*alive) return;
                    sockets.erase(id);
                    front->on_close(id);
                },
            .on_pong =
                [this, id, alive = is_alive](std::string_view payload) {
                    if (!*alive) return;
                    front->on_pong(id, payload, now());
                    obey();
                }};
}

void Exchange::Impl::obey() {
    for (const FrontAction& action : front->take_actions()) {
        if (const auto* send = std::get_if<SessionSend>(&action)) {
            const auto socket = sockets.find(send->session);
            if (socket == sockets.end() || socket->second->send(send->text)) continue;
            // It does not read what it asked for: the venue cuts it off.
            const auto slow = socket->second;
            sockets.erase(socket);
            front->on_close(send->session);
            slow->abort("reads too slowly");
        } else if (const auto* ping = std::get_if<SessionPing>(&action)) {
            const auto socket = sockets.find(ping->session);
            if (socket != sockets.end()) socket->second->ping(ping->payload);
        } else if (const auto* drop = std::get_if<SessionDrop>(&action)) {
            const auto socket = sockets.find(drop->session);
            if (socket == sockets.end()) continue;
            const auto dropped = socket->second;
            sockets.erase(socket);
            dropped->abort(drop->reason);
        }
    }
}

void Exchange::Impl::tick() {
    front->advance(now());
    obey();
    follow_certificate();
    timer = loop.after(params.advance_every, [this] { tick(); });
}

/// While the scripted certificate is wanted the port is opened with it, and after that with its own again. The front
/// has cut everybody by then.
void Exchange::Impl::follow_certificate() {
    const bool wanted = front->is_tls_broken(now());
    if (wanted == shows_broken) return;
    server.reset();
    sockets.clear();
    if (const auto opened = open_port(wanted ? broken_identity : identity, params.port); !opened) {
        obs::log_warning("demo", opened.error().what);  // tried again with the next tick
        return;
    }
    shows_broken = wanted;
}

Result<void> Exchange::Impl::open_port(const net::CertificateAndKey& shown, std::uint16_t port) {
    VT_TRY(const net::TlsContext tls,
           net::TlsContext::server({.certificate_pem = shown.certificate_pem, .key_pem = shown.key_pem}));
    net::HttpServerParams server_params{.address = params.address, .port = port, .tls = tls};
    server_params.limits.max_connections_per_address =
        params.limits.bybit.max_sessions + params.limits.binance.max_sessions + 64;
    server_params.limits.max_queued_bytes = std::size_t{8} << 20U;  // a thousand books at once, when one subscribes
    server_params.limits.silence_timeout = params.limits.bybit.ping_timeout + std::chrono::minutes{1};
    server_params.limits.ping_every = Nanos{0};  // each venue has a rule of its own: the fronts say when
    server = std::make_unique<net::HttpServer>(
        loop, std::move(server_params), [this](const net::HttpRequest& request) { return on_request(request); });
    return server->listen();
}

Result<void> Exchange::listen() {
    VT_ASSERT(impl_->server == nullptr);
    VT_TRY(impl_->authority, net::make_test_authority());
    VT_TRY(impl_->identity, impl_->authority->issue());
    VT_TRY(const net::TestAuthority stranger, net::make_test_authority("An authority that nobody knows"));
    VT_TRY(impl_->broken_identity, stranger.issue());
    if (auto opened = impl_->open_port(impl_->identity, impl_->params.port); !opened) {
        impl_->server.reset();
        return tl::unexpected<Error>(std::move(opened.error()));
    }
    impl_->params.port = impl_->server->port();
    const Timestamp now = net::wall_now();
    impl_->opened_at = now;
    impl_->stream.advance(now, {});
    impl_->front = std::make_unique<Venues>(impl_->stream, impl_->params.limits, impl_->params.stream.seed, now);
    impl_->front->schedule(impl_->params.scenario);
    impl_->tick();
    return {};
}

std::uint16_t Exchange::port() const { return impl_->server ? impl_->server->port() : 0; }

std::string Exchange::rest_url() const {
    return std::string("https://").append(impl_->params.address).append(":").append(std::to_string(port()));
}

std::string Exchange::websocket_url() const {
    return std::string("wss://").append(impl_->params.address).append(":").append(std::to_string(port()));
}

const std::string& Exchange::authority_pem() const {
    VT_ASSERT(impl_->authority.has_value());
    return impl_->authority->certificate_pem();
}

Result<void> Exchange::write_authority(const std::string& path) const {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << authority_pem();
    file.close();
    if (!file) return fail(Errc::io, "cannot write the authority's certificate to " + path);
    return {};
}

void Exchange::inject(const Fault& fault) {
    impl_->front->inject(fault, impl_->now());
    impl_->obey();
}

Stream& Exchange::stream() { return impl_->stream; }
std::size_t Exchange::sessions() const { return impl_->sockets.size(); }

}  // namespace vt::demo
