#include "app/running_program.hpp"

#include "net/blocking_call.hpp"

#include <simdjson.h>

#include <chrono>

namespace vt::app {
namespace {

constexpr Nanos kLimit = std::chrono::seconds{15};

}  // namespace

Result<std::string> ask_running_program(const config::Loaded& loaded, std::string_view target) {
    const std::string base = "http://127.0.0.1:" + std::to_string(loaded.config.server.port);
    auto response = net::call_and_wait({.url = base + std::string(target), .timeout = kLimit});
    if (!response) {
        return fail(response.error().code, "the running program does not answer at " + base + ": " +
                                               response.error().what +
                                               "; start it with `virtuoso run`, or give its --port");
    }
    if (response->status == 200) return std::move(response->body);
    simdjson::dom::parser parser;
    std::string_view detail;
    if (parser.parse(response->body)["detail"].get(detail) == simdjson::SUCCESS)
        return fail(Errc::not_found, std::string(detail));
    return fail(Errc::malformed,
                base + " answered " + std::to_string(response->status) + " with a body that says nothing");
}

}  // namespace vt::app
