#pragma once

#include "net/http_message.hpp"

#include <optional>
#include <string_view>

namespace vt::api {

/// Why a request without a login may not change anything; absent: it may. Asked before there is an admin: until then
/// a change is only for programs and pages of this very machine and of this very origin.
///   rules: from a loopback address; to a loopback name; not passed on by a proxy, behind which everybody would look
///          local; no other site's page (Origin, Sec-Fetch-Site), and of a type that no form can send
struct WriteRefusal {
    int status = 403;
    std::string_view detail;
};
[[nodiscard]] std::optional<WriteRefusal> write_refusal(const net::HttpRequest& request);

}  // namespace vt::api
