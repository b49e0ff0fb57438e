#include "app/measured_address.hpp"

#include "net/url.hpp"

#include <cstdlib>

namespace vt::app {

Result<std::string> measured_address(const std::string& url, const config::Config& config) {
    if (url.empty()) return "http://127.0.0.1:" + std::to_string(config.server.port);
    const auto parsed = net::parse_url(url);
    if (!parsed) return fail(Errc::configuration, "--url: " + parsed.error().what);
    if (parsed->scheme != "http" || parsed->target != "/")
        return fail(Errc::configuration, "--url " + url +
                                             ": plain http without a path is what can be measured, e.g. "
                                             "http://127.0.0.1:8003");
    return "http://" + parsed->authority();
}

std::optional<double> load_average() {
    double minute = 0;
    return ::getloadavg(&minute, 1) == 1 ? std::optional(minute) : std::nullopt;
}

}  // namespace vt::app
