#include "api/place.hpp"

#include <algorithm>
#include <array>

namespace vt::api {
namespace {

std::string_view without_mapping(std::string_view address) {
    constexpr std::string_view kMapped = "::ffff:";
    if (address.starts_with(kMapped) && address.find('.') != std::string_view::npos)
        address.remove_prefix(kMapped.size());
    return address;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// The last entry of a list that stands in one header or in several.
std::string_view last_entry(const net::HttpRequest& request, std::string_view name) {
    std::string_view last;
    for (const net::HeaderView& header : request.headers) {
        if (!net::equal_ignoring_case(header.name, name)) continue;
        const std::size_t comma = header.value.rfind(',');
        last = trimmed(comma == std::string_view::npos ? header.value : header.value.substr(comma + 1));
    }
    return last;
}

bool is_numeric(std::string_view address) {
    return !address.empty() && address.size() <= 45 && std::ranges::all_of(address, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '.' || c == ':';
    });
}

}  // namespace

bool is_loopback_address(std::string_view address) {
    address = without_mapping(address);
    return address.starts_with("127.") || address == "::1";
}

bool is_loopback_host(std::string_view host) {
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    host = host.substr(0, colon);
    return net::equal_ignoring_case(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

bool is_passed_on(const net::HttpRequest& request) {
    constexpr std::string_view kForwarded = "X-Forwarded-";
    return std::ranges::any_of(request.headers, [&](const net::HeaderView& header) {
        constexpr std::array kOfProxies = {"Forwarded", "X-Real-IP", "Via"};
        return net::equal_ignoring_case(header.name.substr(0, kForwarded.size()), kForwarded) ||
               std::ranges::any_of(kOfProxies,
                                   [&](const char* name) { return net::equal_ignoring_case(header.name, name); });
    });
}

bool is_of_own_page(const net::HttpRequest& request, bool is_secure) {
    const std::string host(request.header("Host").value_or(""));
    const auto origin = request.header("Origin");
    if (origin && !net::equal_ignoring_case(*origin, (is_secure ? "https://" : "http://") + host)) return false;
    const std::string_view site = request.header("Sec-Fetch-Site").value_or("same-origin");
    return site == "same-origin" || site == "none";
}

bool is_json(const net::HttpRequest& request) {
    std::string_view type = request.header("Content-Type").value_or("");
    return net::equal_ignoring_case(trimmed(type.substr(0, type.find(';'))), "application/json");
}

Place place_of(const net::HttpRequest& request, const std::vector<std::string>& trusted_proxies, bool is_tls) {
    const std::string_view peer = without_mapping(request.remote_address);
    Place place{.address = std::string(peer), .is_secure = is_tls};
    if (!is_passed_on(request)) {
        place.is_local = is_loopback_address(peer);
        return place;
    }
    if (std::ranges::find(trusted_proxies, peer) == trusted_proxies.end()) return place;
    // The last entry is the proxy's own; those before it are what it was told.
    if (const std::string_view said = last_entry(request, "X-Forwarded-For"); is_numeric(said))
        place.address = std::string(without_mapping(said));
    place.is_secure = is_tls || net::equal_ignoring_case(last_entry(request, "X-Forwarded-Proto"), "https");
    return place;
}

std::string_view cookie_of(const net::HttpRequest& request, std::string_view name) {
    std::string_view found;
    std::size_t count = 0;
    for (const net::HeaderView& header : request.headers) {
        if (!net::equal_ignoring_case(header.name, "Cookie")) continue;
        std::string_view left = header.value;
        while (!left.empty()) {
            const std::size_t end = std::min(left.find(';'), left.size());
            const std::string_view pair = trimmed(left.substr(0, end));
            left.remove_prefix(std::min(end + 1, left.size()));
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
            found = pair.substr(equals + 1);
            ++count;
        }
    }
    return count == 1 ? found : std::string_view();
}

}  // namespace vt::api
