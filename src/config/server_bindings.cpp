#include "config/binding.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace vt::config {
namespace {

using Names = std::vector<std::string>;

bool any_path(const std::string& /*text*/) { return true; }
bool is_address(const std::string& given) {
    in6_addr bytes{};
    return inet_pton(AF_INET, given.c_str(), &bytes) == 1 || inet_pton(AF_INET6, given.c_str(), &bytes) == 1;
}
bool is_listening_address(const std::string& host) { return host == "localhost" || is_address(host); }

}  // namespace

std::vector<Binding> server_bindings() {
    return {
        text(
            {"server.host", "", "address to listen on; beyond loopback only with a login and TLS (docs/login.md)"},
            [](Config& c) -> std::string& { return c.server.host; }, is_listening_address,
            "a numeric address, or localhost"),
        whole_number(
            {"server.port", "APP_PORT", "pages and API; 0 takes any free port"},
            [](Config& c) -> std::uint16_t& { return c.server.port; }, 0, 65535),
        whole_number(
            {"server.monitoring_port", "MONITORING_PORT", "monitoring API and metrics; 0 takes any free port"},
            [](Config& c) -> std::uint16_t& { return c.server.monitoring_port; }, 0, 65535),
        live(text_list({"server.allowed_hosts", "", "further Host names that are answered, besides loopback"},
                       [](Config& c) -> Names& { return c.server.allowed_hosts; }),
             [](Config& c) -> Names& { return c.server.allowed_hosts; }),
        live(text_list(
                 {"server.trusted_proxies", "", "addresses of reverse proxies whose forwarding headers are believed"},
                 [](Config& c) -> Names& { return c.server.trusted_proxies; },
                 [](const Names& given) { return std::all_of(given.begin(), given.end(), is_address); },
                 "a list of numeric addresses"),
             [](Config& c) -> Names& { return c.server.trusted_proxies; }),
        live(text(
                 {"server.tls_certificate_file", "", "PEM file of the certificate and its chain; empty: no TLS"},
                 [](Config& c) -> std::string& { return c.server.tls_certificate_file; }, any_path, "a path"),
             [](Config& c) -> std::string& { return c.server.tls_certificate_file; }),
        live(text(
                 {"server.tls_key_file", "", "PEM file of the certificate's key"},
                 [](Config& c) -> std::string& { return c.server.tls_key_file; }, any_path, "a path"),
             [](Config& c) -> std::string& { return c.server.tls_key_file; }),
        whole_number(
            {"server.allow_insecure_http", "",
             "1 listens beyond loopback without TLS: passwords go over the network as they are"},
            [](Config& c) -> bool& { return c.server.allow_insecure_http; }, 0, 1),
        live(
            text(
                {"auth.anonymous_read", "", "who reads the market without a login: loopback, never or always"},
                [](Config& c) -> std::string& { return c.auth.anonymous_read; },
                [](const std::string& given) { return given == "loopback" || given == "never" || given == "always"; },
                "loopback, never or always"),
            [](Config& c) -> std::string& { return c.auth.anonymous_read; }),
    };
}

}  // namespace vt::config
