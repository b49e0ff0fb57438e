#include "runtime/decision_replay.hpp"

#include "base/json_writer.hpp"
#include "confluence/score_record.hpp"
#include "engine/engine.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_score.hpp"
#include "signals/signal.hpp"

#include <algorithm>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::size_t kShownBefore = 24;  ///< bytes of a difference's surroundings
constexpr std::size_t kShown = 80;

/// Takes from the core's effects those that belong to one decision.
class DecisionSink {
public:
    DecisionSink(const KeptDecision& kept, ReplayedDecision& made) : kept_(kept), made_(made) {}

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
    ReplayedDecision& made_;
};

bool is_decision(const records::StoredEntry& stored) {
    return stored.entry.entry == signals::name(signals::Change::raised) ||
           stored.entry.entry == signals::name(signals::Change::suppressed);
}

}  // namespace

Result<KeptDecision> kept_decision(records::Repository& repository, const std::string& signal) {
    VT_TRY(const std::vector<std::string> markets, records::ledger_markets(repository.database()));
    for (const std::string& market : markets) {
        VT_TRY(const std::vector<records::StoredEntry> entries, repository.entries(market, signal));
        if (entries.empty()) continue;
        const auto decision = std::find_if(entries.begin(), entries.end(), is_decision);
        if (decision == entries.end())
            return fail(Errc::unsupported, "the ledger of the " + market + " market does not hold how signal " +
                                               signal + " was decided, only what became of it");
        const records::LedgerEntry& entry = decision->entry;
        VT_TRY(std::optional<std::string> record, record_at(repository, market, entry.instrument, entry.at));
        return KeptDecision{.instrument = entry.instrument,
                            .signal = signal,
                            .entry = entry.entry,
                            .at = entry.at,
                            .body = entry.body,
                            .record = std::move(record)};
    }
    return fail(Errc::not_found, "no ledger of this database has a signal \"" + signal +
                                     "\"; `virtuoso signals export` writes out those that there are");
}

Result<ReplayedDecision> replay_decision(storage::JournalReader& journal, const KeptDecision& kept) {
    VT_TRY(engine::Params params, recorded_engine_params(journal.header().configuration));
    ReplayedDecision made;
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
    }
    made.events = engine.counters().events;
    return made;
}

std::optional<Difference> first_difference(std::string_view kept, std::string_view made) {
    const auto [one, other] = std::mismatch(kept.begin(), kept.end(), made.begin(), made.end());
    if (one == kept.end() && other == made.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(one - kept.begin());
    const std::size_t from = at - std::min(at, kShownBefore);
    return Difference{
        .at = at, .kept = std::string(kept.substr(from, kShown)), .made = std::string(made.substr(from, kShown))};
}

}  // namespace vt::runtime
