#pragma once

#include <string>
#include <string_view>

namespace vt::notify {

/// RFC 4648 section 4, with padding, in one line.
[[nodiscard]] std::string base64(std::string_view bytes);
/// The same in lines of 76 characters, each ended by CR LF (RFC 2045 section 6.8).
[[nodiscard]] std::string base64_lines(std::string_view bytes);

}  // namespace vt::notify
