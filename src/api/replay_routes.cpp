#include "api/decision_replay.hpp"
#include "api/server.hpp"

#include <chrono>
#include <string>
#include <utility>

/// Decisions made again from the recording of the run that made them.
namespace vt::api {
namespace {

void write_part(JsonWriter& out, const ReplayedPart& part) {
    const auto& difference = part.difference;
    out.begin_object();
    out.field("is_equal", part.is_kept ? std::optional(!difference) : std::nullopt).field("is_made", part.is_made);
    out.field("bytes", part.is_kept ? std::optional<std::uint64_t>(part.bytes) : std::nullopt);
    out.field("differs_at", difference ? std::optional<std::uint64_t>(difference->at) : std::nullopt);
    out.field("kept", difference ? std::optional(difference->kept) : std::nullopt);
    out.field("made", difference && part.is_made ? std::optional(difference->made) : std::nullopt).end_object();
}

net::PreparedResponsePtr replay_problem(const std::string& market, const std::string& signal, const Error& error) {
    switch (error.code) {
        case Errc::not_found:
            return problem(404, "the ledger of the " + market + " market has no signal \"" + signal +
                                    "\"; /api/signals lists them");
        case Errc::unsupported:
        case Errc::refused: return problem(409, error.what);
        default: return question_problem(error);
    }
}

/// The job is asked for elsewhere: relative to the route, so that it holds below a sub-path of a proxy.
net::PreparedResponsePtr accepted(const Job& job) {
    JsonWriter out;
    write_job(out, job);
    std::vector<net::HttpHeader> headers = live_headers();
    headers.push_back({"Location", "../jobs/" + job.id});
    return net::prepare(
        {.status = 202, .content_type = "application/json", .body = out.take(), .headers = std::move(headers)});
}

net::PreparedResponsePtr no_decisions() {
    return problem(503, "no decisions are kept: records.database_url (DATABASE_URL) is off, or this is a replay");
}

}  // namespace

std::string_view name(ReplayOutcome outcome) {
    switch (outcome) {
        case ReplayOutcome::equal: return "equal";
        case ReplayOutcome::different: return "different";
        case ReplayOutcome::not_reached: return "not_reached";
    }
    return "unknown";
}

void write_replay_found(JsonWriter& out, const ReplayFound& found) {
    out.begin_object().field("outcome", name(found.outcome)).field("events", found.events);
    out.key("losses").begin_array();
    for (const std::string& loss : found.losses) out.value(loss);
    out.end_array().field("replayed_at", to_ms(found.replayed_at)).field("seconds", to_seconds(found.took));
    out.key("score_record");
    write_part(out, found.score_record);
    out.key("signal");
    write_part(out, found.signal);
    out.end_object();
}

void write_replayed_decision(JsonWriter& out, const ReplayedDecision& decision) {
    out.begin_object().field("timestamp", to_ms(net::wall_now())).field("decision", decision.signal);
    out.field("entry", decision.entry).field("at", to_ms(decision.at)).field("instrument", decision.instrument);
    out.field("run", decision.run).field("record", decision.record_number).field("recording", decision.recording);
    out.key("job");
    if (decision.job)
        write_job(out, *decision.job);
    else
        out.null();
    out.key("found");
    if (decision.found)
        write_replay_found(out, *decision.found);
    else
        out.null();
    out.end_object();
}

net::HttpReply Server::start_replay(const Call& call) {
    if (!params_.start_replay) return no_decisions();
    return net::PendingResponse{.begin = [start = params_.start_replay,
                                          market = std::string(views::name(params_.mode)),
                                          id = call.parameters.at("decision")](net::PendingResponse::Done done) {
        start(market, id, [market, id, done = std::move(done)](const Result<Job>& job) {
            done(job ? accepted(*job) : replay_problem(market, id, job.error()));
        });
    }};
}

net::HttpReply Server::replayed_decision(const Call& call) {
    if (!params_.read_replay) return no_decisions();
    return net::PendingResponse{.begin = [read = params_.read_replay, market = std::string(views::name(params_.mode)),
                                          id = call.parameters.at("decision")](net::PendingResponse::Done done) {
        read(market, id, [market, id, done = std::move(done)](const Result<ReplayedDecision>& decision) {
            if (!decision) return done(replay_problem(market, id, decision.error()));
            JsonWriter out;
            write_replayed_decision(out, *decision);
            done(live_json(out.take()));
        });
    }};
}

void Server::add_replay_routes() {
    routes_.add({.pattern = "/api/replay/{decision}",
                 .summary = "What the last replay of a decision found, by the signal's id: equal byte for byte, or "
                            "where it differs",
                 .schema = "DecisionReplay",
                 .handler = [this](const Call& call) { return replayed_decision(call); }});
    routes_.add({.method = net::Method::post,
                 .pattern = "/api/replay/{decision}",
                 .access = Access::write,
                 .summary = "Makes a decision again from the recording, as a job; for anybody who is logged in",
                 .schema = "Job",
                 .status = 202,
                 .scope = login::Scope::read,
                 .takes_code = true,
                 .handler = [this](const Call& call) { return start_replay(call); }});
}

}  // namespace vt::api
