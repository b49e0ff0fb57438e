#pragma once

#include "base/result.hpp"
#include "net/ip_address.hpp"

#include <optional>
#include <string_view>

namespace vt::notify {

/// Why this address is not one of the public internet: "loopback", "private", "link-local" and so on; nothing for
/// one that is. An IPv4 address inside of an IPv6 one (mapped, NAT64, 6to4) is judged as what it is.
///   source: IANA's registries of special-purpose addresses (RFC 6890 and its successors), and the addresses at which
///           clouds answer their own machines
[[nodiscard]] std::optional<std::string_view> not_public(const net::IpAddress& address);
[[nodiscard]] inline bool is_public(const net::IpAddress& address) { return !not_public(address); }

/// What can be said of a host before anything is resolved: it is a name that the internet can know, or an address in
/// its one canonical form. The rest is for not_public(), of what the name is resolved to.
///   in:     host: lower case, without brackets
///   errors: configuration
[[nodiscard]] Result<void> check_host(std::string_view host, bool allow_private);
/// "localhost", or an address of the loopback.
[[nodiscard]] bool is_loopback_host(std::string_view host);

}  // namespace vt::notify
