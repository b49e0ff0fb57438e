#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "engine/effect.hpp"
#include "influx/writer.hpp"
#include "market/instrument.hpp"
#include "net/loop.hpp"
#include "obs/metrics.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace vt::runtime {

/// How the configured server is written to.
///   errors: configuration
[[nodiscard]] Result<influx::WriterParams> series_writer_params(const config::Config& config,
                                                                std::filesystem::path spool_folder);

/// Sends scores as series to a server that speaks InfluxDB's write API: measurement `virtuoso_score`, tags
/// `instrument` and `market`, a field for each value that is known. A thread of its own.
class SeriesSending {
public:
    /// in:     `market`: "live", "demo" or "replay"; `spool_folder`: where batches wait
    /// errors: configuration, io
    [[nodiscard]] static Result<std::unique_ptr<SeriesSending>> start(const config::Config& config,
                                                                      std::string market,
                                                                      std::filesystem::path spool_folder,
                                                                      obs::Metrics& metrics);
    ~SeriesSending();
    SeriesSending(const SeriesSending&) = delete;
    SeriesSending& operator=(const SeriesSending&) = delete;

    /// The engine's thread.
    ///   cost: writes one line; waits for nobody
    void send(const engine::Scored& scored, const market::Instrument& instrument);
    /// What is not sent yet waits on disk for the next run.
    void stop();

    /// Any thread.
    [[nodiscard]] influx::WriterStats stats() const { return writer_->stats(); }
    /// The member `series` of the monitoring status.
    void write_status(JsonWriter& out) const;

private:
    SeriesSending(std::string market, obs::Metrics& metrics);
    void show_counts();

    std::string market_;
    influx::LineWriter line_;  // of the engine's thread
    obs::Counter stored_;
    obs::Counter lost_;
    obs::Gauge spooled_;
    net::Loop loop_;
    std::unique_ptr<influx::Writer> writer_;
    std::thread thread_;
};

}  // namespace vt::runtime
