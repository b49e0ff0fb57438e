#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt::net {

/// An absolute http, https, ws or wss address, taken apart.
struct Url {
    std::string scheme;        ///< lower case
    std::string host;          ///< name or address; an IPv6 address without its brackets
    std::uint16_t port = 0;    ///< the scheme's own where none is given
    std::string target = "/";  ///< path and query, as they go on the wire

    [[nodiscard]] bool is_secure() const { return scheme == "https" || scheme == "wss"; }
    /// What the Host header says: brackets around IPv6, the port where it is not the scheme's own.
    [[nodiscard]] std::string authority() const;
};

/// in:     `https://api.bybit.com/v5/market/time?x=1`; a fragment is cut off; user names are refused
/// errors: malformed
[[nodiscard]] Result<Url> parse_url(std::string_view text);

}  // namespace vt::net
