#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "engine/effect.hpp"
#include "market/instrument.hpp"
#include "obs/metrics.hpp"
#include "records/run_claim.hpp"
#include "records/score_keeper.hpp"
#include "runtime/disk_watch.hpp"
#include "runtime/kept_score.hpp"
#include "runtime/record_copying.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace vt::runtime {

/// Where records go.
struct RecordPlaces {
    std::string url;             ///< as records::parse_database_url takes it; empty: nothing is kept
    std::string spool_file;      ///< SQLite file for the time in which a server is away; empty: none
    std::string series_folder;   ///< where series wait for their server
    std::string history_folder;  ///< of candles that the past is reconstructed from; empty: none
};

/// The entry of the ledger about a signal that no later run can follow.
inline constexpr std::string_view kAbandoned = "abandoned";

/// Keeps the score records of a run: a thread of its own behind a bounded queue.
class RecordKeeping {
public:
    /// Opens the database. A server that is merely away is no error: the spool takes what comes meanwhile.
    ///   in:     claim: asked for before the database is opened, each time; jobs: where its long works are told;
    ///           outlives this
    ///   errors: as records::Repository: a wrong password, a newer schema, a disk that cannot be written; as RunClaim
    [[nodiscard]] static Result<std::unique_ptr<RecordKeeping>> start(const RecordPlaces& places,
                                                                      const config::Config::Records& config,
                                                                      std::shared_ptr<records::RunClaim> claim,
                                                                      records::RunRow run, obs::Metrics& metrics,
                                                                      JobList* jobs = nullptr);
    ~RecordKeeping();
    RecordKeeping(const RecordKeeping&) = delete;
    RecordKeeping& operator=(const RecordKeeping&) = delete;

    /// The engine's thread: the next record that the run says.
    void keep(const engine::Scored& scored, const market::Instrument& instrument);
    /// The engine's thread: an entry of the ledger.
    void keep(const engine::Signalled& signalled, const market::Instrument& instrument);
    /// Signals that an earlier run of the same market left open, as far as the database could be asked at the start:
    /// what the engine goes on from (engine::ResumeSignal). Only a live market goes on after a program's end; what
    /// was open in another is closed in the ledger as `abandoned`.
    [[nodiscard]] const std::vector<records::LedgerEntry>& left_open() const { return left_open_; }
    /// At the start nothing was known of the market's signals, nor was their past ever reconstructed.
    [[nodiscard]] bool is_ledger_new() const { return is_ledger_new_; }
    /// After the last keep(): stores what waits.
    void stop();

    /// Any thread.
    [[nodiscard]] records::KeeperStats stats() const { return keeper_->stats(); }
    /// What stands in the way of keeping records, or soon will, in a sentence; empty: nothing.
    [[nodiscard]] std::string hindrance() const;
    /// The member `records` of the monitoring status.
    void write_status(JsonWriter& out) const;

private:
    RecordKeeping(records::KeeperParams params, std::string place, std::string file, obs::Metrics& metrics);
    /// The start's look at a file: what was damaged is replaced by its newest whole copy, and said.
    ///   out: a sentence on what was done; empty: nothing
    [[nodiscard]] static Result<std::string> restore_file(const std::string& file,
                                                          const config::Config::Records& config);
    void run();
    void show_counts();

    std::string place_;  ///< for people: no password
    std::string market_;
    std::string run_;
    std::vector<records::LedgerEntry> left_open_;
    bool is_ledger_new_ = false;
    DiskWatch disk_;
    ScoreScribe scribe_;
    std::unique_ptr<records::ScoreKeeper> keeper_;
    std::string file_;                        // of the database; empty: it is a server
    std::unique_ptr<RecordCopying> copying_;  // of a file
    std::string restored_;
    std::uint64_t said_ = 0;
    obs::Counter stored_;
    obs::Counter lost_;
    obs::Counter removed_;
    obs::Gauge queued_;
    obs::Gauge spooled_;
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

}  // namespace vt::runtime
