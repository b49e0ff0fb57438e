#include "runtime/decision_replay.hpp"

#include "base/json_writer.hpp"
#include "base/text_difference.hpp"
#include "confluence/score_record.hpp"
#include "engine/engine.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_score.hpp"
#include "signals/signal.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::uint64_t kWatchEvery = 1024;  ///< inputs
constexpr std::size_t kLossesTold = 20;

/// Takes from the core's effects those that belong to one decision.
class DecisionSink {
public:
    DecisionSink(const KeptDecision& kept, MadeDecision& made) : kept_(kept), made_(made) {}

    void take(const engine::Effect& effect, const market::InstrumentDirectory& instruments) {
        if (const auto* scored = std::get_if<engine::Scored>(&effect)) {
            const market::Instrument& instrument = instruments[scored->instrument];
            if (scored->record->at < kept_.at || instrument.path_id() != kept_.instrument) return;
            made_.is_reached = true;
            if (scored->record->at != kept_.at) return;
            JsonWriter out;
            confluence::write_record(out, *scored->record, instrument);
            made_.record = out.take();
        } else if (const auto* said = std::get_if<engine::Signalled>(&effect)) {
            const signals::SignalChange& change = *said->change;
            if (change.signal.id != kept_.signal || signals::name(change.change) != kept_.entry) return;
            JsonWriter out;
            signals::write_signal(out, change.signal, instruments[said->instrument]);
            made_.body = out.take();
        }
    }

private:
    const KeptDecision& kept_;
    MadeDecision& made_;
};

bool is_decision(const records::StoredEntry& stored) {
    return stored.entry.entry == signals::name(signals::Change::raised) ||
           stored.entry.entry == signals::name(signals::Change::suppressed);
}

/// The number of a run in the names of its files; absent: this is no run's name.
std::optional<std::uint64_t> number_of_run(std::string_view run) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(run.data(), run.data() + run.size(), number, 16);
    const bool is_whole = read.ec == std::errc() && read.ptr == run.data() + run.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

double share_of(Timestamp at, Timestamp first, Timestamp last) {
    if (at <= first || last <= first) return 0;
    return std::min(1.0, to_seconds(at - first) / to_seconds(last - first));
}

api::ReplayedPart part_of(const std::optional<std::string>& kept, const std::optional<std::string>& made) {
    api::ReplayedPart part{.is_kept = kept.has_value(), .is_made = made.has_value()};
    if (!kept) return part;
    part.bytes = kept->size();
    part.difference = first_difference(*kept, made.value_or(""));
    return part;
}

}  // namespace

Result<KeptDecision> kept_decision(records::Repository& repository, const std::string& signal,
                                   std::vector<std::string> markets) {
    if (markets.empty()) {
        VT_TRY(markets, records::ledger_markets(repository.database()));
    }
    for (const std::string& market : markets) {
        VT_TRY(const std::vector<records::StoredEntry> entries, repository.entries(market, signal));
        if (entries.empty()) continue;
        if (records::is_reconstructed_ledger(market))
            return fail(Errc::unsupported,
                        "signal " + signal + " was reconstructed from candles: no recording holds its inputs");
        const auto decision = std::find_if(entries.begin(), entries.end(), is_decision);
        if (decision == entries.end())
            return fail(Errc::unsupported, "the ledger of the " + market + " market does not hold how signal " +
                                               signal + " was decided, only what became of it");
        const records::LedgerEntry& entry = decision->entry;
        VT_TRY(std::optional<KeptRecord> record,
               record_of_run(repository, market, entry.instrument, entry.at, entry.run));
        KeptDecision kept{.instrument = entry.instrument,
                          .signal = signal,
                          .entry = entry.entry,
                          .run = entry.run,
                          .at = entry.at,
                          .body = entry.body,
                          .record = {},
                          .record_number = {}};
        if (record) {
            kept.record = std::move(record->json);
            kept.record_number = record->number;
        }
        return kept;
    }
    return fail(Errc::not_found, "no ledger of this database has a signal \"" + signal +
                                     "\"; `virtuoso signals export` writes out those that there are");
}

Result<storage::JournalReader> open_recording_of(const KeptDecision& kept, const std::filesystem::path& recording) {
    std::error_code failed;
    if (!std::filesystem::is_directory(recording, failed)) return storage::JournalReader::open(recording);
    const auto run = number_of_run(kept.run);
    if (!run) return fail(Errc::not_found, "the run \"" + kept.run + "\" is none that records");
    return storage::JournalReader::open_run(recording, *run);
}

Result<MadeDecision> replay_decision(storage::JournalReader& journal, const KeptDecision& kept,
                                     const ReplayWatch& watch) {
    VT_TRY(engine::Params params, recorded_engine_params(journal.header().configuration));
    MadeDecision made;
    DecisionSink sink(kept, made);
    engine::Engine engine(std::move(params));
    engine::Event event;
    std::vector<engine::Effect> effects;
    for (auto outcome = journal.next(event); outcome != storage::ReadOutcome::end && !made.is_reached;
         outcome = journal.next(event)) {
        if (outcome == storage::ReadOutcome::loss) {
            made.losses.push_back(journal.loss().text());
            continue;
        }
        effects.clear();
        engine.step(event, effects);
        for (const engine::Effect& effect : effects) sink.take(effect, engine.instruments());
        if (watch && journal.stats().events % kWatchEvery == 0 &&
            !watch(share_of(event.at, *journal.stats().first_at, kept.at))) {
            made.was_ended = true;
            break;
        }
    }
    made.events = engine.counters().events;
    return made;
}

api::ReplayFound compared(const KeptDecision& kept, MadeDecision made) {
    if (made.losses.size() > kLossesTold) {
        const std::string more = "and " + std::to_string(made.losses.size() - kLossesTold) + " more";
        made.losses.resize(kLossesTold);
        made.losses.push_back(more);
    }
    api::ReplayFound found{.score_record = part_of(kept.record, made.record),
                           .signal = part_of(kept.body, made.body),
                           .events = made.events,
                           .losses = std::move(made.losses),
                           .replayed_at = {}};
    if (!made.is_reached) return found;
    const bool differs = found.score_record.difference || found.signal.difference;
    found.outcome = differs ? api::ReplayOutcome::different : api::ReplayOutcome::equal;
    return found;
}

}  // namespace vt::runtime
