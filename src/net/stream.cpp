#include "net/detail/stream.hpp"

#include "net/detail/tls_context.hpp"
#include "net/detail/tunnel.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <span>

namespace vt::net::detail {

struct Stream::Secure {
    Secure(Socket& socket, std::shared_ptr<TlsContext::Impl> shared)
        : context(std::move(shared)), stream(socket, context->context) {}
    std::shared_ptr<TlsContext::Impl> context;  // before stream: outlives it
    asio::ssl::stream<Socket&> stream;
};

Stream::Stream(Socket socket, std::shared_ptr<TlsContext::Impl> tls) : socket_(std::move(socket)) {
    if (tls) secure_ = std::make_unique<Secure>(socket_, std::move(tls));
}

Stream::~Stream() = default;

void Stream::note_read() {
    received_ = wall_now();
    last_read_ = steady_now();
}

void Stream::start_read(asio::mutable_buffer buffer, IoHandler handler) {
    auto completion = [this, handler = std::move(handler)](error_code ec, std::size_t count) mutable {
        if (count > 0) note_read();
        std::move(handler)(ec, count);
    };
    if (secure_) {
        secure_->stream.async_read_some(buffer, std::move(completion));
    } else {
        socket_.async_read_some(buffer, std::move(completion));
    }
}

void Stream::start_write(IoHandler handler) {
    auto completion = [this, handler = std::move(handler)](error_code ec, std::size_t count) mutable {
        if (count > 0) note_write();
        std::move(handler)(ec, count);
    };
    const std::span<const asio::const_buffer> buffers(write_buffers_.data(), write_count_);
    if (secure_) {
        secure_->stream.async_write_some(buffers, std::move(completion));
    } else {
        socket_.async_write_some(buffers, std::move(completion));
    }
}

Task<error_code> Stream::accept_tls() {
    if (!secure_) co_return error_code{};
    auto [problem] = co_await secure_->stream.async_handshake(asio::ssl::stream_base::server, kAwait);
    co_return problem;
}

Task<Result<void>> Stream::shake_hands(const std::string& host) {
    SSL* ssl = secure_->stream.native_handle();
    error_code not_numeric;
    (void)asio::ip::make_address(host, not_numeric);
    bool is_set = false;
    if (not_numeric) {
        is_set = SSL_set1_host(ssl, host.c_str()) == 1 &&
                 SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                          const_cast<char*>(host.c_str())) == 1;  // SSL_set_tlsext_host_name without its old cast
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    } else {
        is_set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    }
    if (!is_set) {
        ERR_clear_error();
        co_return fail(Errc::malformed, "host \"" + host + "\" is not a name that TLS can check");
    }
    auto [problem] = co_await secure_->stream.async_handshake(asio::ssl::stream_base::client, kAwait);
    if (!problem) co_return Result<void>{};
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
        co_return fail(Errc::refused,
                       "certificate of " + host + " refused: " + X509_verify_cert_error_string(verdict));
    }
    const bool is_protocol = problem.category() == asio::error::get_ssl_category();
    co_return fail(is_protocol ? Errc::refused : Errc::unavailable, "TLS with " + host + ": " + problem.message());
}

namespace {

IpAddress plain_address(const asio::ip::address& address) {
    IpAddress plain{.bytes = {}, .is_v6 = address.is_v6()};
    if (address.is_v6()) {
        std::ranges::copy(address.to_v6().to_bytes(), plain.bytes.begin());
    } else {
        std::ranges::copy(address.to_v4().to_bytes(), plain.bytes.begin());
    }
    return plain;
}

/// Those of a host's addresses that may be connected to, at least one.
Result<Addresses> allowed_of(const Addresses& found, const AddressFilter& may_connect, const std::string& host) {
    if (!may_connect) return found;
    Addresses allowed;
    std::string refused;
    for (const asio::ip::address& each : found) {
        const IpAddress address = plain_address(each);
        if (may_connect(address)) {
            allowed.push_back(each);
        } else {
            refused += (refused.empty() ? "" : ", ") + to_text(address);
        }
    }
    if (!allowed.empty()) return allowed;
    return fail(Errc::configuration, "host " + host + " is at an address that may not be connected to: " + refused);
}

}  // namespace

Task<Result<void>> Stream::connect(const Url& url, const Route& route, Names& names,
                                   const AddressFilter& may_connect) {
    const std::string host = route.proxy ? route.proxy->host : url.host;
    const std::uint16_t port = route.proxy ? route.proxy->port : url.port;
    const std::string where = (route.proxy ? "proxy " : "") + host + ":" + std::to_string(port);
    const auto given_up = [&] { return fail(Errc::unavailable, "connection to " + where + " given up"); };
    if (error_code not_numeric; route.proxy) {
        const auto target = asio::ip::make_address(url.host, not_numeric);
        if (!not_numeric) {
            const Result<Addresses> allowed = allowed_of({target}, may_connect, url.host);
            if (!allowed) co_return tl::unexpected<Error>(allowed.error());
        }
    }
    Result<Addresses> addresses = co_await names.find(host);
    if (is_closed_) co_return given_up();
    if (addresses && !route.proxy) addresses = allowed_of(*addresses, may_connect, host);
    if (!addresses) co_return tl::unexpected<Error>(addresses.error());
    race_ = std::make_shared<Race>(get_executor(), *addresses, port, route.local_address);
    Result<Socket> connected = co_await Race::run(race_);
    race_.reset();
    if (is_closed_) co_return given_up();
    if (!connected) {
        const std::string from = route.local_address.empty() ? "" : " from " + route.local_address;
        co_return fail(Errc::unavailable, "cannot connect to " + where + from + ": " + connected.error().what);
    }
    socket_ = std::move(*connected);
    error_code ignored;
    if (const auto peer = socket_.remote_endpoint(ignored); !ignored) names.worked(host, peer.address());
    socket_.set_option(tcp::no_delay(true), ignored);
    if (route.proxy) {
        const Result<void> opened = co_await open_tunnel(socket_, *route.proxy, url);
        if (is_closed_) co_return given_up();
        if (!opened) co_return opened;
    }
    if (!secure_) co_return Result<void>{};
    co_return co_await shake_hands(url.host);
}

void Stream::close() {
    is_closed_ = true;
    if (race_) race_->cancel();
    error_code ignored;
    socket_.close(ignored);
}

void teardown(boost::beast::role_type, Stream& stream, error_code& ec) {
    stream.socket().shutdown(tcp::socket::shutdown_send, ec);
}

void start_teardown(Stream& stream, asio::any_completion_handler<void(error_code)> handler) {
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    asio::post(stream.get_executor(), [handler = std::move(handler)]() mutable { std::move(handler)(error_code{}); });
}

}  // namespace vt::net::detail
