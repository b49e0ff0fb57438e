#include "runtime/kept_score.hpp"

#include <algorithm>

namespace vt::runtime {
namespace {

std::string causes_of(const confluence::ScoreRecord& record) {
    std::string text;
    for (std::size_t i = 0; i < confluence::kCauseCount; ++i) {
        const auto cause = static_cast<confluence::Cause>(i);
        if (!record.causes.has(cause)) continue;
        text += text.empty() ? "" : ",";
        text += confluence::name(cause);
    }
    return text;
}

/// Where the inputs of the record begin and end in the run's journal; absent: it stands on none of this run.
struct SequenceRange {
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
};
SequenceRange inputs_of(const confluence::ScoreRecord& record) {
    SequenceRange range;
    for (const confluence::Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            for (const analysis::Leaf& leaf : component.leaves) {
                if (leaf.source_sequence == 0) continue;
                const auto newest = static_cast<std::int64_t>(leaf.source_sequence);
                const auto window =
                    static_cast<std::int64_t>(record.first_sequences[static_cast<std::size_t>(leaf.frame)]);
                const std::int64_t oldest = window > 0 ? std::min(window, newest) : newest;
                range.first = std::min(range.first.value_or(oldest), oldest);
                range.last = std::max(range.last.value_or(newest), newest);
            }
        }
    }
    return range;
}

/// The newest whole record of an instrument at an instant. in: run: empty: of any
Result<std::optional<KeptRecord>> newest_record(records::Repository& repository, const std::string& market,
                                                const std::string& instrument, Timestamp at, std::string_view run) {
    // Several runs may have written one, and only a part of them be whole.
    VT_TRY(const records::ScorePage page, repository.scores({.market = market,
                                                             .instrument = instrument,
                                                             .from = at,
                                                             .to = at + std::chrono::milliseconds{1},
                                                             .newest_first = true}));
    for (const records::ScoreRow& row : page.scores) {
        if (!run.empty() && row.key.run != run) continue;
        VT_TRY(const std::optional<records::Explanation> found, repository.explanation(row.key));
        if (!found) continue;
        KeptRecord kept{.number = row.key.number, .json = {}};
        if (auto done = storage::Decompressor().decompress(found->body, found->plain_bytes, kept.json); !done)
            return tl::unexpected<Error>(std::move(done.error()));
        return kept;
    }
    return std::nullopt;
}

}  // namespace

records::Batch ScoreScribe::write(const SaidScore& said) {
    const confluence::ScoreRecord& record = *said.record;
    records::ScoreRow row{.key = {.market = market_,
                                  .instrument = said.instrument.path_id(),
                                  .at = from_ms(to_ms(record.at)),
                                  .run = run_,
                                  .number = said.number},
                          .score = record.score,
                          .sum = record.sum,
                          .coverage = record.coverage,
                          .confidence = record.confidence,
                          .causes = causes_of(record)};
    if (record.direction) row.direction = std::string(confluence::name(*record.direction));
    for (std::size_t d = 0; d < record.parts.size(); ++d) row.dimensions[d] = record.parts[d].opinion.score;
    const SequenceRange inputs = inputs_of(record);
    row.first_sequence = inputs.first;
    row.last_sequence = inputs.last;
    json_.clear();
    confluence::write_record(json_, record, said.instrument);
    records::Explanation explanation{.key = row.key, .plain_bytes = json_.text().size()};
    compressor_.compress(json_.text(), explanation.body);
    return {.scores = {std::move(row)}, .explanations = {std::move(explanation)}};
}

Result<std::optional<KeptRecord>> record_of_run(records::Repository& repository, const std::string& market,
                                                const std::string& instrument, Timestamp at, const std::string& run) {
    return newest_record(repository, market, instrument, at, run);
}

Result<std::optional<std::string>> record_at(records::Repository& repository, const std::string& market,
                                             const std::string& instrument, Timestamp at) {
    VT_TRY(std::optional<KeptRecord> found, newest_record(repository, market, instrument, at, {}));
    if (!found) return std::nullopt;
    return std::move(found->json);
}

}  // namespace vt::runtime
