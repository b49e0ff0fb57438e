#include "load/report.hpp"
#include "report/text.hpp"

#include <algorithm>
#include <cmath>

namespace vt::load {

using report::Verdict;

namespace {

constexpr int kMostTries = 12;
constexpr double kCloseEnough = 1.1;
constexpr double kLowestRate = 1;

}  // namespace

Profile seed_profile() {
    return {.name = "seed",
            .plan = {.paths = {"/api/dashboard/data", "/api/dashboard/mobile", "/api/alerts", "/api/bitcoin-beta",
                               "/health"},
                     .rate_per_second = 633.6,
                     .length = std::chrono::seconds{60}}};
}

std::optional<double> MaximumSearch::next() const {
    const bool is_known = held_ && failed_ && *failed_ / *held_ <= kCloseEnough;
    if (tries_ >= kMostTries || is_known || next_ < kLowestRate) return std::nullopt;
    return next_;
}

void MaximumSearch::tried(bool is_held) {
    ++tries_;
    (is_held ? held_ : failed_) = next_;
    if (held_ && failed_) {
        next_ = std::sqrt(*held_ * *failed_);
    } else {
        next_ = is_held ? next_ * 2 : next_ / 2;
    }
}

bool is_held(const LoadRun& run, const Profile& profile) {
    const Figures all = run.all();
    const auto p99 = all.corrected.percentile(0.99);
    return all.planned > 0 && all.answered == all.planned && p99 && *p99 < profile.p99_limit;
}

Maximum::Try try_of(const LoadRun& run, const Profile& profile) {
    const Figures all = run.all();
    return {.rate_per_second = run.plan.rate_per_second,
            .achieved_per_second = run.achieved_per_second(),
            .errors = all.error_count(),
            .p99 = all.corrected.percentile(0.99),
            .client_cpu_share = static_cast<double>(run.cpu_time.count()) /
                                static_cast<double>(std::max(run.taken, Nanos{1}).count()),
            .is_held = is_held(run, profile)};
}

std::vector<report::Finding> goals(const Report& report) {
    const Figures all = report.run.all();
    const auto verdict = [](bool is_reached) { return is_reached ? Verdict::passed : Verdict::failed; };
    std::vector<report::Finding> out;

    std::string kinds;
    for (const auto& [kind, count] : all.errors)
        kinds += (kinds.empty() ? ": " : ", ") + kind + " " + std::to_string(count);
    out.push_back({.name = "no_errors",
                   .definition = "every planned request was answered with status 200 within " +
                                 report::duration_text(report.profile.plan.timeout) + " of its planned time",
                   .wanted = "0 errors of " + std::to_string(all.planned),
                   .measured = std::to_string(all.error_count()) + " errors" + kinds,
                   .verdict = verdict(all.planned > 0 && all.answered == all.planned),
                   .value = static_cast<double>(all.error_count()),
                   .unit = "errors"});

    const auto p99 = all.corrected.percentile(0.99);
    out.push_back(
        {.name = "corrected_p99",
         .definition = "99 of 100 answers were there this long after their planned time (coordinated "
                       "omission corrected), all routes together",
         .wanted = "below " + report::duration_text(report.profile.p99_limit),
         .measured = report::duration_text(p99),
         .verdict = verdict(p99 && *p99 < report.profile.p99_limit),
         .value = p99 ? std::optional(std::chrono::duration<double, std::milli>(*p99).count()) : std::nullopt,
         .unit = "ms"});

    // The engine publishes ten times a second; two seconds bear a busy machine and a short run.
    const Nanos wanted = std::max<Nanos>(report.run.plan.length - std::chrono::seconds{2}, Nanos{1});
    const auto& published = report.published_for;
    out.push_back(
        {.name = "engine_runs",
         .definition = "the time of the engine's newest results, before and after the load",
         .wanted = "advances with the clock",
         .measured = published ? "advanced by " + report::duration_text(published) + " during " +
                                     report::duration_text(report.run.plan.length) + " of load"
                               : std::string("the program has published nothing"),
         .verdict = verdict(published && *published >= wanted),
         .value = published ? std::optional(std::chrono::duration<double>(*published).count()) : std::nullopt,
         .unit = "s",
         .remedy = published ? "" : "wait until /health/ready answers 200"});
    return out;
}

}  // namespace vt::load
