#include "net/url.hpp"

#include <algorithm>
#include <charconv>

namespace vt::net {

namespace {

struct SchemePort {
    std::string_view scheme;
    std::uint16_t port;
};
constexpr SchemePort kSchemes[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}};

std::uint16_t default_port(std::string_view scheme) {
    for (const SchemePort& known : kSchemes) {
        if (known.scheme == scheme) return known.port;
    }
    return 0;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

tl::unexpected<Error> bad_address(std::string_view text, std::string_view why) {
    return fail(Errc::malformed, "address \"" + std::string(text) + "\": " + std::string(why));
}

}  // namespace

std::string Url::authority() const {
    std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != default_port(scheme)) out += ":" + std::to_string(port);
    return out;
}

Result<Url> parse_url(std::string_view text) {
    if (!is_visible(text)) return bad_address(text, "holds a space, a control character or a non-ASCII byte");
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return bad_address(text, "has no scheme such as https://");
    Url url;
    url.scheme = lower_case(text.substr(0, colon));
    url.port = default_port(url.scheme);
    if (url.port == 0) return bad_address(text, "the scheme must be http, https, ws or wss");
    std::string_view rest = text.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    const std::size_t end = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, end);
    if (authority.find('@') != std::string_view::npos)
        return bad_address(text.substr(0, colon + 3), "user names are not supported");
    if (end != std::string_view::npos) {
        url.target = rest.substr(end);
        if (url.target.front() == '?') url.target.insert(0, "/");
    }
    std::string_view port;
    if (!authority.empty() && authority.front() == '[') {
        const std::size_t bracket = authority.find(']');
        if (bracket == std::string_view::npos)
            return bad_address(text, "the bracket of the IPv6 address is not closed");
        url.host = authority.substr(1, bracket - 1);
        port = authority.substr(bracket + 1);
        if (!port.empty() && port.front() != ':') return bad_address(text, "unexpected text after the IPv6 address");
    } else {
        const std::size_t at = authority.find(':');
        url.host = lower_case(authority.substr(0, at));
        if (at != std::string_view::npos) port = authority.substr(at);
    }
    if (url.host.empty()) return bad_address(text, "has no host");
    if (!port.empty()) {
        const char* last = port.data() + port.size();
        const auto [stop, problem] = std::from_chars(port.data() + 1, last, url.port);
        if (problem != std::errc{} || stop != last || url.port == 0)
            return bad_address(text, "the port must be 1 to 65535");
    }
    return url;
}

}  // namespace vt::net
