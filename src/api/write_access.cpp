#include "api/write_access.hpp"

#include <array>
#include <string>

namespace vt::api {
namespace {

bool is_loopback_address(std::string_view address) {
    constexpr std::string_view kMapped = "::ffff:";
    if (address.starts_with(kMapped)) address.remove_prefix(kMapped.size());
    return address.starts_with("127.") || address == "::1";
}

/// in: host: as in the Host header, with or without a port
bool is_loopback_host(std::string_view host) {
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    host = host.substr(0, colon);
    return net::equal_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

std::optional<WriteRefusal> write_refusal(const net::HttpRequest& request) {
    if (!is_loopback_address(request.remote_address))
        return WriteRefusal{.detail = "changes are taken from this machine only"};
    const std::string_view host = request.header("Host").value_or("");
    if (!is_loopback_host(host))
        return WriteRefusal{.detail = "changes are taken under a loopback name only: localhost, 127.0.0.1 or [::1]"};
    constexpr std::array kOfProxies = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"};
    for (const char* header : kOfProxies) {
        if (request.header(header))
            return WriteRefusal{.detail =
                                    "changes are not taken over a proxy: without a login everybody behind it "
                                    "would be taken for this machine's user"};
    }
    const auto origin = request.header("Origin");
    const bool is_own_page = !origin || net::equal_ignoring_case(*origin, "http://" + std::string(host));
    const std::string_view site = request.header("Sec-Fetch-Site").value_or("same-origin");
    if (!is_own_page || (site != "same-origin" && site != "none"))
        return WriteRefusal{.detail = "changes are not taken from pages of another origin"};
    std::string_view type = request.header("Content-Type").value_or("");
    type = type.substr(0, type.find(';'));
    if (!net::equal_ignoring_case(type, "application/json"))
        return WriteRefusal{.status = 415, .detail = "a change is sent with Content-Type: application/json"};
    return std::nullopt;
}

}  // namespace vt::api
