#pragma once

#include "net/prepared_response.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// What every response carries: no sniffing, no framing, no referrer, nothing from elsewhere (CSP), no caching.
[[nodiscard]] std::vector<net::HttpHeader> security_headers();

/// An RFC 9457 problem document as a response, with the security headers.
///   in: detail: one sentence on what was wrong and what would be right; it goes to the client
[[nodiscard]] net::PreparedResponsePtr problem(int status, std::string_view detail);

/// A JSON document as a response, with the security headers, an ETag, and `Cache-Control: no-cache`.
[[nodiscard]] net::PreparedResponsePtr json_response(std::string body);

}  // namespace vt::api
