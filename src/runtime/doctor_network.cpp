// What the doctor looks at of the network that lies before every venue: names and proxies. And the list of all looks.

#include "net/loop.hpp"
#include "net/url.hpp"
#include "runtime/doctor.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <set>
#include <system_error>

namespace vt::runtime {
namespace {

/// Of the whole run: product.md's three seconds, less what printing takes.
constexpr Nanos kSiteLimit = std::chrono::milliseconds{2500};
constexpr Nanos kProxyLimit = std::chrono::milliseconds{1500};
constexpr Nanos kSlowName = std::chrono::milliseconds{500};

struct AddressesFree {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};
using FoundAddresses = std::unique_ptr<addrinfo, AddressesFree>;

/// in: port: may be empty
Result<FoundAddresses> resolve(const std::string& host, const std::string& port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), port.empty() ? nullptr : port.c_str(), &wanted, &found);
    if (failure != 0) return fail(Errc::unavailable, ::gai_strerror(failure));
    return FoundAddresses(found);
}

std::string numeric(const addrinfo& address) {
    char text[NI_MAXHOST] = "";
    (void)::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST);
    return text;
}

Check network_check(std::string name, Finding finding, std::string text, std::string remedy = {}) {
    return {.subject = "network",
            .name = std::move(name),
            .finding = finding,
            .text = std::move(text),
            .remedy = std::move(remedy),
            .value_ms = std::nullopt};
}

/// Whether something takes a connection there.
///   out: empty: yes; else why not
std::string connect_problem(const std::string& host, std::uint16_t port, Nanos limit) {
    const auto found = resolve(host, std::to_string(port));
    if (!found) return found.error().what;
    std::string problem = "no address";
    for (const addrinfo* one = found->get(); one != nullptr; one = one->ai_next) {
        const int descriptor = ::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor < 0) continue;
        int state = ::connect(descriptor, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
        if (state == EINPROGRESS) {
            pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
            socklen_t size = sizeof(state);
            if (::poll(&waiting, 1, static_cast<int>(limit / std::chrono::milliseconds{1})) == 1) {
                (void)::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &state, &size);
            } else {
                state = ETIMEDOUT;
            }
        }
        ::close(descriptor);
        if (state == 0) return {};
        problem = std::generic_category().message(state);
    }
    return problem;
}

std::set<std::string> hosts_asked_directly(const std::vector<SiteToCheck>& sites) {
    std::set<std::string> hosts;
    for (const SiteToCheck& site : sites) {
        if (site.hosts.route.proxy) continue;
        for (const std::string& url : {site.hosts.rest_url, site.hosts.stream_url}) {
            if (const auto parsed = net::parse_url(url)) hosts.insert(parsed->host);
        }
    }
    return hosts;
}

}  // namespace

Check check_name(const std::string& host) {
    const Timestamp began = net::wall_now();
    const auto found = resolve(host, "");
    const Nanos took = net::wall_now() - began;
    if (!found)
        return network_check(
            "name", Finding::failed, host + ": " + found.error().what,
            "check /etc/resolv.conf and the network, or use a proxy, which resolves the name itself");
    std::size_t count = 0;
    for (const addrinfo* one = found->get(); one != nullptr; one = one->ai_next) ++count;
    char shown[32];
    std::snprintf(shown, sizeof(shown), "%.1f ms", to_seconds(took) * 1e3);
    Check check =
        network_check("name", took > kSlowName ? Finding::warning : Finding::good,
                      host + " is " + numeric(**found) +
                          (count > 1 ? " and " + std::to_string(count - 1) + " more" : "") + ", after " + shown,
                      took > kSlowName ? "the resolver is slow: each new connection waits for it" : "");
    check.value_ms = to_seconds(took) * 1e3;
    return check;
}

std::vector<Check> check_proxies(const std::vector<SiteToCheck>& sites, Nanos limit) {
    std::set<std::pair<std::string, std::uint16_t>> asked;
    std::vector<Check> checks;
    for (const SiteToCheck& site : sites) {
        const auto& proxy = site.hosts.route.proxy;
        if (!proxy || !asked.emplace(proxy->host, proxy->port).second) continue;
        const std::string place = proxy->host + ":" + std::to_string(proxy->port);
        const std::string problem = connect_problem(proxy->host, proxy->port, limit);
        checks.push_back(problem.empty() ? network_check("proxy", Finding::good, place + " takes connections")
                                         : network_check("proxy", Finding::failed, place + ": " + problem,
                                                         "check network.proxy, HTTPS_PROXY, ALL_PROXY"));
    }
    if (checks.empty()) checks.push_back(network_check("proxy", Finding::note, "none"));
    return checks;
}

std::vector<Examination> examinations(const config::Config& config,
                                      const std::map<std::string, std::string>& credentials,
                                      const std::vector<SiteToCheck>& sites, const OwnFiles& files) {
    std::vector<Examination> all = {
        {"machine", "machine", [config] { return check_machine(config); }},
        {"machine", "disk", [files] { return check_disks(files); }},
        {"machine", "file modes", [config, files] { return check_modes(config, files); }},
        {"machine", "certificate", [config] { return check_certificate(config.server, net::wall_now()); }},
        {"network", "proxy", [sites] { return check_proxies(sites, kProxyLimit); }}};
    for (const std::string& host : hosts_asked_directly(sites))
        all.push_back({"network", "name", [host] { return std::vector<Check>{check_name(host)}; }});
    for (const SiteToCheck& site : sites) {
        all.push_back({std::string(exchange::name(site.site)), "site",
                       [site, credentials] { return check_site(site, credentials, kSiteLimit); }});
    }
    return all;
}

}  // namespace vt::runtime
