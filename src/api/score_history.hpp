#pragma once

#include "api/route.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "records/repository.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// Answers a question about stored scores, on any thread, sooner or later, once.
using ReadScores =
    std::function<void(records::ScoreQuery query, std::function<void(const Result<records::ScorePage>&)> done)>;

/// Finds the whole record of a score that was written at an instant, as JSON (docs/formats/scores.md), sooner or
/// later, once, on the API's thread. Absent: none is kept.
using RecordFound = std::function<void(const Result<std::optional<std::string>>&)>;
using FindRecord = std::function<void(std::string market, std::string instrument, Timestamp at, RecordFound done)>;

/// The query of `/api/symbols/{symbol}/scores`.
[[nodiscard]] std::vector<QueryParameter> score_history_parameters();
/// The newest scores, as many as are given where no number is asked for; market and instrument are to be filled in.
[[nodiscard]] records::ScoreQuery newest_scores();
/// What a call asks for, but market and instrument.
///   errors: out_of_range: names the parameter, and what it may be
[[nodiscard]] Result<records::ScoreQuery> score_query_of(const Call& call);

/// The document ScoreHistory.
void write_score_history(JsonWriter& out, const records::ScoreQuery& query, const records::ScorePage& page);

}  // namespace vt::api
