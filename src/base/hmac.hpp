#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace vt {

/// Lower-case hex of the HMAC-SHA256 (RFC 2104).
[[nodiscard]] std::string hmac_sha256_hex(const Secret& secret, std::string_view text);

}  // namespace vt
