#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/effect.hpp"
#include "storage/journal_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::runtime {

struct ReplayOutputs {
    std::string features_file;  ///< empty: not written
    std::string scores_file;
    std::string signals_file;
    std::string effects_file;
    /// Stop at this score record, counted from 1 as in the lines of `scores_file`, and give it back.
    std::optional<std::uint64_t> record;
};

struct ReplaySummary {
    std::uint64_t events = 0;
    std::uint64_t frames = 0;
    std::uint64_t effects = 0;
    std::uint64_t scores = 0;
    std::uint64_t minutes = 0;
    std::uint64_t signals = 0;  ///< raised
    std::uint64_t rejected = 0;
    std::optional<std::string> record;  ///< the one asked for, as its line; absent: there are fewer
    std::string digest;                 ///< SHA-256 over every effect as a line of JSON
    std::optional<Timestamp> first_at, last_at;
    std::vector<std::string> losses;  ///< what the recording does not hold, in words
};

/// Runs a recording through the core as fast as it goes. The digest is a function of the recording and of the program
/// alone.
///   errors: configuration (the recording's header), io (an output file)
[[nodiscard]] Result<ReplaySummary> replay(storage::JournalReader& journal, const ReplayOutputs& outputs);

}  // namespace vt::runtime
