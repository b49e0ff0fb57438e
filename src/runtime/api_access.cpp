#include "runtime/api_access.hpp"

#include "api/place.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace vt::runtime {
namespace {

Result<std::string> pem_text(const std::string& file, const char* knob) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in || text.empty())
        return fail(Errc::configuration, std::string(knob) + " names " + file +
                                             ", which cannot be read or is empty: name a PEM file of this user");
    return text;
}

}  // namespace

Result<void> may_listen(const config::Config::Server& server, std::optional<bool> has_admin) {
    if (server.host == "localhost" || api::is_loopback_address(server.host)) return {};
    const bool is_covered =
        !server.tls_certificate_file.empty() || !server.trusted_proxies.empty() || server.allow_insecure_http;
    if (has_admin.value_or(false) && is_covered) return {};
    std::string missing;
    if (!has_admin) missing = "that there is an admin cannot be read from the database";
    if (has_admin && !*has_admin)
        missing = "there is no admin with a password (`virtuoso user add NAME --role admin` makes one)";
    if (!is_covered)
        missing += std::string(missing.empty() ? "" : ", and ") +
                   "nothing keeps passwords off the network: set server.tls_certificate_file and "
                   "server.tls_key_file, or server.trusted_proxies, or server.allow_insecure_http = 1";
    return fail(Errc::configuration, "server.host = " + server.host + " listens beyond this machine, and " + missing);
}

Result<std::optional<net::TlsContext>> server_tls(const config::Config::Server& server) {
    if (server.tls_certificate_file.empty()) return std::optional<net::TlsContext>();
    VT_TRY(std::string certificate, pem_text(server.tls_certificate_file, "server.tls_certificate_file"));
    VT_TRY(std::string key, pem_text(server.tls_key_file, "server.tls_key_file"));
    VT_TRY(net::TlsContext context,
           net::TlsContext::server({.certificate_pem = std::move(certificate), .key_pem = std::move(key)}));
    return std::optional(std::move(context));
}

std::vector<std::string> allowed_hosts(const config::Config::Server& server) {
    std::vector<std::string> all = server.allowed_hosts;
    if (server.host == "0.0.0.0" || server.host == "::") return all;
    // An IPv6 address stands in brackets there.
    all.push_back(server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]");
    return all;
}

api::AnonymousRead anonymous_read(const config::Config& config) {
    if (config.auth.anonymous_read == "never") return api::AnonymousRead::never;
    if (config.auth.anonymous_read == "always") return api::AnonymousRead::always;
    return api::AnonymousRead::loopback;
}

}  // namespace vt::runtime
