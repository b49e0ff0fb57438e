#include "runtime/replay.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "engine/engine.hpp"
#include "runtime/engine_params.hpp"
#include "storage/json_lines_file.hpp"

#include <utility>

namespace vt::runtime {
namespace {

/// One JSON-lines output, or none.
class Output {
public:
    static Result<Output> open(const std::string& path) {
        Output output;
        if (path.empty()) return output;
        VT_TRY(auto file, storage::JsonLinesFile::create(path));
        output.file_.emplace(std::move(file));
        return output;
    }
    [[nodiscard]] bool is_open() const { return file_.has_value(); }
    Result<void> write(std::string_view line) { return file_ ? file_->write(line) : Result<void>{}; }
    Result<void> close() { return file_ ? file_->close() : Result<void>{}; }

private:
    std::optional<storage::JsonLinesFile> file_;
};

/// Writes effects where they belong, and adds them to the digest.
class EffectSink {
public:
    /// Opens what is asked for.
    static Result<EffectSink> open(const ReplayOutputs& outputs, ReplaySummary& summary) {
        EffectSink sink(outputs.record, summary);
        VT_TRY(sink.features_, Output::open(outputs.features_file));
        VT_TRY(sink.scores_, Output::open(outputs.scores_file));
        VT_TRY(sink.signals_, Output::open(outputs.signals_file));
        VT_TRY(sink.effects_, Output::open(outputs.effects_file));
        return sink;
    }

    Result<void> take(const engine::Effect& effect, const market::InstrumentDirectory& instruments) {
        ++summary_.effects;
        line_.clear();
        engine::write_effect(line_, effect, instruments);
        digest_.update(line_.text());
        digest_.update("\n");
        if (effects_.is_open()) {
            if (auto written = effects_.write(line_.text()); !written) return written;
        }
        if (std::holds_alternative<exchange::Rejected>(effect)) ++summary_.rejected;
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) {
            ++summary_.scores;
            const bool is_asked_for = record_ == summary_.scores;
            if (!scores_.is_open() && !is_asked_for) return {};
            line_.clear();
            confluence::write_record(line_, *scored->record, instruments[scored->instrument]);
            if (is_asked_for) summary_.record = std::string(line_.text());
            return scores_.write(line_.text());
        }
        if (const auto* closed = std::get_if<engine::MinuteClosed>(&effect)) {
            ++summary_.minutes;
            if (!features_.is_open()) return {};
            line_.clear();
            analysis::write_row(line_, *closed->features, instruments[closed->instrument]);
            return features_.write(line_.text());
        }
        if (const auto* signalled = std::get_if<engine::Signalled>(&effect)) {
            if (signalled->change->change == signals::Change::raised) ++summary_.signals;
            return signals_.write(line_.text());
        }
        return {};
    }
    Result<void> close() {
        for (Output* output : {&features_, &scores_, &signals_, &effects_}) {
            if (auto closed = output->close(); !closed) return closed;
        }
        summary_.digest = digest_.hex();
        return {};
    }

private:
    EffectSink(std::optional<std::uint64_t> record, ReplaySummary& summary) : record_(record), summary_(summary) {}

    Output features_, scores_, signals_, effects_;
    std::optional<std::uint64_t> record_;
    ReplaySummary& summary_;
    Digest digest_;
    JsonWriter line_;
};

}  // namespace

Result<ReplaySummary> replay(storage::JournalReader& journal, const ReplayOutputs& outputs) {
    VT_TRY(engine::Params params, recorded_engine_params(journal.header().configuration));
    ReplaySummary summary;
    VT_TRY(EffectSink sink, EffectSink::open(outputs, summary));
    engine::Engine engine(std::move(params));
    engine::Event event;
    std::vector<engine::Effect> effects;
    for (auto outcome = journal.next(event); outcome != storage::ReadOutcome::end && !summary.record;
         outcome = journal.next(event)) {
        if (outcome == storage::ReadOutcome::loss) {
            summary.losses.push_back(journal.loss().text());
            continue;
        }
        effects.clear();
        engine.step(event, effects);
        for (const engine::Effect& effect : effects) {
            if (auto taken = sink.take(effect, engine.instruments()); !taken) return tl::unexpected(taken.error());
        }
    }
    if (auto closed = sink.close(); !closed) return tl::unexpected(closed.error());
    summary.events = engine.counters().events;
    summary.frames = engine.counters().frames;
    summary.first_at = journal.stats().first_at;
    summary.last_at = journal.stats().last_at;
    return summary;
}

}  // namespace vt::runtime
