#include "net/loop.hpp"
#include "runtime/kept_score.hpp"
#include "runtime/program.hpp"
#include "runtime/track_reading.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the API asks of stored records: each question goes to the reading thread, and comes back to the API's.
namespace vt::runtime {

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
                return repository.entries(market, signal);
            },
            [this, done = std::move(done)](const Result<std::vector<records::StoredEntry>>& entries) {
                api_thread_.loop.post([done, entries] { done(entries); });
            });
    };
}

api::ReadTrackRecord Program::read_track_record() {
    if (!reading_) return {};
    using Made = std::shared_ptr<const api::TrackRecord>;
    return [this, kept = std::make_shared<KeptTrackRecord>()](std::string market, api::TrackRecordRead done) {
        reading_->ask<Made>(
            [kept, market = std::move(market)](records::Repository& repository) {
                return kept->get(repository, market, net::wall_now());
            },
            [this, done = std::move(done)](const Result<Made>& record) {
                api_thread_.loop.post([done, record] { done(record); });
            });
    };
}

}  // namespace vt::runtime
