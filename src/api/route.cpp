#include "api/route.hpp"

#include "api/write_access.hpp"
#include "base/edit_distance.hpp"
#include "base/whole_number.hpp"

#include <algorithm>
#include <utility>

namespace vt::api {
namespace {

/// The next segment of a path, taken off its front; the path starts with '/'.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

/// The first of the route's query parameters whose value cannot be decoded.
const QueryParameter* broken_parameter(const Route& route, std::string_view query) {
    for (const QueryParameter& parameter : route.query) {
        if (net::has_query(query, parameter.name) && !net::query_value(query, parameter.name)) return &parameter;
    }
    return nullptr;
}

tl::expected<Visitor, net::PreparedResponsePtr> admitted_without_login(const Route& route,
                                                                       const net::HttpRequest& request) {
    if (const auto refusal = route.access == Access::write ? write_refusal(request) : std::nullopt)
        return tl::unexpected(net::problem_response(refusal->status, refusal->detail, security_headers()));
    return Visitor{};
}

}  // namespace

std::string_view name(Access access) {
    switch (access) {
        case Access::open: return "public";
        case Access::market_read: return "market-read";
        case Access::account_read: return "account-read";
        case Access::write: return "write";
    }
    return "unknown";
}

const std::vector<net::HttpHeader>& security_headers() {
    static const std::vector<net::HttpHeader> headers = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
         "font-src 'self'; "
         "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    };
    return headers;
}

std::optional<std::map<std::string, std::string, std::less<>>> match(std::string_view pattern,
                                                                     std::string_view path) {
    std::map<std::string, std::string, std::less<>> parameters;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (wanted.starts_with('{')) {
            auto decoded = net::percent_decoded(given);
            if (!decoded || decoded->empty()) return std::nullopt;
            parameters.emplace(wanted.substr(1, wanted.size() - 2), std::move(*decoded));
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return parameters;
}

const std::vector<net::HttpHeader>& live_headers() {
    static const std::vector<net::HttpHeader> headers = [] {
        std::vector<net::HttpHeader> all = security_headers();
        all.push_back({"Cache-Control", "no-store"});
        all.push_back({"X-Cache", "live"});
        return all;
    }();
    return headers;
}

const std::vector<net::HttpHeader>& published_headers() {
    static const std::vector<net::HttpHeader> headers = [] {
        std::vector<net::HttpHeader> all = security_headers();
        all.push_back({"Cache-Control", "private, no-cache"});
        all.push_back({"X-Cache", "live"});
        return all;
    }();
    return headers;
}

const std::vector<net::HttpHeader>& stored_headers() {
    static const std::vector<net::HttpHeader> headers = [] {
        std::vector<net::HttpHeader> all = security_headers();
        all.push_back({"Cache-Control", "no-cache"});  // it may be kept, and is asked for again by its tag
        return all;
    }();
    return headers;
}

net::PreparedResponsePtr live_json(std::string body) {
    return net::prepare({.content_type = "application/json", .body = std::move(body), .headers = live_headers()});
}

net::PreparedResponsePtr problem(int status, std::string_view detail) {
    return net::problem_response(status, detail, live_headers());
}

std::optional<std::size_t> Call::count(std::string_view name, std::size_t standard, std::size_t largest) const {
    const auto text = query(name);
    if (!text) return standard;
    const auto value = whole_number<std::size_t>(*text);
    return value && *value > 0 && *value <= largest ? value : std::nullopt;
}

std::optional<market::Timeframe> Call::timeframe() const {
    return market::timeframe_of(query("tf").value_or(std::string(market::name(market::Timeframe::m1))));
}

QueryParameter count_parameter(std::string name, std::size_t standard, std::size_t largest, std::string meaning) {
    return {.name = std::move(name),
            .schema = R"({"type":"integer","minimum":1,"maximum":)" + std::to_string(largest) + R"(,"default":)" +
                      std::to_string(standard) + "}",
            .meaning = std::move(meaning)};
}

net::PreparedResponsePtr count_problem(std::string_view name, std::size_t largest) {
    return problem(400, std::string(name) + " must be a whole number from 1 to " + std::to_string(largest));
}

QueryParameter timeframe_parameter() {
    return {.name = "tf",
            .schema = R"({"type":"string","enum":["1m","5m","30m","4h"],"default":"1m"})",
            .meaning = "timeframe"};
}

net::PreparedResponsePtr timeframe_problem() { return problem(400, "tf must be 1m, 5m, 30m or 4h"); }

void RouteTable::add(Route route) { routes_.push_back(std::move(route)); }

net::HttpReply RouteTable::answer_call(const Route& route, const Call& call) const {
    if (route.method == net::Method::get) return route.handler(call);
    if (const auto fault = body_fault(route.body, call.request.body)) return problem(400, *fault);
    const auto key = route.access == Access::write ? call.request.header("Idempotency-Key") : std::nullopt;
    if (!key) return route.handler(call);
    return kept_->answer(call.request, call.visitor, *key, [&] { return route.handler(call); });
}

net::HttpReply RouteTable::answer(const net::HttpRequest& request) const {
    std::string allowed;
    for (const Route& route : routes_) {
        auto parameters = match(route.pattern, request.path);
        if (!parameters) continue;
        if (route.method == request.method) {
            auto visitor = admit_ ? admit_(route, request) : admitted_without_login(route, request);
            if (!visitor) return visitor.error();
            if (const QueryParameter* broken = broken_parameter(route, request.query))
                return net::problem_response(
                    400, "the query's " + broken->name + " has a broken percent escape; a percent sign itself is %25",
                    security_headers());
            return answer_call(
                route,
                Call{.request = request, .parameters = std::move(*parameters), .visitor = std::move(*visitor)});
        }
        allowed += (allowed.empty() ? "" : ", ") + std::string(net::name(route.method));
        if (route.method == net::Method::get) allowed += ", HEAD";
    }
    std::vector<net::HttpHeader> headers = security_headers();
    if (!allowed.empty()) {
        headers.push_back({"Allow", allowed});
        return net::problem_response(405, "this path answers " + allowed, headers);
    }
    const auto nearest = std::min_element(routes_.begin(), routes_.end(), [&](const Route& a, const Route& b) {
        return edit_distance(request.path.substr(0, 80), a.pattern) <
               edit_distance(request.path.substr(0, 80), b.pattern);
    });
    return net::problem_response(
        404,
        "there is nothing at this path" +
            (nearest != routes_.end() ? "; the nearest is " + nearest->pattern : std::string()) +
            ", and /openapi.json lists all",
        headers);
}

}  // namespace vt::api
