#include "api/cache_json.hpp"
#include "api/json.hpp"
#include "api/server.hpp"
#include "base/version.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace vt::api {
namespace {

struct ProcessUse {
    double resident_bytes = 0;
    double cpu_seconds = 0;
};

ProcessUse process_use() {
    ProcessUse use;
    if (std::FILE* statm = std::fopen("/proc/self/statm", "r")) {
        unsigned long total = 0, resident = 0;
        if (std::fscanf(statm, "%lu %lu", &total, &resident) == 2) {
            use.resident_bytes = static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
        }
        std::fclose(statm);
    }
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        use.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    return use;
}

net::PreparedResponsePtr monitoring_json(JsonWriter& out) {
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Cache-Control", "no-store"});
    return net::prepare({.content_type = "application/json", .body = out.take(), .headers = std::move(headers)});
}

}  // namespace

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
                                return monitoring_json(out);
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
                                return monitoring_json(out);
                            }});
    monitoring_routes_.add(
        {.pattern = "/openapi.json", .summary = "This document", .schema = "", .handler = [this](const Call&) {
             return monitoring_openapi_;
         }});
    monitoring_routes_.add({.pattern = "/metrics",
                            .summary = "Prometheus text",
                            .schema = "",
                            .content_type = "text/plain",
                            .handler = [this](const Call&) {
                                return net::prepare({.content_type = "text/plain; version=0.0.4; charset=utf-8",
                                                     .body = metrics_text(),
                                                     .headers = security_headers()});
                            }});
}

std::string Server::metrics_text() {
    metrics_
        .gauge({"virtuoso_build_info", "Version of the program, as a label"}, {{"version", std::string(kVersion)}})
        .set(1);
    const ProcessUse use = process_use();
    metrics_.gauge({"process_resident_memory_bytes", "Resident memory"}).set(use.resident_bytes);
    metrics_.counter({"process_cpu_seconds_total", "User and system time"}).advance_to(use.cpu_seconds);
    metrics_.gauge({"virtuoso_ws_clients", "Open /ws connections"}).set(static_cast<double>(hub_.reader_count()));
    metrics_.counter({"virtuoso_http_requests_total", "Requests answered on the pages' port"})
        .advance_to(static_cast<double>(pages_.counters().requests));
    if (const auto& picture = topics_.snapshot()) {
        metrics_.counter({"virtuoso_engine_events_total", "Inputs that the engine took"})
            .advance_to(static_cast<double>(picture->events));
        metrics_.counter({"virtuoso_rejected_messages_total", "Messages refused by a codec"})
            .advance_to(static_cast<double>(picture->rejected));
        metrics_.counter({"virtuoso_dropped_inputs_total", "Inputs lost before the engine"})
            .advance_to(static_cast<double>(picture->dropped));
        for (const views::FeedRow& feed : picture->feeds) {
            const market::Instrument& instrument = picture->rows[feed.instrument.value()].instrument;
            const obs::Labels labels = {{"exchange", std::string(market::name(feed.venue))},
                                        {"category", std::string(market::name(instrument.category))},
                                        {"symbol", instrument.symbol},
                                        {"stream", std::string(market::name(feed.stream))}};
            if (feed.age)
                metrics_.gauge({"virtuoso_feed_age_seconds", "Since the newest message of the stream"}, labels)
                    .set(to_seconds(*feed.age));
            metrics_.counter({"virtuoso_feed_gaps_total", "Losses that were noticed"}, labels)
                .advance_to(static_cast<double>(feed.gaps));
            metrics_.counter({"virtuoso_book_resyncs_total", "Subscriptions renewed to heal one"}, labels)
                .advance_to(static_cast<double>(feed.resyncs));
        }
    }
    count_cache(metrics_, answers_);
    return metrics_.text();
}

}  // namespace vt::api
