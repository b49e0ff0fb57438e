#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_score.hpp"
#include "runtime/program.hpp"
#include "runtime/track_reading.hpp"
#include "track_record/edge_codec.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Series on their way to a server, and what the API asks of stored records: each question goes to the reading
/// thread, and comes back to the API's.
namespace vt::runtime {
namespace {

/// The ledgers in which the API of a market finds its signals.
std::vector<std::string> ledgers_of(const std::string& market) {
    return {market, records::reconstructed_ledger(market)};
}

}  // namespace

Result<void> Program::start_series() {
    if (params_.config.influxdb.url.empty()) return {};
    if (params_.records.series_folder.empty())
        return fail(Errc::configuration,
                    "no folder for series that wait for their server: set HOME or XDG_DATA_HOME");
    const std::string market(views::name(params_.mode));
    const std::filesystem::path folder(params_.records.series_folder);
    VT_TRY(series_, SeriesSending::start(params_.config, market, folder / market, metrics_));
    return {};
}

api::ReadScores Program::read_scores() {
    if (!reading_) return {};
    return [this](records::ScoreQuery query, std::function<void(const Result<records::ScorePage>&)> done) {
        reading_->ask<records::ScorePage>(
            [query = std::move(query)](records::Repository& repository) { return repository.scores(query); },
            std::move(done));
    };
}

api::FindRecord Program::find_record() {
    if (!reading_) return {};
    using Found = std::optional<std::string>;
    return [this](std::string market, std::string instrument, Timestamp at, api::RecordFound done) {
        reading_->ask<Found>(
            [market = std::move(market), instrument = std::move(instrument), at](records::Repository& repository) {
                return record_at(repository, market, instrument, at);
            },
            [this, done = std::move(done)](const Result<Found>& found) {
                api_thread_.loop.post([done, found] { done(found); });
            });
    };
}

api::ReadSignals Program::read_signals() {
    if (!reading_) return {};
    return [this](records::SignalQuery query, std::function<void(const Result<records::SignalPage>&)> done) {
        reading_->ask<records::SignalPage>(
            [query = std::move(query)](records::Repository& repository) { return repository.signals(query); },
            [this, done = std::move(done)](const Result<records::SignalPage>& page) {
                api_thread_.loop.post([done, page] { done(page); });
            });
    };
}

api::ReadEntries Program::read_entries() {
    if (!reading_) return {};
    return [this](std::string market, std::string signal, api::EntriesRead done) {
        reading_->ask<std::vector<records::StoredEntry>>(
            [market = std::move(market), signal = std::move(signal)](records::Repository& repository) {
                auto entries = repository.entries(market, signal);
                if (!entries || !entries->empty()) return entries;
                return repository.entries(records::reconstructed_ledger(market), signal);
            },
            [this, done = std::move(done)](const Result<std::vector<records::StoredEntry>>& entries) {
                api_thread_.loop.post([done, entries] { done(entries); });
            });
    };
}

api::ReadTrackRecord Program::read_track_record() {
    if (!reading_) return {};
    using Made = std::shared_ptr<const api::TrackRecord>;
    return [this, kept = std::make_shared<KeptTrackRecords>()](
               std::string market, std::optional<track_record::Segment> segment, api::TrackRecordRead done) {
        auto plan = edge_plan(params_.config, segment.value_or(segment_of(market)));
        reading_->ask<Made>(
            [kept, market = std::move(market), plan](records::Repository& repository) {
                return kept->get(repository, market, plan, net::wall_now());
            },
            [this, done = std::move(done)](const Result<Made>& record) {
                api_thread_.loop.post([done, record] { done(record); });
            });
    };
}

api::StartReplay Program::start_decision_replay() {
    if (!decision_replays_) return {};
    return [this](std::string market, std::string signal, api::ReplayStarted done) {
        reading_->ask<api::Job>(
            [this, market = std::move(market),
             signal = std::move(signal)](records::Repository& repository) -> Result<api::Job> {
                VT_TRY(KeptDecision kept, kept_decision(repository, signal, ledgers_of(market)));
                return decision_replays_->start(std::move(kept));
            },
            [this, done = std::move(done)](const Result<api::Job>& job) {
                api_thread_.loop.post([done, job] { done(job); });
            });
    };
}

api::ReadReplay Program::read_decision_replay() {
    if (!decision_replays_) return {};
    return [this](std::string market, std::string signal, api::ReplayRead done) {
        reading_->ask<api::ReplayedDecision>(
            [this, market = std::move(market),
             signal = std::move(signal)](records::Repository& repository) -> Result<api::ReplayedDecision> {
                VT_TRY(const KeptDecision kept, kept_decision(repository, signal, ledgers_of(market)));
                return decision_replays_->standing(kept);
            },
            [this, done = std::move(done)](const Result<api::ReplayedDecision>& decision) {
                api_thread_.loop.post([done, decision] { done(decision); });
            });
    };
}

void Program::refresh_edge() {
    if (!reading_ || !edge_schedule_.take_due(net::wall_now())) return;
    using Edges = std::vector<track_record::StrategyEdge>;
    const std::string market(views::name(params_.mode));
    reading_->ask<Edges>(
        [market,
         plan = edge_plan(params_.config, segment_of(market))](records::Repository& repository) -> Result<Edges> {
            VT_TRY(const LedgerOutcomes outcomes, outcomes_in(repository, market, net::wall_now()));
            return edges_of_outcomes(outcomes, plan);
        },
        [this](const Result<Edges>& edges) {
            if (!edges) {
                edge_schedule_.note_failure();
                // That records cannot be reached is warned of by who keeps them.
                obs::log_info("signals", "what became of earlier signals cannot be read yet: " + edges.error().what);
                return;
            }
            std::string bytes;
            track_record::encode_edges(*edges, bytes);
            feed_thread_.loop.post([this, bytes = std::move(bytes)] {
                queue_.push(engine::EdgeKnown{.edges = bytes}, net::wall_now());
            });
        });
}

}  // namespace vt::runtime
