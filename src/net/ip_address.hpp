#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vt::net {

/// An IPv4 or IPv6 address in network order.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  ///< IPv4: the first four
    bool is_v6 = false;
    bool operator==(const IpAddress&) const = default;
};

/// Canonical texts only: "192.0.2.1", "2001:db8::1"; no brackets, no zone, no short, octal or hexadecimal IPv4.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);
[[nodiscard]] std::string to_text(const IpAddress& address);

/// Whether a connection to this address may be made.
using AddressFilter = std::function<bool(const IpAddress& address)>;

}  // namespace vt::net
