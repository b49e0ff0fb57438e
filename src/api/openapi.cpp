#include "api/openapi.hpp"

#include "api/json.hpp"
#include "base/json_writer.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <set>

namespace vt::api {
namespace {

/// "number|null" -> ["number","null"].
void write_type(JsonWriter& out, std::string_view type) {
    const std::size_t bar = type.find('|');
    if (bar == std::string_view::npos) {
        out.field("type", type);
        return;
    }
    out.key("type").begin_array().value(type.substr(0, bar)).value(type.substr(bar + 1)).end_array();
}

template <class View>
void write_view_schema(JsonWriter& out, std::string_view name, std::span<const Member<View>> members, bool has_id) {
    out.key(name).begin_object().field("type", "object").key("properties").begin_object();
    if (has_id) out.key("id").begin_object().field("type", "string").field("description", "path-safe id").end_object();
    for (const auto& member : members) {
        out.key(member.name).begin_object();
        write_type(out, member.type);
        out.field("description", member.meaning).end_object();
    }
    out.end_object().end_object();
}

/// Schemas that are not made from tables, as JSON; the tests compare them with real answers.
constexpr std::string_view kSchemas = R"(
"Problem":{"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"}}},
"Mode":{"type":"object","required":["market","trading","armed","kill_switch"],"properties":{"market":{"enum":["live","demo","replay"]},"trading":{"enum":["off","paper","live"]},"armed":{"type":"boolean"},"kill_switch":{"type":"boolean"}}},
"Feed":{"type":"object","properties":{"exchange":{"type":"string"},"connection":{"type":"integer"},"stream":{"type":"string"},"symbol":{"type":"string"},"age_ms":{"type":["integer","null"]},"gaps":{"type":"integer"},"resyncs":{"type":"integer"},"state":{"enum":["down","connecting","resyncing","live","stale"]}}},
"SystemStatus":{"type":"object","required":["status","reasons","uptime_seconds","feeds"],"properties":{"status":{"enum":["ok","degraded","down"]},"demo":{"type":"boolean"},"reasons":{"type":"array","items":{"type":"string"}},"uptime_seconds":{"type":"integer"},"feeds":{"type":"array","items":{"$ref":"#/components/schemas/Feed"}}}},
"Dashboard":{"type":"object","required":["timestamp","mode","market_overview","symbols","top_movers","signals","alerts","system_status"],"properties":{"timestamp":{"type":"integer"},"mode":{"$ref":"#/components/schemas/Mode"},"market_overview":{"$ref":"#/components/schemas/MarketOverview"},"symbols":{"type":"array","items":{"$ref":"#/components/schemas/Row"}},"top_movers":{"type":"object"},"signals":{"type":"array"},"alerts":{"type":"array"},"system_status":{"$ref":"#/components/schemas/SystemStatus"}}},
"Instruments":{"type":"object","properties":{"timestamp":{"type":"integer"},"symbols":{"type":"array","items":{"type":"object"}}}},
"Leaf":{"type":"object","properties":{"frame":{"type":"string"},"weight":{"type":"number"},"score":{"type":["number","null"]},"coverage":{"type":"number"},"contribution":{"type":"number"},"value":{"type":["number","null"]},"n":{"type":"integer"},"n_min":{"type":"integer"},"events":{"type":"integer"},"age_ms":{"type":["number","null"]},"flags":{"type":"array","items":{"type":"string"}},"source_seq":{"type":"integer"},"ready_in_seconds":{"type":["number","null"]}}},
"Component":{"type":"object","properties":{"name":{"type":"string"},"unit":{"type":"string"},"map":{"type":"string"},"sign":{"type":"number"},"score":{"type":["number","null"]},"weight":{"type":"number"},"coverage":{"type":"number"},"contribution":{"type":"number"},"value":{"type":["number","null"]},"n":{"type":"integer"},"age_ms":{"type":["number","null"]},"flags":{"type":"array","items":{"type":"string"}},"source_seq":{"type":"integer"},"leaves":{"type":"array","items":{"$ref":"#/components/schemas/Leaf"}}}},
"Contribution":{"type":"object","required":["name","kind","contribution"],"properties":{"name":{"type":"string"},"kind":{"enum":["dimension","adjustment"]},"installed":{"type":"boolean"},"applicable":{"type":"boolean"},"score":{"type":["number","null"]},"weight":{"type":"number"},"coverage":{"type":"number"},"contribution":{"type":"number"},"factor":{"type":"number"},"components":{"type":"array","items":{"$ref":"#/components/schemas/Component"}}}},
"Score":{"type":"object","required":["id","symbol","timestamp","score","coverage","confidence","direction","warming","contributions","flips","versions"],"properties":{"id":{"type":"string"},"symbol":{"type":"string"},"timestamp":{"type":["integer","null"]},"score":{"type":["number","null"]},"coverage":{"type":"number"},"confidence":{"type":["number","null"]},"direction":{"type":["string","null"]},"warming":{"type":["object","null"]},"reasons":{"type":"array"},"contributions":{"type":"array","items":{"$ref":"#/components/schemas/Contribution"}},"flips":{"type":"array"},"versions":{"type":"object"}}},
"Candles":{"type":"object","required":["id","symbol","timestamp","timeframe","candles"],"properties":{"id":{"type":"string"},"symbol":{"type":"string"},"timestamp":{"type":"integer"},"timeframe":{"enum":["1m","5m","30m","4h"]},"candles":{"type":"array","items":{"type":"array","description":"open time ms, open, high, low, close, volume in base currency, closed"}}}},
"Book":{"type":"object","required":["id","symbol","timestamp","age_ms","tick_size","state","generation","bids","asks","spread_bps","mid"],"properties":{"id":{"type":"string"},"symbol":{"type":"string"},"timestamp":{"type":"integer"},"age_ms":{"type":["integer","null"]},"tick_size":{"type":"number"},"state":{"type":"string"},"generation":{"type":"integer"},"bids":{"type":"array"},"asks":{"type":"array"},"spread_bps":{"type":["number","null"]},"mid":{"type":["number","null"]}}},
"Trades":{"type":"object","properties":{"id":{"type":"string"},"symbol":{"type":"string"},"timestamp":{"type":"integer"},"trades":{"type":"array"}}},
"Health":{"type":"object","required":["status"],"properties":{"status":{"enum":["ok","degraded","down"]},"reasons":{"type":"array"},"version":{"type":"string"},"uptime_seconds":{"type":"integer"}}},
"MonitoringStatus":{"type":"object","required":["status","reasons","uptime_seconds","feeds","process"],"properties":{"status":{"type":"string"},"reasons":{"type":"array"},"uptime_seconds":{"type":"integer"},"feeds":{"type":"array"},"process":{"type":"object"}}},
"MonitoringSymbols":{"type":"array","items":{"type":"object"}})";

void write_parameters(JsonWriter& out, const Route& route) {
    out.key("parameters").begin_array();
    for (std::size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1)) {
        const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
        out.begin_object().field("name", name).field("in", "path").field("required", true);
        out.field("description", "bybit-linear-BTCUSDT, BTC/USDT:USDT, BTC/USDT, BTCUSDT or bybit:BTC/USDT:USDT");
        out.key("schema").begin_object().field("type", "string").end_object().end_object();
    }
    for (const QueryParameter& parameter : route.query) {
        out.begin_object().field("name", parameter.name).field("in", "query").field("required", false).field("description", parameter.meaning);
        out.key("schema").raw(parameter.schema).end_object();
    }
    out.end_array();
}

void write_operation(JsonWriter& out, const Route& route) {
    std::string method(net::name(route.method));
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    out.key(method).begin_object().field("summary", route.summary).field("x-access", name(route.access));
    write_parameters(out, route);
    out.key("responses").begin_object().key("200").begin_object().field("description", route.summary).key("content").begin_object();
    out.key(route.content_type).begin_object();
    if (!route.schema.empty()) out.key("schema").begin_object().field("$ref", "#/components/schemas/" + route.schema).end_object();
    out.end_object().end_object().end_object();
    out.key("default").begin_object().field("description", "a problem document (RFC 9457)").key("content").begin_object();
    out.key("application/problem+json").begin_object().key("schema").begin_object().field("$ref", "#/components/schemas/Problem");
    out.end_object().end_object().end_object().end_object().end_object().end_object();
}

}  // namespace

std::string openapi_document(const RouteTable& table) {
    JsonWriter out;
    out.begin_object().field("openapi", "3.1.0").key("info").begin_object().field("title", "Virtuoso").field("version", kVersion);
    out.field("description", "Scores of crypto markets and what each is made of. Units are in the names; null is not known.").end_object();
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
    std::string text = out.take();
    text += ",";
    text += kSchemas.substr(1);
    text += "}}}";
    return text;
}

}  // namespace vt::api
