#include "api/openapi.hpp"

#include "api/json.hpp"
#include "api/schemas.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace vt::api {
namespace {

bool is_schema_name(std::string_view type) { return type.front() >= 'A' && type.front() <= 'Z'; }

void write_reference(JsonWriter& out, std::string_view schema) {
    out.field("$ref", "#/components/schemas/" + std::string(schema));
}

/// What Member::type says, as members of a schema: "number|null" -> "type":["number","null"].
void write_type(JsonWriter& out, std::string_view type) {
    constexpr std::string_view kOrNull = "|null";
    const bool can_be_null = type.ends_with(kOrNull);
    if (can_be_null) type.remove_suffix(kOrNull.size());
    if (type.ends_with("[]")) {
        out.field("type", "array").key("items").begin_object();
        write_type(out, type.substr(0, type.size() - 2));
        out.end_object();
    } else if (is_schema_name(type) && can_be_null) {
        out.key("anyOf").begin_array().begin_object();
        write_reference(out, type);
        out.end_object().begin_object().field("type", "null").end_object().end_array();
    } else if (is_schema_name(type)) {
        write_reference(out, type);
    } else if (can_be_null) {
        out.key("type").begin_array().value(type).value("null").end_array();
    } else {
        out.field("type", type);
    }
}

template <class View>
void write_view_schema(JsonWriter& out, std::string_view name, std::span<const Member<View>> members, bool has_id) {
    out.key(name).begin_object().field("type", "object").key("properties").begin_object();
    if (has_id)
        out.key("id").begin_object().field("type", "string").field("description", "path-safe id").end_object();
    for (const auto& member : members) {
        out.key(member.name).begin_object();
        write_type(out, member.type);
        out.field("description", member.meaning).end_object();
    }
    out.end_object().key("required").begin_array();
    if (has_id) out.value("id");
    for (const auto& member : members) out.value(member.name);
    out.end_array().end_object();
}

bool takes_key(const Route& route) { return route.access == Access::write && route.method != net::Method::get; }

void write_parameters(JsonWriter& out, const Route& route) {
    out.key("parameters").begin_array();
    for (std::size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1)) {
        const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
        out.begin_object().field("name", name).field("in", "path").field("required", true);
        if (name == "symbol")
            out.field("description", "bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT");
        out.key("schema").begin_object().field("type", "string").end_object().end_object();
    }
    for (const QueryParameter& parameter : route.query) {
        out.begin_object()
            .field("name", parameter.name)
            .field("in", "query")
            .field("required", false)
            .field("description", parameter.meaning);
        out.key("schema").raw(parameter.schema).end_object();
    }
    if (takes_key(route)) {
        out.begin_object()
            .field("name", "Idempotency-Key")
            .field("in", "header")
            .field("required", false)
            .field("description", "the same change sent again with the same key is not carried out twice");
        out.key("schema")
            .begin_object()
            .field("type", "string")
            .field("maxLength", static_cast<std::uint64_t>(KeptWrites::kKeyBytesMax))
            .end_object()
            .end_object();
    }
    out.end_array();
}

void write_body(JsonWriter& out, const Route& route) {
    if (route.method == net::Method::get) return;
    out.key("requestBody").begin_object();
    out.field("required", std::ranges::any_of(route.body, &BodyMember::is_required));
    out.key("content").begin_object().key("application/json").begin_object().key("schema");
    write_body_schema(out, route.body);
    out.end_object().end_object().end_object();
}

/// "get_api_symbols_symbol_score": a name for who makes code of the document.
std::string operation_id(const Route& route) {
    std::string id;
    for (const char c : std::string(net::name(route.method)) + route.pattern) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_plain = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain)
            id += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!id.empty() && id.back() != '_')
            id += '_';
    }
    while (id.ends_with('_')) id.pop_back();
    return id;
}

/// What a reader of the document finds the route under.
std::string_view tag_of(std::string_view pattern) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTags = {
        {{"/api/auth/", "login"},
         {"/api/tokens", "login"},
         {"/api/audit", "login"},
         {"/api/dashboard/", "dashboard"},
         {"/api/symbols", "market"},
         {"/api/market", "market"},
         {"/api/bitcoin-beta", "market"},
         {"/api/history", "market"},
         {"/api/signals", "signals"},
         {"/api/replay/", "signals"},
         {"/api/cache/", "cache"},
         {"/cache-metrics", "cache"},
         {"/api/config", "configuration"}}};
    for (const auto& [start, tag] : kTags) {
        if (pattern.starts_with(start)) return tag;
    }
    return "program";
}

void write_operation(JsonWriter& out, const Route& route) {
    std::string method(net::name(route.method));
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    out.key(method).begin_object().field("operationId", operation_id(route)).field("summary", route.summary);
    out.key("tags").begin_array().value(tag_of(route.pattern)).end_array();
    out.field("x-access", name(route.access));
    if (route.scope) out.field("x-scope", login::name(*route.scope));
    write_parameters(out, route);
    write_body(out, route);
    out.key("responses")
        .begin_object()
        .key(std::to_string(route.status))
        .begin_object()
        .field("description", route.summary)
        .key("content")
        .begin_object();
    out.key(route.content_type).begin_object();
    if (!route.schema.empty()) {
        out.key("schema").begin_object();
        write_reference(out, route.schema);
        out.end_object();
    }
    out.end_object().end_object().end_object();
    out.key("default")
        .begin_object()
        .field("description", "a problem document (RFC 9457)")
        .key("content")
        .begin_object();
    out.key("application/problem+json")
        .begin_object()
        .key("schema")
        .begin_object()
        .field("$ref", "#/components/schemas/Problem");
    out.end_object().end_object().end_object().end_object().end_object().end_object();
}

}  // namespace

std::string openapi_document(const RouteTable& table) {
    JsonWriter out;
    out.begin_object()
        .field("openapi", "3.1.0")
        .key("info")
        .begin_object()
        .field("title", "Virtuoso")
        .field("version", kVersion);
    out.field("description",
              "Scores of crypto markets and what each is made of. Units are in the names; null is not known.")
        .end_object();
    // Beside the document, wherever that is: the program may stand below a sub-path.
    out.key("servers").begin_array().begin_object().field("url", ".").end_object().end_array();
    out.key("paths").begin_object();
    std::set<std::string> done;
    for (const Route& route : table.routes()) {
        if (!done.insert(route.pattern).second) continue;
        out.key(route.pattern).begin_object();
        for (const Route& same : table.routes()) {
            if (same.pattern == route.pattern) write_operation(out, same);
        }
        out.end_object();
    }
    out.end_object().key("components").begin_object().key("schemas").begin_object();
    write_view_schema<views::Row>(out, "Row", row_members(), true);
    write_view_schema<views::MarketOverview>(out, "MarketOverview", overview_members(), false);
    // The others are written by hand, as members of one object; the tests compare them with real answers.
    const std::string_view written = fixed_schemas();
    std::string text = out.take() + ",";
    text += written.substr(written.find('{') + 1);
    return text + "}}";
}

}  // namespace vt::api
