#include "api/json.hpp"
#include "api/server.hpp"
#include "api/signal_pages.hpp"
#include "api/track_pages.hpp"

#include <string>
#include <utility>

/// The ledger of signals: what was raised, what a gate held back, and what became of each.
namespace vt::api {
namespace {

net::PreparedResponsePtr no_ledger() {
    return problem(503, "no ledger is kept: records.database_url (DATABASE_URL) is off, or this is a replay");
}

}  // namespace

net::HttpReply Server::signal_page(const Call& call) {
    if (!params_.read_signals) return no_ledger();
    auto query = signal_query_of(call, views::name(params_.mode));
    if (!query) return question_problem(query.error());
    auto instrument = instrument_asked_for(call);
    if (!instrument) return instrument.error();
    query->instrument = std::move(*instrument);
    return net::PendingResponse{
        .begin = [read = params_.read_signals, query = *query](net::PendingResponse::Done done) {
            read(query, [market = query.market, done = std::move(done)](const Result<records::SignalPage>& page) {
                if (!page) return done(question_problem(page.error()));
                JsonWriter out;
                write_signal_page(out, market, *page);
                done(live_json(out.take()));
            });
        }};
}

net::HttpReply Server::signal_history(const Call& call) {
    if (!params_.read_entries) return no_ledger();
    const std::string id = call.parameters.at("signal");
    return net::PendingResponse{.begin = [read = params_.read_entries,
                                          market = std::string(views::name(params_.mode)),
                                          id](net::PendingResponse::Done done) {
        read(market, id,
             [market, id, done = std::move(done)](const Result<std::vector<records::StoredEntry>>& entries) {
                 if (!entries) return done(question_problem(entries.error()));
                 if (entries->empty())
                     return done(problem(404, "the ledger of the " + market + " market has no signal \"" + id +
                                                  "\"; /api/signals lists them"));
                 JsonWriter out;
                 write_signal_history(out, *entries);
                 done(live_json(out.take()));
             });
    }};
}

net::HttpReply Server::track_page(const Call& call, void (*write)(JsonWriter&, const TrackRecord&)) {
    if (!params_.read_track_record) return no_ledger();
    const auto segment = segment_asked(call);
    if (!segment) return question_problem(segment.error());
    return net::PendingResponse{.begin = [read = params_.read_track_record,
                                          market = std::string(views::name(params_.mode)), segment = *segment,
                                          write](net::PendingResponse::Done done) {
        read(market, segment,
             [write, done = std::move(done)](const Result<std::shared_ptr<const TrackRecord>>& record) {
                 if (!record) return done(question_problem(record.error()));
                 JsonWriter out;
                 write(out, **record);
                 done(live_json(out.take()));
             });
    }};
}

void Server::add_signal_routes() {
    routes_.add({.pattern = "/api/calibration",
                 .summary = "What followed scores of each strength, with how many outcomes stand behind each figure",
                 .schema = "Calibration",
                 .query = track_parameters(),
                 .handler = [this](const Call& call) { return track_page(call, write_calibration); }});
    routes_.add({.pattern = "/api/signals/performance",
                 .summary = "The track record: targets, stops and results beside what chance gives",
                 .schema = "Performance",
                 .query = track_parameters(),
                 .handler = [this](const Call& call) { return track_page(call, write_performance); }});
    routes_.add({.pattern = "/api/signals",
                 .summary = "The ledger, page by page: every signal as it stands, the one that changed last first",
                 .schema = "Signals",
                 .query = signal_parameters(),
                 .handler = [this](const Call& call) { return signal_page(call); }});
    routes_.add({.pattern = "/api/signals/{signal}",
                 .summary = "One signal: everything that became known of it, each entry bound to the one before",
                 .schema = "SignalHistory",
                 .handler = [this](const Call& call) { return signal_history(call); }});
}

}  // namespace vt::api
