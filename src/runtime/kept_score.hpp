#pragma once

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "confluence/score_record.hpp"
#include "market/instrument.hpp"
#include "records/score_keeper.hpp"
#include "storage/compression.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vt::runtime {

/// A score record on its way to the database.
struct SaidScore {
    std::shared_ptr<const confluence::ScoreRecord> record;
    market::Instrument instrument;
    std::uint64_t number = 0;  ///< in its run, counted from 1
};

/// Writes score records in the form in which they are kept: a row, and the whole record as compressed JSON
/// (docs/formats/scores.md). One thread.
class ScoreScribe {
public:
    ScoreScribe(std::string market, std::string run) : market_(std::move(market)), run_(std::move(run)) {}
    /// out: a batch of one score and its explanation
    [[nodiscard]] records::Batch write(const SaidScore& said);

private:
    std::string market_;
    std::string run_;
    JsonWriter json_;
    storage::Compressor compressor_{3};
};

/// A whole record as it is kept.
struct KeptRecord {
    std::uint64_t number = 0;  ///< in its run, counted from 1
    std::string json;          ///< as the scribe wrote it
};
/// The record that one run wrote of an instrument at an instant.
///   out:    absent where it is not kept any more
///   errors: as records::Repository; corrupt
[[nodiscard]] Result<std::optional<KeptRecord>> record_of_run(records::Repository& repository,
                                                              const std::string& market,
                                                              const std::string& instrument, Timestamp at,
                                                              const std::string& run);

/// The whole record of a score that was written at an instant, as the scribe wrote it, by whatever run.
///   out:    absent where no explanation of that instant is kept
///   errors: as records::Repository; corrupt
[[nodiscard]] Result<std::optional<std::string>> record_at(records::Repository& repository, const std::string& market,
                                                           const std::string& instrument, Timestamp at);

}  // namespace vt::runtime
