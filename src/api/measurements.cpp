#include "api/cache_json.hpp"
#include "api/json.hpp"
#include "api/process_use.hpp"
#include "api/server.hpp"
#include "base/version.hpp"
#include "obs/background_log.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What the program measures of itself: for Prometheus, and as JSON.
namespace vt::api {
namespace {

constexpr std::string_view kStageSeconds = "virtuoso_stage_seconds";  // runtime's, which measures around the core
constexpr std::string_view kSocketToPixel = "virtuoso_socket_to_pixel_seconds";

void count_process(obs::Metrics& metrics) {
    const ProcessUse use = process_use();
    metrics.gauge({"process_resident_memory_bytes", "Resident memory"}).set(use.resident_bytes);
    metrics.counter({"process_cpu_seconds_total", "User and system time"}).advance_to(use.cpu_seconds);
    metrics.gauge({"process_open_fds", "Open files and sockets"}).set(use.open_files);
    metrics.gauge({"process_start_time_seconds", "When the process began, since 1970"}).set(use.started_at_seconds);
    metrics.counter({"virtuoso_log_lines_lost_total", "Lines of the log that found no room in its queue"})
        .advance_to(static_cast<double>(obs::BackgroundLog::lost_now()));
}

void count_queues(obs::Metrics& metrics, const std::vector<QueueState>& queues) {
    for (const QueueState& queue : queues) {
        const obs::Labels labels = {{"queue", queue.name}};
        metrics.gauge({"virtuoso_queue_bytes", "What waits between two threads"}, labels)
            .set(static_cast<double>(queue.bytes));
        metrics.gauge({"virtuoso_queue_bytes_max", "At most"}, labels).set(static_cast<double>(queue.bytes_max));
        metrics.counter({"virtuoso_queue_lost_total", "Inputs that found no room"}, labels)
            .advance_to(static_cast<double>(queue.lost));
    }
}

void count_picture(obs::Metrics& metrics, const views::Snapshot& picture) {
    metrics.counter({"virtuoso_engine_events_total", "Inputs that the engine took"})
        .advance_to(static_cast<double>(picture.events));
    metrics.counter({"virtuoso_rejected_messages_total", "Messages refused by a codec"})
        .advance_to(static_cast<double>(picture.rejected));
    metrics.counter({"virtuoso_dropped_inputs_total", "Inputs lost before the engine"})
        .advance_to(static_cast<double>(picture.dropped));
    for (const views::FeedRow& feed : picture.feeds) {
        const market::Instrument& instrument = picture.rows[feed.instrument.value()].instrument;
        const obs::Labels labels = {{"exchange", std::string(market::name(feed.venue))},
                                    {"category", std::string(market::name(instrument.category))},
                                    {"symbol", instrument.symbol},
                                    {"stream", std::string(market::name(feed.stream))}};
        if (feed.age)
            metrics.gauge({"virtuoso_feed_age_seconds", "Since the newest message of the stream"}, labels)
                .set(to_seconds(*feed.age));
        metrics.counter({"virtuoso_feed_gaps_total", "Losses that were noticed"}, labels)
            .advance_to(static_cast<double>(feed.gaps));
        metrics.counter({"virtuoso_book_resyncs_total", "Subscriptions renewed to heal one"}, labels)
            .advance_to(static_cast<double>(feed.resyncs));
    }
}

/// All values of an enumeration that counts from 0.
template <class E>
std::vector<E> all_of(std::size_t count) {
    std::vector<E> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<E>(i));
    return values;
}

/// What became of orders in this run. Series begin at 0, so that the first of a kind is seen as an increase.
void count_trading(obs::Metrics& metrics, const views::TradingView& trading) {
    using execution::OrderCounts;
    using execution::OrderOutcome;
    if (!trading.is_on()) return;
    const auto total = [&](obs::MetricName name, const obs::Labels& labels, std::uint64_t count) {
        metrics.counter(name, labels).advance_to(static_cast<double>(count));
    };
    for (const auto purpose : all_of<trading::Purpose>(OrderCounts::kPurposes)) {
        const std::string purpose_name(trading::name(purpose));
        for (const auto outcome : all_of<OrderOutcome>(OrderCounts::kOutcomes))
            total({"virtuoso_orders_total", "Orders, by what they were for and what became of them"},
                  {{"purpose", purpose_name}, {"outcome", std::string(execution::name(outcome))}},
                  trading.order_counts.of(purpose, outcome));
        const auto open = std::ranges::count_if(trading.orders, [&](const views::OrderView& one) {
            return !one.order.is_over() && one.order.purpose() == purpose;
        });
        metrics.gauge({"virtuoso_open_orders", "Orders that are not over"}, {{"purpose", purpose_name}})
            .set(static_cast<double>(open));
    }
    for (const auto code : all_of<trading::RefusalCode>(OrderCounts::kRefusalCodes))
        total({"virtuoso_order_refusals_total", "New orders that the venue refused, by why"},
              {{"reason", std::string(trading::name(code))}}, trading.order_counts.refusals(code));
    constexpr obs::MetricName kDenials{"virtuoso_signal_denials_total", "Reasons why a signal was not traded"};
    for (const auto code : all_of<risk::DenialCode>(risk::kDenialCodes))
        total(kDenials, {{"code", std::string(risk::name(code))}}, 0);
    for (const auto& [code, count] : trading.denial_counts) total(kDenials, {{"code", std::string(code)}}, count);
    metrics.gauge({"virtuoso_open_positions", "Trades that have not ended"})
        .set(static_cast<double>(trading.positions.size()));
}

void write_stages(JsonWriter& out, const obs::Metrics& metrics) {
    out.key("stages").begin_object();
    const auto write = [&](std::string_view stage, const obs::HistogramReading& times) {
        const auto microseconds = [&](double q) -> std::optional<double> {
            const auto seconds = times.quantile(q);
            return seconds ? std::optional(*seconds * 1e6) : std::nullopt;
        };
        out.key(stage)
            .begin_object()
            .field("count", times.count)
            .field("p50_us", microseconds(0.5))
            .field("p99_us", microseconds(0.99))
            .end_object();
    };
    for (const obs::HistogramReading& stage : metrics.histograms(kStageSeconds))
        write(stage.labels.empty() ? std::string_view("all") : std::string_view(stage.labels.front().second), stage);
    for (const obs::HistogramReading& way : metrics.histograms(kSocketToPixel)) write("pixel", way);
    out.end_object();
}

void write_queues(JsonWriter& out, const std::vector<QueueState>& queues) {
    out.key("queues").begin_object();
    for (const QueueState& queue : queues) {
        out.key(queue.name).begin_object().field("bytes", queue.bytes).field("bytes_max", queue.bytes_max);
        out.field("lost", queue.lost).end_object();
    }
    out.end_object();
}

void write_process(JsonWriter& out) {
    const ProcessUse use = process_use();
    out.key("process").begin_object().field("resident_bytes", use.resident_bytes);
    out.field("cpu_seconds", use.cpu_seconds).field("open_files", use.open_files).field("threads", use.threads);
    out.field("log_lines_lost", obs::BackgroundLog::lost_now()).end_object();
}

}  // namespace

net::PreparedResponsePtr moment_json(JsonWriter& out) {
    std::vector<net::HttpHeader> headers = security_headers();
    headers.push_back({"Cache-Control", "no-store"});
    return net::prepare({.content_type = "application/json", .body = out.take(), .headers = std::move(headers)});
}

void Server::measure_painting() {
    hub_.on_painted([way = metrics_.histogram({kSocketToPixel,
                                               "From the stamp of an exchange's frame until a page says that it has "
                                               "painted the picture whose newest frame that was"},
                                              obs::duration_bounds_seconds(1e-3, 10))](Nanos took) mutable {
        way.observe(to_seconds(took));
    });
}

void Server::add_measurement_routes() {
    monitoring_routes_.add({.pattern = "/api/monitoring/metrics",
                            .summary = "How long each stage takes, the cache's tiers, queues and the process",
                            .schema = "MonitoringMetrics",
                            .handler = [this](const Call&) {
                                JsonWriter out;
                                out.begin_object().field("timestamp", to_ms(net::wall_now()));
                                write_stages(out, metrics_);
                                out.key("cache");
                                write_cache_metrics(out, answers_);
                                write_queues(out, queues());
                                write_process(out);
                                out.end_object();
                                return moment_json(out);
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

std::vector<QueueState> Server::queues() const {
    return params_.queues ? params_.queues() : std::vector<QueueState>{};
}

std::string Server::metrics_text() {
    metrics_
        .gauge({"virtuoso_build_info", "Version of the program, as a label"}, {{"version", std::string(kVersion)}})
        .set(1);
    count_process(metrics_);
    count_queues(metrics_, queues());
    metrics_.gauge({"virtuoso_ws_clients", "Open /ws connections"}).set(static_cast<double>(hub_.reader_count()));
    metrics_.counter({"virtuoso_http_requests_total", "Requests answered on the pages' port"})
        .advance_to(static_cast<double>(pages_.counters().requests));
    if (const auto& picture = topics_.snapshot()) {
        count_picture(metrics_, *picture);
        count_trading(metrics_, *picture->trading);
    }
    count_cache(metrics_, answers_);
    return metrics_.text();
}

}  // namespace vt::api
