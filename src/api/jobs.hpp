#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "history/series.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

enum class JobState : std::uint8_t { waiting, running, done, failed, cancelled };
[[nodiscard]] std::string_view name(JobState state);

/// A work of the program that takes longer than an answer.
struct Job {
    std::string id;    ///< of this run: "7"
    std::string kind;  ///< "history_download", "record_copy", "replay", "decision_replay"
    std::string what;  ///< of it, for people: "bybit linear BTCUSDT klines 1m"
    JobState state = JobState::waiting;
    std::optional<double> progress;  ///< 0 .. 1; absent: it cannot be told
    Timestamp asked_at;
    std::optional<Timestamp> started_at, ended_at;
    std::string error;  ///< why it failed, with the remedy
    bool can_be_cancelled = false;
};

/// All that are known, the newest first. Any thread.
using ListJobs = std::function<std::vector<Job>()>;
/// Asks a job to end; what it has done stays.
///   errors: not_found; refused: it cannot be cancelled, or has ended
using CancelJob = std::function<Result<void>(const std::string& id)>;

/// What POST /api/history asks for.
struct DownloadOrder {
    history::Series series;
    history::TimeRange range;
};
/// Begins a download, or puts it behind those that wait.
///   errors: malformed: the venue has no such series; unavailable: too many wait, or this market has no venue
using StartDownload = std::function<Result<Job>(const DownloadOrder& order)>;

void write_job(JsonWriter& out, const Job& job);
void write_jobs(JsonWriter& out, const std::vector<Job>& jobs);

}  // namespace vt::api
