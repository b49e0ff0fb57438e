#pragma once

#include "net/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// Where a request comes from.
struct Place {
    std::string address;     ///< of who asks; behind a trusted proxy, what the proxy says
    bool is_local = false;   ///< this machine: a loopback peer, and nobody says that he passes it on
    bool is_secure = false;  ///< over TLS, ours or a trusted proxy's
};

/// in: trusted_proxies: numeric addresses; what anybody else says of whom he speaks for is not believed, and makes
///     the request one from elsewhere
///     is_tls: the connection itself is encrypted
[[nodiscard]] Place place_of(const net::HttpRequest& request, const std::vector<std::string>& trusted_proxies,
                             bool is_tls);

[[nodiscard]] bool is_loopback_address(std::string_view address);
/// in: host: as in the Host header, with or without a port
[[nodiscard]] bool is_loopback_host(std::string_view host);
/// Whether it says of itself that a proxy passed it on.
[[nodiscard]] bool is_passed_on(const net::HttpRequest& request);
/// Whether it comes from a program, or from a page of the very origin that it is sent to (Origin, Sec-Fetch-Site).
[[nodiscard]] bool is_of_own_page(const net::HttpRequest& request, bool is_secure);
/// Whether its body is of a type that no form can send.
[[nodiscard]] bool is_json(const net::HttpRequest& request);

/// The value of a cookie; empty where there is none, or more than one: somebody else's may have been put beside ours.
[[nodiscard]] std::string_view cookie_of(const net::HttpRequest& request, std::string_view name);

}  // namespace vt::api
