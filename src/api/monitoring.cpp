#include "api/json.hpp"
#include "api/process_use.hpp"
#include "api/server.hpp"
#include "base/version.hpp"

namespace vt::api {
void Server::add_monitoring_routes() {
    monitoring_routes_.add({.pattern = "/api/monitoring/status",
                            .summary = "State of the feeds and the process",
                            .schema = "MonitoringStatus",
                            .handler = [this](const Call&) {
                                JsonWriter out;
                                const auto& picture = topics_.snapshot();
                                if (!picture)
                                    return net::problem_response(503, "the program has just started",
                                                                 security_headers());
                                out.begin_object();
                                JsonWriter status;
                                write_system_status(status, *picture);
                                const std::string_view members = status.text();
                                const ProcessUse use = process_use();
                                out.field("timestamp", to_ms(picture->at))
                                    .field("version", kVersion)
                                    .field("websocket_clients", hub_.reader_count());
                                out.field("events", picture->events)
                                    .field("rejected", picture->rejected)
                                    .field("dropped", picture->dropped);
                                out.key("process")
                                    .begin_object()
                                    .field("resident_bytes", use.resident_bytes)
                                    .field("cpu_seconds", use.cpu_seconds)
                                    .end_object();
                                const auto write = [&](const char* member, const auto& writer) {
                                    out.key(member);
                                    if (writer) {
                                        writer(out);
                                    } else {
                                        out.null();
                                    }
                                };
                                write("records", params_.write_records);
                                write("series", params_.write_series);
                                std::string text = out.take();
                                text += "," + std::string(members.substr(1));  // the status's own members follow
                                out.raw(text);
                                return moment_json(out);
                            }});
    monitoring_routes_.add({.pattern = "/api/monitoring/symbols",
                            .summary = "Feed state of each symbol",
                            .schema = "MonitoringSymbols",
                            .handler = [this](const Call&) {
                                if (!topics_.snapshot())
                                    return net::problem_response(503, "the program has just started",
                                                                 security_headers());
                                JsonWriter out;
                                write_monitoring_symbols(out, *topics_.snapshot());
                                return moment_json(out);
                            }});
    monitoring_routes_.add(
        {.pattern = "/openapi.json", .summary = "This document", .schema = "", .handler = [this](const Call&) {
             return monitoring_openapi_;
         }});
}

}  // namespace vt::api
