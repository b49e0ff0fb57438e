#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::net {

enum class ProxyKind : std::uint8_t { http_connect, socks5 };

/// Who makes outbound connections for us. Either kind resolves the target's name itself.
struct Proxy {
    ProxyKind kind = ProxyKind::http_connect;
    std::string host;
    std::uint16_t port = 0;
    std::string user;  ///< empty: no authentication is offered
    std::string password;
};

/// in:     "http://user:password@host:3128", "socks5://host:1080" (socks5h means the same); percent-encoding in user
///         and password is undone
/// errors: configuration, without the password in the message
[[nodiscard]] Result<Proxy> parse_proxy(std::string_view text);
/// The same text with "***" in place of a password, for people to see; whatever holds no password is left as it is.
[[nodiscard]] std::string without_password(std::string_view proxy);

/// By which way connections leave this machine.
struct Route {
    std::optional<Proxy> proxy;
    std::string local_address = {};  ///< IP address of the interface to leave by; empty: the system's choice
};

}  // namespace vt::net
