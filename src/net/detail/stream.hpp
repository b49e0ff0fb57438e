#pragma once

// Internal to net: Asio types. Included by net's own .cpp files only.

#include "base/result.hpp"
#include "net/detail/asio_loop.hpp"
#include "net/detail/names.hpp"
#include "net/ip_address.hpp"
#include "net/proxy.hpp"
#include "net/tls.hpp"
#include "net/url.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <memory>
#include <optional>

namespace vt::net::detail {

using IoHandler = asio::any_completion_handler<void(error_code, std::size_t)>;

/// A TCP connection, plain or TLS, behind one type, so that Beast is instantiated once. Models Asio's AsyncStream;
/// one read and one write at a time. Notes when bytes last moved.
class Stream {
public:
    using executor_type = Executor;

    /// in: tls: null for a plain connection
    Stream(Socket socket, std::shared_ptr<TlsContext::Impl> tls);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
    [[nodiscard]] Socket& socket() { return socket_; }
    [[nodiscard]] bool is_tls() const { return secure_ != nullptr; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto&& handler, asio::mutable_buffer buffer) {
                start_read(buffer, IoHandler(std::forward<decltype(handler)>(handler)));
            },
            token, first_nonempty(buffers));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        collect(buffers);
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto&& handler) { start_write(IoHandler(std::forward<decltype(handler)>(handler))); }, token);
    }

    /// The server's side of the TLS handshake; nothing to do when plain.
    [[nodiscard]] Task<error_code> accept_tls();
    /// Resolves, connects by the route and, for TLS, shakes hands and checks the certificate against the host's name.
    ///   in:     may_connect: see HttpClientParams; empty: any address
    ///   errors: unavailable (no name, no answer, closed meanwhile), refused (by the proxy; the certificate or the
    ///           TLS version), malformed (the proxy's answer), configuration (no address that may be connected to)
    [[nodiscard]] Task<Result<void>> connect(const Url& url, const Route& route, Names& names,
                                             const AddressFilter& may_connect = {});

    /// Cuts the connection; what waits on it ends with an error. Any further use ends with an error too.
    void close();
    [[nodiscard]] bool is_closed() const { return is_closed_; }

    /// When bytes were last read from the socket: the wall's clock for stamps, the steady one for timeouts.
    [[nodiscard]] Timestamp received() const { return received_; }
    [[nodiscard]] SteadyTime last_read() const { return last_read_; }
    /// When the system last took bytes.
    [[nodiscard]] SteadyTime last_write() const { return last_write_; }
    void note_read();
    void note_write() { last_write_ = steady_now(); }

private:
    struct Secure;
    static constexpr std::size_t kMaxBuffers = 8;

    template <class Buffers>
    static asio::mutable_buffer first_nonempty(const Buffers& buffers) {
        for (auto each = asio::buffer_sequence_begin(buffers); each != asio::buffer_sequence_end(buffers); ++each) {
            const asio::mutable_buffer buffer(*each);
            if (buffer.size() > 0) return buffer;
        }
        return {};
    }
    template <class Buffers>
    void collect(const Buffers& buffers) {
        write_count_ = 0;
        for (auto each = asio::buffer_sequence_begin(buffers);
             each != asio::buffer_sequence_end(buffers) && write_count_ < kMaxBuffers; ++each) {
            const asio::const_buffer buffer(*each);
            if (buffer.size() > 0) write_buffers_[write_count_++] = buffer;
        }
    }
    void start_read(asio::mutable_buffer buffer, IoHandler handler);
    void start_write(IoHandler handler);
    [[nodiscard]] Task<Result<void>> shake_hands(const std::string& host);

    std::shared_ptr<Race> race_;  ///< while it connects
    Socket socket_;
    std::unique_ptr<Secure> secure_;
    std::array<asio::const_buffer, kMaxBuffers> write_buffers_;
    std::size_t write_count_ = 0;
    Timestamp received_{};
    SteadyTime last_read_ = steady_now();
    SteadyTime last_write_ = steady_now();
    bool is_closed_ = false;
};

/// How Beast's WebSocket ends the connection below it: our half is shut, the owner closes the rest.
void teardown(boost::beast::role_type role, Stream& stream, error_code& ec);
inline void beast_close_socket(Stream& stream) { stream.close(); }
void start_teardown(Stream& stream, asio::any_completion_handler<void(error_code)> handler);
template <class Handler>
void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    start_teardown(stream, asio::any_completion_handler<void(error_code)>(std::forward<Handler>(handler)));
}

}  // namespace vt::net::detail
