#pragma once

#include "api/decision_replay.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "records/repository.hpp"
#include "storage/journal_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

/// What was kept of the decision about a signal: what the ledger says of it, and the score that it was made of.
struct KeptDecision {
    std::string instrument;                      ///< path id
    std::string signal;                          ///< id
    std::string entry;                           ///< "raised" or "suppressed"
    std::string run;                             ///< that decided
    Timestamp at;                                ///< the end of the minute that decided
    std::string body;                            ///< the signal as JSON, as of the decision
    std::optional<std::string> record;           ///< the whole score record as JSON; absent: it is not kept any more
    std::optional<std::uint64_t> record_number;  ///< of it in its run
};

/// in:     markets: whose ledgers are looked into, one after the other; empty: all
/// errors: not_found (no ledger has it), unsupported (what was kept of it is no decision, or one that was
///         reconstructed from candles), as Repository
[[nodiscard]] Result<KeptDecision> kept_decision(records::Repository& repository, const std::string& signal,
                                                 std::vector<std::string> markets = {});

/// The recording of the run that decided.
///   in:     recording: a file, or a folder in which that run is
///   errors: not_found (neither is there), as JournalReader
[[nodiscard]] Result<storage::JournalReader> open_recording_of(const KeptDecision& kept,
                                                               const std::filesystem::path& recording);

/// The same as a recording makes it. Absent: the recording does not make it.
struct MadeDecision {
    std::optional<std::string> body;
    std::optional<std::string> record;
    bool is_reached = false;          ///< the recording holds the instant
    bool was_ended = false;           ///< by who watched it
    std::uint64_t events = 0;         ///< inputs up to there
    std::vector<std::string> losses;  ///< what the recording does not hold up to there, in words
};

/// Asked now and then. in: how far it is, 0 .. 1, by the times of the inputs. out: false: it ends here
using ReplayWatch = std::function<bool(double share)>;

/// Runs a recording through the core up to the instant of the decision, with the parameters that it was made with.
///   errors: configuration (the recording's header)
///   cost:   that of a replay up to there, and an engine's memory
[[nodiscard]] Result<MadeDecision> replay_decision(storage::JournalReader& journal, const KeptDecision& kept,
                                                   const ReplayWatch& watch = {});

/// Both, held beside each other. `replayed_at` and `took` are the caller's.
[[nodiscard]] api::ReplayFound compared(const KeptDecision& kept, MadeDecision made);

}  // namespace vt::runtime
