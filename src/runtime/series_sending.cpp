#include "runtime/series_sending.hpp"

#include "net/url.hpp"
#include "runtime/named_thread.hpp"

#include <chrono>
#include <utility>

namespace vt::runtime {
namespace {

constexpr Nanos kShowEvery = std::chrono::seconds{1};

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<net::HttpClientParams> way_to(const config::Config& config) {
    net::HttpClientParams params{.connections_per_host = 1, .max_queued = 4};
    const Result<net::Url> url = net::parse_url(config.influxdb.url);
    if (!url) return params;  // the writer says what is wrong with it
    if (!is_this_machine(url->host)) {
        VT_TRY(params.route, config::route_of(config, "", ""));
    }
    if (url->is_secure()) {
        VT_TRY(params.tls, net::TlsContext::client({}));
    }
    return params;
}

}  // namespace

Result<influx::WriterParams> series_writer_params(const config::Config& config, std::filesystem::path spool_folder) {
    const config::Config::Influxdb& given = config.influxdb;
    VT_TRY(net::HttpClientParams http, way_to(config));
    return influx::WriterParams{.url = given.url,
                                .token = given.token,
                                .org = given.org,
                                .bucket = given.bucket,
                                .version = given.version == 1 ? influx::Version::v1 : influx::Version::v2,
                                .spool_folder = std::move(spool_folder),
                                .spool_bytes_max = given.spool_bytes_max,
                                .http = std::move(http)};
}

Result<std::unique_ptr<SeriesSending>> SeriesSending::start(const config::Config& config, std::string market,
                                                            std::filesystem::path spool_folder,
                                                            obs::Metrics& metrics) {
    VT_TRY(influx::WriterParams params, series_writer_params(config, std::move(spool_folder)));
    std::unique_ptr<SeriesSending> sending(new SeriesSending(std::move(market), metrics));
    VT_TRY(sending->writer_, influx::Writer::make(sending->loop_, std::move(params)));
    sending->thread_ = named_thread("series", [raw = sending.get()] {
        raw->writer_->start();
        raw->show_counts();
        raw->loop_.run();
    });
    return sending;
}

SeriesSending::SeriesSending(std::string market, obs::Metrics& metrics)
    : market_(std::move(market)),
      stored_(metrics.counter({"virtuoso_series_stored_total", "Lines that the time-series server took"})),
      lost_(metrics.counter({"virtuoso_series_lost_total", "Lines refused by it, or without room to wait"})),
      spooled_(metrics.gauge({"virtuoso_series_spooled", "Lines on disk until it takes them"})) {}

SeriesSending::~SeriesSending() { stop(); }

void SeriesSending::send(const engine::Scored& scored, const market::Instrument& instrument) {
    const confluence::ScoreRecord& record = *scored.record;
    line_.clear();
    line_.begin("virtuoso_score").tag("instrument", instrument.path_id()).tag("market", market_);
    line_.field("score", record.score).field("coverage", record.coverage).field("confidence", record.confidence);
    for (const confluence::Part& part : record.parts)
        line_.field(analysis::name(part.opinion.dimension), part.opinion.score);
    line_.end(record.at);
    (void)writer_->offer(line_);  // a loss is counted there
}

void SeriesSending::show_counts() {
    const influx::WriterStats now = stats();
    stored_.advance_to(static_cast<double>(now.stored_lines));
    lost_.advance_to(static_cast<double>(now.refused_lines + now.dropped_lines));
    spooled_.set(static_cast<double>(now.spooled_lines));
    loop_.after(kShowEvery, [this] { show_counts(); });
}

void SeriesSending::stop() {
    if (!thread_.joinable()) return;
    loop_.post([this] {
        writer_->flush();
        loop_.stop();
    });
    thread_.join();
}

void SeriesSending::write_status(JsonWriter& out) const {
    const influx::WriterStats now = stats();
    out.begin_object()
        .field("offered", now.offered_lines)
        .field("stored", now.stored_lines)
        .field("refused", now.refused_lines)
        .field("dropped", now.dropped_lines);
    out.field("buffered_bytes", now.buffered_bytes)
        .field("spooled", now.spooled_lines)
        .field("spooled_bytes", now.spooled_bytes)
        .field("failures", now.failures)
        .key("problem");
    if (now.problem.empty()) {
        out.null();
    } else {
        out.value(now.problem);
    }
    out.end_object();
}

}  // namespace vt::runtime
