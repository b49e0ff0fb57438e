#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::net {

enum class Method : std::uint8_t { get, post, put, patch, remove, options };

/// As on the wire: "GET", "DELETE".
[[nodiscard]] std::string_view name(Method method);

struct HttpHeader {
    std::string name;
    std::string value;
};

/// A header of a request being served; both parts point into the connection's buffer.
struct HeaderView {
    std::string_view name;
    std::string_view value;
};

/// Equal but for the case of ASCII letters, as header names and host names are compared.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);

/// What a server answered.
struct HttpResponse {
    int status = 0;
    std::vector<HttpHeader> headers;
    std::string body;
    Timestamp received{};  ///< stamped once, when the last byte was read

    /// The first header of that name, whatever its case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view wanted) const;
};

/// One request as a server's handler sees it. Views are valid during the call of the handler.
struct HttpRequest {
    Method method = Method::get;  ///< HEAD arrives as get: the server leaves the body out
    std::string_view path;        ///< from the first '/', not percent-decoded
    std::string_view query;       ///< after '?', not decoded; empty when absent
    std::string_view body;
    std::string_view remote_address;  ///< without the port
    std::span<const HeaderView> headers;
    bool wants_websocket = false;  ///< a well-formed upgrade request

    /// The first header of that name, whatever its case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view wanted) const;
};

/// `%41+b` -> `A+b`.
///   out: nullopt for a broken escape or an escaped NUL
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);
/// Whether `a=1&b=2` names it, with whatever value.
[[nodiscard]] bool has_query(std::string_view query, std::string_view name);
/// The first value of `name` in `a=1&b=2`, decoded ('+' is a space).
///   out: nullopt when absent or broken
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);
/// "Not Found" for 404; "" for a code this program does not use.
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace vt::net
