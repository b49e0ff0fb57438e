#pragma once

#include "api/decision_replay.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "net/loop.hpp"
#include "runtime/decision_replay.hpp"
#include "runtime/job_list.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace vt::runtime {

/// Makes decisions again from the recordings of the runs that made them, one after the other, each a job, on a thread
/// of low priority with an engine of its own: the market that is followed meanwhile is not touched.
class DecisionReplays {
public:
    static constexpr std::size_t kWaitingMax = 16;
    static constexpr std::size_t kKnownMax = 100;  ///< decisions whose results are kept; then the oldest goes
    /// What this run decided is read from its recording so long afterwards: it is on the disk then.
    static constexpr std::chrono::seconds kOnDiskAfter{8};
    struct Params {
        std::filesystem::path directory;  ///< of recordings; empty: this run records nothing
        std::string run;                  ///< this one
        std::function<Timestamp()> clock = &net::wall_now;
    };

    DecisionReplays(Params params, JobList& jobs);
    ~DecisionReplays();
    DecisionReplays(const DecisionReplays&) = delete;
    DecisionReplays& operator=(const DecisionReplays&) = delete;

    /// Any thread that may wait for the disk.
    ///   out:    the new job, or the one of the same decision that has not ended yet
    ///   errors: refused, unavailable: as api::StartReplay
    [[nodiscard]] Result<api::Job> start(KeptDecision kept);
    /// Likewise.
    ///   errors: refused: it was not replayed, and nothing is recorded that could be
    [[nodiscard]] Result<api::ReplayedDecision> standing(const KeptDecision& kept) const;
    /// Ends the one that is under way; those that wait are cancelled.
    void stop();

private:
    struct Work {
        KeptDecision kept;
        JobList::Ticket ticket;
    };
    struct Known {
        std::string signal;
        std::string job;  ///< the newest
        std::optional<api::ReplayFound> found;
    };
    void run();
    void carry_out(Work& work);
    /// Until what it needs is on the disk. out: false: it is to end
    [[nodiscard]] bool wait_for_disk(const KeptDecision& kept);
    [[nodiscard]] bool is_to_end() const { return is_stopping_.load() || is_cancelled_.load(); }
    /// in: number: of the job; set under the lock
    void cancel(const std::shared_ptr<std::uint64_t>& number);
    /// errors: refused
    [[nodiscard]] Result<void> check_recorded(const KeptDecision& kept) const;
    [[nodiscard]] std::optional<api::Job> job_of(const std::string& id) const;
    [[nodiscard]] std::string without_folder(std::string text) const;

    Params params_;
    JobList& jobs_;
    mutable std::mutex mutex_;  // of what follows
    std::condition_variable wake_;
    std::list<Work> waiting_;                // the oldest first
    std::deque<Known> known_;                // by their newest job, the oldest first
    std::uint64_t under_way_ = 0;            // number of the job; 0: none
    std::atomic<bool> is_cancelled_{false};  // of that
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

}  // namespace vt::runtime
