#pragma once

#include "api/jobs.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "base/text_difference.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// One thing that was kept of a decision, beside what the recording makes of it.
struct ReplayedPart {
    bool is_kept = false;                      ///< else there is nothing to compare with
    bool is_made = false;                      ///< the recording makes it
    std::size_t bytes = 0;                     ///< of what was kept
    std::optional<TextDifference> difference;  ///< absent: equal byte for byte, or nothing was kept
};

enum class ReplayOutcome : std::uint8_t {
    equal,        ///< byte for byte, whatever is still kept
    different,    ///< the parts say where
    not_reached,  ///< the recording does not hold the instant
};
[[nodiscard]] std::string_view name(ReplayOutcome outcome);

/// What a replay of a decision found.
struct ReplayFound {
    ReplayOutcome outcome = ReplayOutcome::not_reached;
    ReplayedPart score_record;
    ReplayedPart signal;
    std::uint64_t events = 0;         ///< inputs that were replayed
    std::vector<std::string> losses;  ///< what the recording does not hold up to there, in words
    Timestamp replayed_at;            ///< when it ended
    Nanos took{0};
};

/// A decision as the ledger holds it, and what replays of it found in this run.
struct ReplayedDecision {
    std::string signal;  ///< id
    std::string entry;   ///< "raised" or "suppressed"
    std::string instrument;
    std::string run;                             ///< that decided
    Timestamp at;                                ///< the end of the minute that decided
    std::optional<std::uint64_t> record_number;  ///< of its score record in the run; absent: it is not kept any more
    std::string recording;                       ///< names of the files, in recording.directory
    std::optional<Job> job;                      ///< the newest replay of it; absent: none that is still known
    std::optional<ReplayFound> found;            ///< by the last one that went to its end
};

/// Begins a replay, or puts it behind those that wait. Any thread; `done` is called once, on the API's.
///   errors: not_found: the ledger has no such signal; unsupported: it holds no decision of it, or one that no
///           recording can make again; refused: nothing is recorded of the run that decided; unavailable: too many
///           wait
using ReplayStarted = std::function<void(const Result<Job>&)>;
using StartReplay = std::function<void(std::string market, std::string signal, ReplayStarted done)>;
/// Looks up what is known of one.
///   errors: as StartReplay; refused only where nothing was found before either
using ReplayRead = std::function<void(const Result<ReplayedDecision>&)>;
using ReadReplay = std::function<void(std::string market, std::string signal, ReplayRead done)>;

void write_replay_found(JsonWriter& out, const ReplayFound& found);
/// The document DecisionReplay.
void write_replayed_decision(JsonWriter& out, const ReplayedDecision& decision);

}  // namespace vt::api
