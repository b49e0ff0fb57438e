#include "api/login_desk.hpp"
#include "api/place.hpp"
#include "api/route.hpp"
#include "base/assert.hpp"
#include "obs/log.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

// What comes to the edge of the login: the headers, cookies and bodies of any request. The bytes: the first line is
// the path, then headers "Name: value" to an empty line, then the body.

namespace {

using namespace vt;

/// A desk with one admin, whose secrets nobody who guesses knows.
struct Edge {
    Edge() : desk(loop, {.trusted_proxies = {"192.0.2.1"}, .clock = [] { return from_ms(1'700'000'000'000); }}) {
        obs::configure_log({.level = obs::LogLevel::off});
        desk.add_to(routes);
        for (const api::Access access :
             {api::Access::open, api::Access::market_read, api::Access::account_read, api::Access::write})
            guarded.push_back({.pattern = "/x", .access = access, .summary = "x", .schema = "", .handler = {}});
        records::LoginContent content;
        content.users.push_back({.name = "ann", .role = "admin", .password_hash = "$argon2id$", .created = {}});
        desk.replace(std::move(content));
    }

    net::Loop loop;
    api::LoginDesk desk;
    api::RouteTable routes;
    std::vector<api::Route> guarded;
};

Edge& edge() {
    static Edge instance;
    return instance;
}

/// in: headers: what the request's are kept in
net::HttpRequest request_of(std::string_view bytes, std::vector<net::HeaderView>& headers) {
    net::HttpRequest request;
    const auto take_line = [&] {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        const std::string_view line = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        return line;
    };
    const std::string_view target = take_line();
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    if (!request.path.starts_with('/')) request.path = "/";  // the reader refuses others
    while (!bytes.empty() && headers.size() < 100) {
        const std::string_view line = take_line();
        if (line.empty()) break;
        const std::size_t colon = std::min(line.find(':'), line.size());
        headers.push_back({line.substr(0, colon), line.substr(std::min(colon + 1, line.size()))});
    }
    request.headers = headers;
    request.body = bytes;
    return request;
}

}  // namespace

/// No crash; nobody is let in who shows nothing that is good: only to what is open to all, and to what this machine
/// may read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    std::vector<net::HeaderView> headers;
    net::HttpRequest request = request_of({reinterpret_cast<const char*>(data) + 1, size - 1}, headers);
    const bool is_near = (data[0] & 1U) != 0;
    request.remote_address = is_near ? "127.0.0.1" : (data[0] & 2U) != 0 ? "192.0.2.1" : "198.51.100.7";
    request.method = (data[0] & 4U) != 0   ? net::Method::post
                     : (data[0] & 8U) != 0 ? net::Method::put
                                           : net::Method::get;
    const api::Place place = api::place_of(request, {"192.0.2.1"}, false);
    VT_ASSERT(is_near || !place.is_local);
    VT_ASSERT(!place.is_local || !api::is_passed_on(request));
    for (const api::Route& route : edge().guarded) {
        const auto visitor = edge().desk.admit(route, request);
        const bool may_be =
            route.access == api::Access::open || (route.access == api::Access::market_read && place.is_local);
        VT_ASSERT(may_be || !visitor);
        if (route.access == api::Access::market_read) VT_ASSERT(visitor.has_value() == may_be);
        if (visitor) VT_ASSERT(!visitor->caller);
    }
    const net::HttpReply reply = edge().routes.answer(request);  // what would be hashed or stored waits in it
    if (const auto* response = std::get_if<net::PreparedResponsePtr>(&reply)) VT_ASSERT(*response != nullptr);
    return 0;
}
