#include "net/detail/tunnel.hpp"

#include "net/basic_login.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace vt::net::detail {
namespace {

constexpr std::size_t kAnswerBytes = 8192;

std::string where(const Proxy& proxy) { return "proxy " + proxy.host + ":" + std::to_string(proxy.port); }

Task<Result<void>> write_all(Socket& socket, const Proxy& proxy, const std::string& bytes) {
    auto [problem, count] = co_await asio::async_write(socket, asio::buffer(bytes), kAwait);
    if (problem) co_return fail(Errc::unavailable, where(proxy) + ": " + problem.message());
    co_return Result<void>{};
}

Task<Result<std::string>> read_exactly(Socket& socket, const Proxy& proxy, std::size_t count) {
    std::string bytes(count, '\0');
    auto [problem, read] = co_await asio::async_read(socket, asio::buffer(bytes), kAwait);
    if (problem) co_return fail(Errc::unavailable, where(proxy) + " ended its answer early: " + problem.message());
    co_return bytes;
}

Task<Result<void>> connect_by_http(Socket& socket, const Proxy& proxy, const Url& target) {
    const std::string host = target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]";
    const std::string authority = host + ":" + std::to_string(target.port);
    std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: virtuoso\r\n";
    if (!proxy.user.empty()) {
        request += "Proxy-Authorization: " + basic_login(proxy.user + ":" + proxy.password) + "\r\n";
    }
    request += "\r\n";
    if (const auto sent = co_await write_all(socket, proxy, request); !sent) co_return sent;
    std::string answer;
    while (!answer.ends_with("\r\n\r\n")) {  // byte by byte: what follows belongs to the target
        if (answer.size() >= kAnswerBytes) co_return fail(Errc::malformed, where(proxy) + ": the answer has no end");
        const auto more = co_await read_exactly(socket, proxy, 1);
        if (!more) co_return tl::unexpected<Error>(more.error());
        answer += *more;
    }
    const std::string status = answer.substr(0, answer.find("\r\n"));
    if (!status.starts_with("HTTP/1.") || status.size() < 12) {
        co_return fail(Errc::malformed, where(proxy) + " does not speak HTTP");
    }
    if (status[9] == '2') co_return Result<void>{};
    if (status.substr(9, 3) == "407") {
        co_return fail(Errc::refused,
                       where(proxy) + (proxy.user.empty() ? " wants a user and a password (407)"
                                                          : " refuses the user or the password (407)"));
    }
    co_return fail(Errc::refused,
                   where(proxy) + " does not connect to " + authority + ": HTTP " + status.substr(9, 60));
}

std::string_view socks_error(unsigned char code) {
    switch (code) {
        case 1: return "general failure";
        case 2: return "not allowed by its rules";
        case 3: return "network unreachable";
        case 4: return "host unreachable";
        case 5: return "connection refused";
        case 6: return "time to live expired";
        case 7: return "command not supported";
        case 8: return "address type not supported";
        default: return "unknown error";
    }
}

std::string socks_request(const Url& target) {
    std::string request("\x05\x01\x00", 3);
    error_code not_numeric;
    const auto address = asio::ip::make_address(target.host, not_numeric);
    if (not_numeric) {
        request += '\x03';
        request += static_cast<char>(target.host.size());
        request += target.host;
    } else if (address.is_v4()) {
        const auto bytes = address.to_v4().to_bytes();
        request += '\x01';
        request.append(bytes.begin(), bytes.end());
    } else {
        const auto bytes = address.to_v6().to_bytes();
        request += '\x04';
        request.append(bytes.begin(), bytes.end());
    }
    request += static_cast<char>(target.port >> 8U);
    request += static_cast<char>(target.port & 255U);
    return request;
}

Task<Result<void>> log_in_to_socks(Socket& socket, const Proxy& proxy) {
    const bool has_login = !proxy.user.empty();
    const std::string greeting = has_login ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
    if (const auto sent = co_await write_all(socket, proxy, greeting); !sent) co_return sent;
    const auto method = co_await read_exactly(socket, proxy, 2);
    if (!method) co_return tl::unexpected<Error>(method.error());
    if ((*method)[0] != '\x05') co_return fail(Errc::malformed, where(proxy) + " does not speak SOCKS5");
    if ((*method)[1] == '\x00') co_return Result<void>{};
    if ((*method)[1] != '\x02' || !has_login) {
        co_return fail(Errc::refused, where(proxy) + (has_login ? " takes none of our ways to log in"
                                                                : " wants a user and a password"));
    }
    std::string login("\x01");
    login += static_cast<char>(proxy.user.size());
    login += proxy.user;
    login += static_cast<char>(proxy.password.size());
    login += proxy.password;
    if (const auto sent = co_await write_all(socket, proxy, login); !sent) co_return sent;
    const auto verdict = co_await read_exactly(socket, proxy, 2);
    if (!verdict) co_return tl::unexpected<Error>(verdict.error());
    if ((*verdict)[1] != '\x00') co_return fail(Errc::refused, where(proxy) + " refuses the user or the password");
    co_return Result<void>{};
}

Task<Result<void>> connect_by_socks(Socket& socket, const Proxy& proxy, const Url& target) {
    if (target.host.size() > 255) co_return fail(Errc::malformed, "the host's name is too long for SOCKS5");
    if (const auto in = co_await log_in_to_socks(socket, proxy); !in) co_return in;
    if (const auto sent = co_await write_all(socket, proxy, socks_request(target)); !sent) co_return sent;
    const auto head = co_await read_exactly(socket, proxy, 5);
    if (!head) co_return tl::unexpected<Error>(head.error());
    if ((*head)[0] != '\x05') co_return fail(Errc::malformed, where(proxy) + " does not speak SOCKS5");
    const auto code = static_cast<unsigned char>((*head)[1]);
    if (code != 0) {
        co_return fail(Errc::refused, where(proxy) + " does not connect to " + target.host + ": " +
                                          std::string(socks_error(code)) + " (" + std::to_string(code) + ")");
    }
    std::size_t rest = 0;  // of the bound address and its port, whose first byte is read
    switch ((*head)[3]) {
        case 1: rest = 3 + 2; break;
        case 3: rest = static_cast<unsigned char>((*head)[4]) + std::size_t{2}; break;
        case 4: rest = 15 + 2; break;
        default: co_return fail(Errc::malformed, where(proxy) + ": an address of unknown type");
    }
    if (const auto bound = co_await read_exactly(socket, proxy, rest); !bound) {
        co_return tl::unexpected<Error>(bound.error());
    }
    co_return Result<void>{};
}

}  // namespace

Task<Result<void>> open_tunnel(Socket& socket, const Proxy& proxy, const Url& target) {
    if (proxy.kind == ProxyKind::socks5) co_return co_await connect_by_socks(socket, proxy, target);
    co_return co_await connect_by_http(socket, proxy, target);
}

}  // namespace vt::net::detail
