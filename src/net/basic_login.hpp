#pragma once

#include <string>
#include <string_view>

namespace vt::net {

/// The value of an Authorization header (or Proxy-Authorization): "Basic dXNlcjpwYXNzd29yZA==".
///   in:     "user:password"; the user holds no colon
///   source: RFC 7617
[[nodiscard]] std::string basic_login(std::string_view user_and_password);

}  // namespace vt::net
