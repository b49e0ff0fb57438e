#pragma once

#include "base/time.hpp"
#include "records/ledger.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::records {

/// Which score record: the `number`th that a run said, counted from 1, as `virtuoso replay RUN --record N` counts.
struct ScoreKey {
    std::string market;      ///< "live", "demo", "replay": what the inputs were
    std::string instrument;  ///< path id: "bybit-linear-BTCUSDT"
    Timestamp at;            ///< whole milliseconds
    std::string run;         ///< the run's id, 16 hex digits: names its journal
    std::uint64_t number = 0;
    bool operator==(const ScoreKey&) const = default;
};

/// What is kept of a score record.
struct ScoreRow {
    ScoreKey key;
    std::optional<double> score;
    double sum = 0;
    double coverage = 0;
    std::optional<double> confidence;
    std::optional<std::string> direction;  ///< "long", "short", "neutral"
    std::string causes;                    ///< "minute,move"
    std::array<std::optional<double>, 6> dimensions;
    std::optional<std::int64_t> first_sequence;  ///< of the inputs behind it, in the run's journal
    std::optional<std::int64_t> last_sequence;
    bool operator==(const ScoreRow&) const = default;
};

/// The whole record as JSON (docs/formats/scores.md), compressed.
struct Explanation {
    ScoreKey key;
    std::uint64_t plain_bytes = 0;
    std::string body;
    bool operator==(const Explanation&) const = default;
};

/// A run of the program.
struct RunRow {
    std::string run;
    std::string market;
    Timestamp started;
    std::string program;
    std::string configuration;  ///< hash of everything that changes what the engine computes
    std::string weights;
    bool operator==(const RunRow&) const = default;
};

/// Records that a run said and that are not kept.
struct LossRow {
    std::string run;
    Timestamp at;
    std::uint64_t number = 0;  ///< how many
    std::string reason;
    bool operator==(const LossRow&) const = default;
};

/// What is stored together, in one transaction.
struct Batch {
    std::vector<RunRow> runs;
    std::vector<ScoreRow> scores;
    std::vector<Explanation> explanations;
    std::vector<LossRow> losses;
    std::vector<LedgerEntry> ledger;
    /// Of those that are told apart when something is lost: scores and entries of the ledger.
    [[nodiscard]] std::size_t records() const { return scores.size() + ledger.size(); }
    [[nodiscard]] bool empty() const {
        return runs.empty() && records() == 0 && explanations.empty() && losses.empty();
    }
};

}  // namespace vt::records
