#pragma once

// A small real proxy on loopback, for tests only.

#include "net/detail/asio_loop.hpp"
#include "net/proxy.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <string>
#include <vector>

namespace vt::net {

/// Speaks HTTP CONNECT or SOCKS5, checks the login, connects where it is asked to, and carries bytes both ways.
class TestProxy {
public:
    TestProxy(Loop& loop, ProxyKind kind, std::string user = {}, std::string password = {})
        : loop_(loop),
          kind_(kind),
          user_(std::move(user)),
          password_(std::move(password)),
          acceptor_(loop.impl().context, detail::tcp::endpoint(detail::asio::ip::address_v4::loopback(), 0)) {
        detail::spawn(loop.impl(), "test proxy", accept(*this));
    }
    ~TestProxy() {
        acceptor_.close();
        for (const auto& socket : sockets_) {
            detail::error_code ignored;
            socket->close(ignored);
        }
        loop_.poll();
    }
    TestProxy(const TestProxy&) = delete;
    TestProxy& operator=(const TestProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] Proxy proxy() const {
        return {.kind = kind_, .host = "127.0.0.1", .port = port(), .user = user_, .password = password_};
    }

    std::string raw_answer;  ///< not empty: answers this to whatever comes, and closes
    std::vector<std::string> targets;
    std::vector<std::string> peers;  ///< the addresses it was connected from

private:
    using SocketPtr = std::shared_ptr<detail::Socket>;
    template <class T>
    using Task = detail::Task<T>;

    static Task<void> accept(TestProxy& self) {
        for (;;) {
            auto socket = self.make_socket();
            auto [problem] = co_await self.acceptor_.async_accept(*socket, detail::kAwait);
            if (problem) co_return;
            detail::error_code ignored;
            self.peers.push_back(socket->remote_endpoint(ignored).address().to_string());
            detail::spawn(self.loop_.impl(), "test proxy", serve(self, socket));
        }
    }
    SocketPtr make_socket() {
        sockets_.push_back(std::make_shared<detail::Socket>(loop_.impl().context));
        return sockets_.back();
    }
    static Task<std::string> read(SocketPtr socket, std::size_t count) {
        std::string bytes(count, '\0');
        auto [problem, got] = co_await detail::asio::async_read(*socket, detail::asio::buffer(bytes), detail::kAwait);
        bytes.resize(got);
        co_return bytes;
    }
    static Task<void> write(SocketPtr socket, std::string bytes) {
        (void)co_await detail::asio::async_write(*socket, detail::asio::buffer(bytes), detail::kAwait);
    }
    static Task<void> serve(TestProxy& self, SocketPtr socket) {
        if (!self.raw_answer.empty()) {
            (void)co_await read(socket, 3);
            co_await write(socket, self.raw_answer);
            detail::error_code ignored;
            socket->shutdown(detail::tcp::socket::shutdown_send, ignored);
            co_return;
        }
        std::string target;
        if (self.kind_ == ProxyKind::socks5) {  // not one expression: GCC 12 destroys the operands twice
            target = co_await socks_target(self, socket);
        } else {
            target = co_await http_target(self, socket);
        }
        if (target.empty()) {
            detail::error_code ignored;
            socket->close(ignored);
            co_return;
        }
        self.targets.push_back(target);
        // The only names that a test uses are of this machine.
        const auto colon = target.rfind(':');
        const auto there = self.make_socket();
        const detail::tcp::endpoint endpoint(detail::asio::ip::address_v4::loopback(),
                                             static_cast<std::uint16_t>(std::stoi(target.substr(colon + 1))));
        auto [problem] = co_await there->async_connect(endpoint, detail::kAwait);
        std::string answer = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";
        if (problem) answer = "HTTP/1.1 502 Bad Gateway\r\n\r\n";
        if (self.kind_ == ProxyKind::socks5) {
            answer = std::string("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10);
            if (problem) answer[1] = '\x05';
        }
        co_await write(socket, answer);
        if (problem) co_return;
        detail::spawn(self.loop_.impl(), "test proxy", carry(socket, there));
        co_await carry(there, socket);
    }
    static Task<void> carry(SocketPtr from, SocketPtr to) {
        std::array<char, 4096> part{};
        for (;;) {
            auto [problem, count] = co_await from->async_read_some(detail::asio::buffer(part), detail::kAwait);
            if (problem) break;
            const std::string bytes(part.data(), count);
            co_await write(to, bytes);
        }
        detail::error_code ignored;
        to->shutdown(detail::tcp::socket::shutdown_send, ignored);
    }
    static Task<std::string> http_target(TestProxy& self, SocketPtr socket) {
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const std::string more = co_await read(socket, 1);
            if (more.empty()) co_return "";
            head += more;
        }
        // "user:pass word" in Base64, as the tests use it
        if (!self.user_.empty() &&
            head.find("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n") == std::string::npos) {
            const std::string answer = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            co_await write(socket, answer);
            co_return "";
        }
        co_return head.substr(8, head.find(' ', 8) - 8);
    }
    static Task<std::string> socks_target(TestProxy& self, SocketPtr socket) {
        const std::string greeting = co_await read(socket, 2);
        if (greeting.size() < 2) co_return "";
        const std::string methods = co_await read(socket, static_cast<unsigned char>(greeting[1]));
        const char wanted = self.user_.empty() ? '\x00' : '\x02';
        const bool is_offered = methods.find(wanted) != std::string::npos;
        const std::string method = std::string("\x05") + (is_offered ? wanted : '\xff');
        co_await write(socket, method);
        if (!is_offered) co_return "";
        if (wanted == '\x02') {
            const std::string head = co_await read(socket, 2);
            const std::string user = co_await read(socket, static_cast<unsigned char>(head[1]));
            const std::string length = co_await read(socket, 1);
            const std::string password = co_await read(socket, static_cast<unsigned char>(length[0]));
            const bool is_right = user == self.user_ && password == self.password_;
            const std::string verdict = std::string("\x01") + (is_right ? '\0' : '\x01');
            co_await write(socket, verdict);
            if (!is_right) co_return "";
        }
        const std::string head = co_await read(socket, 4);
        std::string host;
        if (head[3] == '\x03') {
            const std::string length = co_await read(socket, 1);
            host = co_await read(socket, static_cast<unsigned char>(length[0]));
        } else {
            const std::string bytes = co_await read(socket, 4);
            for (const char byte : bytes) {
                host += (host.empty() ? "" : ".") + std::to_string(static_cast<unsigned char>(byte));
            }
        }
        const std::string port = co_await read(socket, 2);
        co_return host + ":" +
            std::to_string(static_cast<unsigned char>(port[0]) * 256 + static_cast<unsigned char>(port[1]));
    }

    Loop& loop_;
    ProxyKind kind_;
    std::string user_;
    std::string password_;
    detail::asio::basic_socket_acceptor<detail::tcp, detail::Executor> acceptor_;
    std::vector<SocketPtr> sockets_;
};

}  // namespace vt::net
