#include "api/route.hpp"

#include "api/problem.hpp"
#include "base/assert.hpp"
#include "base/json_writer.hpp"

#include <algorithm>
#include <cctype>

namespace vt::api {

namespace {

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

/// Takes the first segment off "/a/b": "a", leaving "/b".
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

/// Whether `path` has the pattern's shape; calls `value(name, raw)` for each parameter.
template <class Value>
bool has_shape(std::string_view pattern, std::string_view path, Value value) {
    while (!pattern.empty() && !path.empty() && path.front() == '/') {
        const std::string_view expected = take_segment(pattern);
        const std::string_view actual = take_segment(path);
        if (is_parameter(expected)) {
            if (actual.empty()) return false;
            value(expected.substr(1, expected.size() - 2), actual);
        } else if (expected != actual) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

/// Two patterns that some path has both.
bool is_same_shape(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        const std::string_view x = take_segment(a);
        const std::string_view y = take_segment(b);
        if (x != y && !(is_parameter(x) && is_parameter(y))) return false;
    }
    return a.empty() && b.empty();
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

net::PreparedResponsePtr not_allowed(const std::vector<net::Method>& methods) {
    std::string allow;
    for (const net::Method method : methods) {
        if (!allow.empty()) allow += ", ";
        allow += net::name(method);
        if (method == net::Method::get) allow += ", HEAD";
    }
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Allow", allow});
    return net::problem_response(405, "This path does not have this method; the Allow header lists those it has.", headers);
}

void write_parameter(JsonWriter& json, std::string_view where, const QueryParameter& parameter) {
    json.begin_object().field("name", parameter.name).field("in", where).field("required", where == "path");
    if (!parameter.description.empty()) json.field("description", parameter.description);
    json.key("schema").raw(parameter.schema_json);
    json.end_object();
}

void write_response(JsonWriter& json, std::string_view description, std::string_view type, std::string_view schema) {
    json.begin_object().field("description", description);
    json.key("content").begin_object().key(type).begin_object();
    if (!schema.empty()) {
        json.key("schema").begin_object().field("$ref", "#/components/schemas/" + std::string(schema)).end_object();
    }
    json.end_object().end_object().end_object();
}

void write_operation(JsonWriter& json, const Route& route) {
    json.begin_object().field("summary", route.summary).field("x-access", name(route.access));
    json.key("parameters").begin_array();
    for (std::string_view rest = route.pattern; !rest.empty();) {
        const std::string_view segment = take_segment(rest);
        if (is_parameter(segment)) write_parameter(json, "path", {std::string(segment.substr(1, segment.size() - 2)), ""});
    }
    for (const QueryParameter& parameter : route.query) write_parameter(json, "query", parameter);
    json.end_array();
    json.key("responses").begin_object();
    json.key("200");
    write_response(json, "OK", route.content_type, route.response_schema);
    json.key("default");
    write_response(json, "A problem (RFC 9457)", "application/problem+json", "Problem");
    json.end_object().end_object();
}

constexpr std::string_view kProblemSchema =
    R"({"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},)"
    R"("title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"}}})";

}  // namespace

std::string_view name(Access access) {
    switch (access) {
        case Access::open: return "open";
        case Access::market_read: return "market_read";
        case Access::account_read: return "account_read";
        case Access::write: return "write";
    }
    return "write";
}

const std::string& RouteCall::path(std::string_view name) const {
    const auto found = std::ranges::find(path_values, name, &PathValue::name);
    VT_ASSERT(found != path_values.end());
    return found->value;
}

std::optional<std::string> RouteCall::query(std::string_view name) const { return net::query_value(request.query, name); }

RouteTable::RouteTable(ApiInfo info, Guard guard) : info_(std::move(info)), guard_(std::move(guard)) {
    add_schema("Problem", std::string(kProblemSchema));
}

void RouteTable::add_schema(std::string name, std::string json_schema) {
    const bool is_new = schemas_.emplace(std::move(name), std::move(json_schema)).second;
    VT_ASSERT(is_new);
}

void RouteTable::add(Route route) {
    VT_ASSERT(!route.pattern.empty() && route.pattern.front() == '/');
    VT_ASSERT(route.handle);
    for (const Route& other : routes_) {
        VT_ASSERT(other.method != route.method || !is_same_shape(other.pattern, route.pattern));
    }
    const std::size_t index = routes_.size();
    if (route.pattern.find('{') == std::string::npos) {
        exact_[route.pattern].push_back(index);
    } else {
        parametric_.push_back(index);
    }
    routes_.push_back(std::move(route));
}

net::HttpReply RouteTable::run(const Route& route, RouteCall call) const {
    if (guard_) {
        if (net::PreparedResponsePtr refusal = guard_(route.access, call.request)) return refusal;
    }
    return route.handle(call);
}

net::HttpReply RouteTable::answer(const net::HttpRequest& request) const {
    std::vector<net::Method> others;
    if (const auto found = exact_.find(request.path); found != exact_.end()) {
        for (const std::size_t index : found->second) {
            if (routes_[index].method == request.method) return run(routes_[index], {request, {}});
            others.push_back(routes_[index].method);
        }
    }
    for (const std::size_t index : parametric_) {
        const Route& route = routes_[index];
        RouteCall call{request, {}};
        bool is_broken = false;
        const bool is_match = has_shape(route.pattern, request.path, [&](std::string_view name, std::string_view raw) {
            auto decoded = net::percent_decoded(raw);
            if (decoded) {
                call.path_values.push_back({name, std::move(*decoded)});
            } else {
                is_broken = true;
            }
        });
        if (!is_match) continue;
        if (is_broken) return problem(400, "The path holds a broken percent escape.");
        if (route.method == request.method) return run(route, std::move(call));
        others.push_back(route.method);
    }
    if (!others.empty()) return not_allowed(others);
    return problem(404, "There is nothing at this path; /openapi.json lists what there is.");
}

std::string RouteTable::openapi() const {
    JsonWriter json;
    json.begin_object().field("openapi", "3.1.0");
    json.key("info").begin_object().field("title", info_.title).field("version", info_.version);
    json.field("description", info_.description).end_object();
    std::map<std::string_view, std::vector<const Route*>> paths;
    for (const Route& route : routes_) {
        VT_ASSERT(route.response_schema.empty() || schemas_.contains(route.response_schema));
        paths[route.pattern].push_back(&route);
    }
    json.key("paths").begin_object();
    for (const auto& [pattern, operations] : paths) {
        json.key(pattern).begin_object();
        for (const Route* route : operations) {
            json.key(lower_case(net::name(route->method)));
            write_operation(json, *route);
        }
        json.end_object();
    }
    json.end_object();
    json.key("components").begin_object().key("schemas").begin_object();
    for (const auto& [name, schema] : schemas_) json.key(name).raw(schema);
    json.end_object().end_object().end_object();
    return json.take();
}

}  // namespace vt::api
