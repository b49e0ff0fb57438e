#include "runtime/job_list.hpp"

#include <algorithm>
#include <utility>

namespace vt::runtime {
namespace {

bool has_ended(const api::Job& job) { return job.ended_at.has_value(); }

}  // namespace

JobList::Ticket::~Ticket() {
    if (list_ != nullptr) fail("it ended without a result; the log may say why");
}

void JobList::Ticket::start() {
    if (list_ == nullptr) return;
    list_->change(number_, [this](Entry& entry) {
        entry.job.state = api::JobState::running;
        entry.job.started_at = list_->clock_();
    });
}

void JobList::Ticket::progress(double share) {
    if (list_ == nullptr) return;
    list_->change(number_, [share](Entry& entry) { entry.job.progress = std::clamp(share, 0.0, 1.0); });
}

void JobList::Ticket::end(api::JobState state, std::string error) {
    JobList* const list = std::exchange(list_, nullptr);
    if (list == nullptr) return;
    list->change(number_, [&](Entry& entry) {
        entry.job.state = state;
        entry.job.error = std::move(error);
        entry.job.ended_at = list->clock_();
        if (state == api::JobState::done) entry.job.progress = 1;
        entry.job.can_be_cancelled = false;
        entry.cancel = {};
    });
}

JobList::Ticket JobList::add(std::string kind, std::string what, Cancel cancel) {
    const std::lock_guard lock(mutex_);
    const auto ended = std::ranges::count_if(entries_, has_ended, &Entry::job);
    if (static_cast<std::size_t>(ended) > kEndedKept)
        entries_.erase(std::ranges::find_if(entries_, has_ended, &Entry::job));
    const std::uint64_t number = ++last_;
    entries_.push_back({.job = {.id = std::to_string(number),
                                .kind = std::move(kind),
                                .what = std::move(what),
                                .asked_at = clock_(),
                                .can_be_cancelled = static_cast<bool>(cancel)},
                        .number = number,
                        .cancel = std::move(cancel)});
    return {*this, number};
}

std::vector<api::Job> JobList::jobs() const {
    const std::lock_guard lock(mutex_);
    std::vector<api::Job> all;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) all.push_back(entry->job);
    return all;
}

Result<void> JobList::cancel(const std::string& id) {
    Cancel cancel;
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::ranges::find(entries_, id, [](const Entry& entry) { return entry.job.id; });
        if (found == entries_.end()) return vt::fail(Errc::not_found, "this run knows no job \"" + id + "\"");
        if (has_ended(found->job)) return vt::fail(Errc::refused, "job " + id + " has ended");
        if (!found->cancel)
            return vt::fail(Errc::refused, "a job of the kind " + found->job.kind + " goes to its end");
        cancel = found->cancel;
    }
    cancel();
    return {};
}

void JobList::change(std::uint64_t number, const std::function<void(Entry&)>& change) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(entries_, number, &Entry::number);
    if (found != entries_.end()) change(*found);
}

}  // namespace vt::runtime
