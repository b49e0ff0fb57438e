#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/repository.hpp"
#include "storage/journal_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// What was kept of the decision about a signal: what the ledger says of it, and the score that it was made of.
struct KeptDecision {
    std::string instrument;             ///< path id
    std::string signal;                 ///< id
    std::string entry;                  ///< "raised" or "suppressed"
    Timestamp at;                       ///< the end of the minute that decided
    std::string body;                   ///< the signal as JSON, as of the decision
    std::optional<std::string> record;  ///< the whole score record as JSON; absent: it is not kept any more
};

/// errors: not_found (no market's ledger has it), unsupported (what was kept of it is no decision), as Repository
[[nodiscard]] Result<KeptDecision> kept_decision(records::Repository& repository, const std::string& signal);

/// The same as a recording makes it. Absent: the recording does not make it.
struct ReplayedDecision {
    std::optional<std::string> body;
    std::optional<std::string> record;
    bool is_reached = false;          ///< the recording holds the instant
    std::uint64_t events = 0;         ///< inputs up to there
    std::vector<std::string> losses;  ///< what the recording does not hold up to there, in words
};

/// Runs a recording through the core up to the instant of the decision, with the parameters that it was made with.
///   errors: configuration (the recording's header)
///   cost:   that of a replay up to there
[[nodiscard]] Result<ReplayedDecision> replay_decision(storage::JournalReader& journal, const KeptDecision& kept);

/// Where two texts begin to differ.
struct Difference {
    std::size_t at = 0;      ///< byte, from 0
    std::string kept, made;  ///< what stands there, with a little before it
};
[[nodiscard]] std::optional<Difference> first_difference(std::string_view kept, std::string_view made);

}  // namespace vt::runtime
