#include "app/running_program.hpp"

#include "app/environment.hpp"
#include "net/blocking_call.hpp"

#include <simdjson.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace vt::app {
namespace {

constexpr std::chrono::seconds kLimit{15};

/// What is needed to speak to the program at its configured address on this machine.
struct Place {
    std::string url;
    std::optional<net::TlsContext> tls;
};

/// errors: configuration (its certificate's file cannot be read)
Result<Place> place_of(const config::Config::Server& server) {
    const std::string authority = "://127.0.0.1:" + std::to_string(server.port);
    if (server.tls_certificate_file.empty()) return Place{.url = "http" + authority};
    std::ifstream file(server.tls_certificate_file, std::ios::binary);
    const std::string pem{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string knob = "server.tls_certificate_file: " + server.tls_certificate_file;
    if (pem.empty())
        return fail(Errc::configuration, knob + " cannot be read, or is empty; `virtuoso doctor` says more");
    auto tls = net::TlsContext::client({.only_certificate_pem = pem});
    if (!tls) return fail(tls.error().code, knob + ": " + tls.error().what);
    return Place{.url = "https" + authority, .tls = std::move(*tls)};
}

/// in: call: all but its address; scope: the least that a token has to have for it
Result<std::string> body_of(const config::Loaded& loaded, std::string_view target, net::HttpCall call,
                            login::Scope scope) {
    VT_TRY(Place place, place_of(loaded.config.server));
    const std::string& base = place.url;
    if (const std::string token = environment_variable("VIRTUOSO_TOKEN"); !token.empty())
        call.headers.push_back({"Authorization", "Bearer " + token});
    call.url = base + std::string(target);
    auto response = net::call_and_wait(std::move(call), std::move(place.tls));
    if (!response) {
        return fail(response.error().code, "the running program does not answer at " + base + ": " +
                                               response.error().what +
                                               "; start it with `virtuoso run`, or give its --port");
    }
    if (response->status == 200) return std::move(response->body);
    if (response->status == 401) {
        return fail(Errc::refused, base +
                                       " wants to know who asks: set VIRTUOSO_TOKEN to a token of `virtuoso token "
                                       "create --user NAME --label cli --scope " +
                                       std::string(login::name(scope)) + "`");
    }
    simdjson::dom::parser parser;
    std::string_view detail;
    if (parser.parse(response->body)["detail"].get(detail) == simdjson::SUCCESS)
        return fail(Errc::not_found, std::string(detail));
    return fail(Errc::malformed,
                base + " answered " + std::to_string(response->status) + " with a body that says nothing");
}

}  // namespace

Result<std::string> ask_running_program(const config::Loaded& loaded, std::string_view target, login::Scope scope) {
    return body_of(loaded, target, {.timeout = kLimit}, scope);
}

Result<std::string> tell_running_program(const config::Loaded& loaded, std::string_view target,
                                         std::chrono::seconds limit) {
    return body_of(loaded, target,
                   {.method = net::Method::post, .headers = {{"Content-Type", "application/json"}}, .timeout = limit},
                   login::Scope::admin);
}

Result<std::string> put_to_running_program(const config::Loaded& loaded, std::string_view target, std::string body) {
    return body_of(loaded, target,
                   {.method = net::Method::put,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = std::move(body),
                    .timeout = kLimit},
                   login::Scope::trade);
}

Result<std::string> delete_at_running_program(const config::Loaded& loaded, std::string_view target) {
    return body_of(
        loaded, target,
        {.method = net::Method::remove, .headers = {{"Content-Type", "application/json"}}, .timeout = kLimit},
        login::Scope::trade);
}

}  // namespace vt::app
