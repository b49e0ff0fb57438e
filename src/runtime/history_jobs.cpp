#include "runtime/history_jobs.hpp"

#include "base/version.hpp"
#include "runtime/named_thread.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vt::runtime {
namespace {

double share_done(const history::FetchProgress& progress) {
    if (progress.state == history::FetchState::done) return 1;
    if (progress.wanted_ms <= 0) return 0;
    return 1 - static_cast<double>(progress.left_ms) / static_cast<double>(progress.wanted_ms);
}

}  // namespace

HistoryJobs::HistoryJobs(Params params, JobList& jobs)
    : params_(std::move(params)), jobs_(jobs), thread_(named_thread("history", [this] { loop_.run(); })) {}

HistoryJobs::~HistoryJobs() { stop(); }

Result<api::Job> HistoryJobs::start(const api::DownloadOrder& order) {
    const history::Series& series = order.series;
    const auto terms = exchange::history_terms(series.venue, series.category, series.kind, series.step_ms);
    if (!terms) return fail(Errc::malformed, terms.error().what);
    std::string id;
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return fail(Errc::unavailable, "the program is stopping");
        if (waiting_.size() >= kWaitingMax)
            return fail(Errc::unavailable, std::to_string(kWaitingMax) +
                                               " downloads wait already; try again when one of /api/jobs is done");
        // The number is the list's, and the cancelling needs it: known once the ticket is there.
        auto number = std::make_shared<std::uint64_t>(0);
        JobList::Ticket ticket = jobs_.add("history_download", series.title(),
                                           [this, number] { loop_.post([this, number] { cancel(*number); }); });
        *number = ticket.number();
        id = std::to_string(ticket.number());
        waiting_.push_back({.order = order, .site = terms->site, .ticket = std::move(ticket)});
    }
    loop_.post([this] { begin_next(); });
    const std::vector<api::Job> all = jobs_.jobs();
    const auto job = std::ranges::find(all, id, &api::Job::id);
    if (job == all.end()) return fail(Errc::unavailable, "the job is gone already; /api/history says what is stored");
    return *job;
}

void HistoryJobs::begin_next() {
    if (current_) return;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty() || is_stopping_) return;
        current_.emplace(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    current_->ticket.start();
    auto hosts = params_.hosts(current_->site);
    if (!hosts) {
        current_->ticket.fail(hosts.error().what);
        return end_current();
    }
    history::FetchParams params{.orders = {{current_->order.series, current_->order.range}},
                                .directory = params_.directory,
                                .program = "virtuoso " + std::string(kVersion)};
    download_ = std::make_unique<HistoryDownload>(loop_, std::move(*hosts), std::move(params), params_.limit_share,
                                                  [this] { look(); });
    download_->start();
}

/// After each reply, from within the download: what ends it is done later.
void HistoryJobs::look() {
    if (!current_) return;
    const history::FetchProgress& progress = download_->fetch().progress().front();
    current_->ticket.progress(share_done(progress));
    if (!download_->fetch().is_done()) return;
    if (progress.state == history::FetchState::done)
        current_->ticket.done();
    else
        current_->ticket.fail(progress.problem);
    loop_.post([this, ended = current_->ticket.number()] {
        if (current_ && current_->ticket.number() == ended) end_current();
    });
}

void HistoryJobs::end_current() {
    download_.reset();
    current_.reset();
    loop_.post([this] { begin_next(); });
}

void HistoryJobs::cancel(std::uint64_t number) {
    if (current_ && current_->ticket.number() == number) {
        current_->ticket.cancelled();
        return end_current();
    }
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(waiting_, number, [](const Work& work) { return work.ticket.number(); });
    if (found == waiting_.end()) return;
    found->ticket.cancelled();
    waiting_.erase(found);
}

void HistoryJobs::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        for (Work& work : waiting_) work.ticket.cancelled();
        waiting_.clear();
    }
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    if (current_) current_->ticket.cancelled();
    download_.reset();
    current_.reset();
}

}  // namespace vt::runtime
