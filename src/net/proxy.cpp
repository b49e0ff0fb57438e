#include "net/proxy.hpp"

#include "net/http_message.hpp"
#include "net/url.hpp"

namespace vt::net {
namespace {

tl::unexpected<Error> bad_proxy(std::string_view text, const std::string& why) {
    return fail(Errc::configuration, "proxy \"" + without_password(text) + "\": " + why +
                                         "; expected http://[user:password@]host:port or socks5://...");
}

}  // namespace

std::string without_password(std::string_view proxy) {
    const std::size_t scheme = proxy.find("://");
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t at = proxy.rfind('@');
    const std::size_t colon = proxy.find(':', start);
    if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return std::string(proxy);
    return std::string(proxy.substr(0, colon + 1)) + "***" + std::string(proxy.substr(at));
}

Result<Proxy> parse_proxy(std::string_view text) {
    Proxy proxy;
    const std::size_t scheme_end = text.find("://");
    const std::string_view scheme = text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end);
    if (scheme == "socks5" || scheme == "socks5h") {
        proxy.kind = ProxyKind::socks5;
    } else if (scheme != "http") {
        return bad_proxy(text, "the scheme must be http, socks5 or socks5h");
    }
    std::string_view rest = text.substr(scheme_end + 3);
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view login = rest.substr(0, at);
        rest.remove_prefix(at + 1);
        const std::size_t colon = login.find(':');
        const auto user = percent_decoded(login.substr(0, colon));
        const auto password =
            percent_decoded(colon == std::string_view::npos ? std::string_view() : login.substr(colon + 1));
        if (!user || !password || user->empty()) return bad_proxy(text, "the user or the password cannot be read");
        if (user->size() > 255 || password->size() > 255)
            return bad_proxy(text, "user and password have at most 255 bytes");
        proxy.user = *user;
        proxy.password = *password;
    }
    // The default port of http is 80, which no proxy means: one has to be named.
    const std::size_t port_at = rest.find_last_of(":]");
    if (port_at == std::string_view::npos || rest[port_at] != ':') return bad_proxy(text, "the port is missing");
    const Result<Url> url = parse_url("http://" + std::string(rest));
    if (!url || url->target != "/") return bad_proxy(text, "the host or the port cannot be read");
    proxy.host = url->host;
    proxy.port = url->port;
    return proxy;
}

}  // namespace vt::net
