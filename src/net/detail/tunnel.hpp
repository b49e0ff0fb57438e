#pragma once

// Internal to net: Asio types. Included by net's own .cpp files only.

#include "base/result.hpp"
#include "net/detail/asio_loop.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"

namespace vt::net::detail {

/// Asks the proxy at the other end of `socket` to connect us with `target`. After that the socket speaks with the
/// target.
///   errors: refused (the proxy says no, and why), malformed (what it says makes no sense), unavailable (cut off)
///   source: RFC 9110 9.3.6 (CONNECT), RFC 1928 and RFC 1929 (SOCKS5)
[[nodiscard]] Task<Result<void>> open_tunnel(Socket& socket, const Proxy& proxy, const Url& target);

}  // namespace vt::net::detail
