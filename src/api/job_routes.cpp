#include "api/jobs.hpp"
#include "api/server.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

/// Long works of the program: how far each is, and how it can be ended.
namespace vt::api {
namespace {

constexpr Nanos kFollowEvery = std::chrono::milliseconds{500};

net::PreparedResponsePtr no_such_job(const std::string& id) {
    return problem(404, "this run knows no job \"" + id +
                            "\"; /api/jobs lists those that are under way and the last "
                            "that ended");
}

}  // namespace

std::string_view name(JobState state) {
    switch (state) {
        case JobState::waiting: return "waiting";
        case JobState::running: return "running";
        case JobState::done: return "done";
        case JobState::failed: return "failed";
        case JobState::cancelled: return "cancelled";
    }
    return "unknown";
}

void write_job(JsonWriter& out, const Job& job) {
    const auto instant = [](const std::optional<Timestamp>& at) {
        return at ? std::optional(to_ms(*at)) : std::nullopt;
    };
    out.begin_object().field("id", job.id).field("kind", job.kind).field("what", job.what);
    out.field("state", name(job.state)).field("progress", job.progress).field("asked_at", to_ms(job.asked_at));
    out.field("started_at", instant(job.started_at)).field("ended_at", instant(job.ended_at));
    out.field("error", job.error.empty() ? std::nullopt : std::optional(job.error));
    out.field("can_be_cancelled", job.can_be_cancelled).end_object();
}

void write_jobs(JsonWriter& out, const std::vector<Job>& jobs) {
    out.begin_array();
    for (const Job& job : jobs) write_job(out, job);
    out.end_array();
}

void Server::follow_jobs() {
    jobs_timer_ = loop_.after(kFollowEvery, [this] { follow_jobs(); });
    if (topics_.update_jobs()) hub_.flush(net::wall_now());
}

std::optional<Job> Server::find_job(const std::string& id) const {
    const std::vector<Job> all = params_.list_jobs();
    const auto found = std::ranges::find(all, id, &Job::id);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

net::HttpReply Server::cancel_job(const std::string& id) {
    const Result<void> cancelled = params_.cancel_job(id);
    if (!cancelled && cancelled.error().code == Errc::not_found) return no_such_job(id);
    if (!cancelled) return problem(409, cancelled.error().what);
    const auto job = find_job(id);
    if (!job) return no_such_job(id);
    JsonWriter out;
    write_job(out, *job);
    return live_json(out.take());
}

void Server::add_job_routes() {
    if (!params_.list_jobs || !params_.cancel_job) return;
    routes_.add({.pattern = "/api/jobs",
                 .summary = "Long works of this run, the newest first: downloads, copies, replays",
                 .schema = "Jobs",
                 .handler = [this](const Call&) {
                     JsonWriter out;
                     out.begin_object().field("timestamp", to_ms(net::wall_now())).key("jobs");
                     write_jobs(out, params_.list_jobs());
                     out.end_object();
                     return live_json(out.take());
                 }});
    routes_.add({.pattern = "/api/jobs/{job}",
                 .summary = "One of them",
                 .schema = "Job",
                 .handler = [this](const Call& call) {
                     const std::string& id = call.parameters.at("job");
                     const auto job = find_job(id);
                     if (!job) return no_such_job(id);
                     JsonWriter out;
                     write_job(out, *job);
                     return live_json(out.take());
                 }});
    routes_.add({.method = net::Method::remove,
                 .pattern = "/api/jobs/{job}",
                 .access = Access::write,
                 .summary = "Ends a job; what it has done stays",
                 .schema = "Job",
                 .scope = login::Scope::admin,
                 .handler = [this](const Call& call) { return cancel_job(call.parameters.at("job")); }});
}

}  // namespace vt::api
