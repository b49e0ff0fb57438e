#include "runtime/decision_replays.hpp"

#include "runtime/named_thread.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace vt::runtime {
namespace {

constexpr int kReplayPriority = 10;  // of the thread; whoever follows the market goes first

}  // namespace

DecisionReplays::DecisionReplays(Params params, JobList& jobs)
    : params_(std::move(params)), jobs_(jobs), thread_(named_thread("decisions", [this] { run(); })) {}

DecisionReplays::~DecisionReplays() { stop(); }

Result<api::Job> DecisionReplays::start(KeptDecision kept) {
    if (Result<void> recorded = check_recorded(kept); !recorded) return tl::unexpected<Error>(recorded.error());
    const std::lock_guard lock(mutex_);
    if (is_stopping_.load()) return fail(Errc::unavailable, "the program is stopping");
    const auto known = std::ranges::find(known_, kept.signal, &Known::signal);
    if (known != known_.end()) {
        if (auto job = job_of(known->job); job && !job->ended_at) return *std::move(job);
    }
    if (waiting_.size() >= kWaitingMax)
        return fail(Errc::unavailable,
                    std::to_string(kWaitingMax) + " replays wait already; try again when one of /api/jobs is done");
    Known now{.signal = kept.signal, .job = {}, .found = {}};
    if (known != known_.end()) {
        now = std::move(*known);
        known_.erase(known);
    }
    // The number is the list's, and the cancelling needs it: known once the ticket is there.
    auto number = std::make_shared<std::uint64_t>(0);
    JobList::Ticket ticket =
        jobs_.add("decision_replay", kept.signal + " of " + kept.instrument, [this, number] { cancel(number); });
    *number = ticket.number();
    now.job = std::to_string(ticket.number());
    const auto job = job_of(now.job);
    known_.push_back(std::move(now));
    if (known_.size() > kKnownMax) known_.pop_front();
    waiting_.push_back({.kept = std::move(kept), .ticket = std::move(ticket)});
    wake_.notify_all();
    return *job;  // it has not begun, so it is listed
}

Result<api::ReplayedDecision> DecisionReplays::standing(const KeptDecision& kept) const {
    api::ReplayedDecision standing{.signal = kept.signal,
                                   .entry = kept.entry,
                                   .instrument = kept.instrument,
                                   .run = kept.run,
                                   .at = kept.at,
                                   .record_number = kept.record_number,
                                   .recording = "run-" + kept.run + "-*.vtj",
                                   .job = {},
                                   .found = {}};
    {
        const std::lock_guard lock(mutex_);
        const auto known = std::ranges::find(known_, kept.signal, &Known::signal);
        if (known != known_.end()) {
            standing.job = job_of(known->job);
            standing.found = known->found;
        }
    }
    if (!standing.found && !standing.job) {
        if (auto recorded = check_recorded(kept); !recorded) return tl::unexpected<Error>(recorded.error());
    }
    return standing;
}

Result<void> DecisionReplays::check_recorded(const KeptDecision& kept) const {
    if (params_.directory.empty())
        return fail(Errc::refused,
                    "this run records nothing, so no decision can be made again: set "
                    "recording.directory; a recording from elsewhere is taken by `virtuoso signals "
                    "replay " +
                        kept.signal + " --recording FILE`");
    const auto journal = open_recording_of(kept, params_.directory);
    if (journal || journal.error().code != Errc::not_found) return {};  // else the job says what is wrong with it
    return fail(Errc::refused, "the run that decided, " + kept.run +
                                   ", has no recording in recording.directory: it recorded nothing, or elsewhere, or "
                                   "its files are gone; `virtuoso signals replay " +
                                   kept.signal + " --recording FILE` takes another place");
}

std::optional<api::Job> DecisionReplays::job_of(const std::string& id) const {
    const std::vector<api::Job> all = jobs_.jobs();
    const auto job = std::ranges::find(all, id, &api::Job::id);
    return job == all.end() ? std::nullopt : std::optional(*job);
}

/// Where recordings lie is nobody's business who may only read the market.
std::string DecisionReplays::without_folder(std::string text) const {
    const std::string folder = (params_.directory / "").string();
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
        text.erase(at, folder.size());
    return text;
}

void DecisionReplays::run() {
    (void)::setpriority(PRIO_PROCESS, 0, kReplayPriority);  // of this thread alone, on Linux
    while (true) {
        std::optional<Work> work;
        {
            std::unique_lock lock(mutex_);
            under_way_ = 0;
            wake_.wait(lock, [this] { return is_stopping_.load() || !waiting_.empty(); });
            if (is_stopping_.load()) return;
            work.emplace(std::move(waiting_.front()));
            waiting_.pop_front();
            under_way_ = work->ticket.number();
            is_cancelled_.store(false);
        }
        work->ticket.start();
        carry_out(*work);
    }
}

void DecisionReplays::carry_out(Work& work) {
    if (!wait_for_disk(work.kept)) return work.ticket.cancelled();
    const auto began = std::chrono::steady_clock::now();
    auto journal = open_recording_of(work.kept, params_.directory);
    if (!journal) return work.ticket.fail(without_folder(journal.error().what));
    auto made = replay_decision(*journal, work.kept, [&](double share) {
        work.ticket.progress(share);
        return !is_to_end();
    });
    if (!made) return work.ticket.fail(without_folder(made.error().what));
    if (made->was_ended) return work.ticket.cancelled();
    api::ReplayFound found = compared(work.kept, std::move(*made));
    for (std::string& loss : found.losses) loss = without_folder(std::move(loss));
    found.replayed_at = params_.clock();
    found.took = std::chrono::steady_clock::now() - began;
    {
        const std::lock_guard lock(mutex_);
        const auto known = std::ranges::find(known_, work.kept.signal, &Known::signal);
        if (known != known_.end()) known->found = std::move(found);
    }
    work.ticket.done();
}

bool DecisionReplays::wait_for_disk(const KeptDecision& kept) {
    std::unique_lock lock(mutex_);
    if (kept.run != params_.run) return !is_to_end();
    const Nanos left = std::min<Nanos>(kept.at + kOnDiskAfter - params_.clock(), kOnDiskAfter);
    return !wake_.wait_for(lock, std::max(left, Nanos{0}), [this] { return is_to_end(); });
}

void DecisionReplays::cancel(const std::shared_ptr<std::uint64_t>& number) {
    const std::lock_guard lock(mutex_);
    if (under_way_ == *number) {
        is_cancelled_.store(true);
        wake_.notify_all();
        return;
    }
    const auto found = std::ranges::find(waiting_, *number, [](const Work& work) { return work.ticket.number(); });
    if (found == waiting_.end()) return;
    found->ticket.cancelled();
    waiting_.erase(found);
}

void DecisionReplays::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_.store(true);
        for (Work& work : waiting_) work.ticket.cancelled();
        waiting_.clear();
        wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

}  // namespace vt::runtime
