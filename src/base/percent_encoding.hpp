#pragma once

#include <string>
#include <string_view>

namespace vt {

/// Percent-encoding of everything but ASCII letters, digits and the signs in `plain` (RFC 3986's unreserved ones).
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view plain = "-._~");

}  // namespace vt
