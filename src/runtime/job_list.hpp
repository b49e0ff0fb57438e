#pragma once

#include "api/jobs.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "net/loop.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace vt::runtime {

/// The long works of this run, for who asks how far they are. A work that has ended is kept until kEndedKept others
/// have. Any thread.
class JobList {
public:
    static constexpr std::size_t kEndedKept = 100;
    /// Asks the work to end. It may do so later, or be done first.
    using Cancel = std::function<void()>;
    using Clock = std::function<Timestamp()>;

    /// What a work says of itself; one that goes without having said how it ended has failed.
    class Ticket {
    public:
        Ticket(JobList& list, std::uint64_t number) : list_(&list), number_(number) {}
        ~Ticket();
        Ticket(Ticket&& other) noexcept : list_(std::exchange(other.list_, nullptr)), number_(other.number_) {}
        Ticket& operator=(Ticket&&) = delete;
        Ticket(const Ticket&) = delete;

        void start();
        /// in: 0 .. 1
        void progress(double share);
        void done() { end(api::JobState::done, {}); }
        void cancelled() { end(api::JobState::cancelled, {}); }
        /// in: why, with the remedy
        void fail(std::string error) { end(api::JobState::failed, std::move(error)); }
        [[nodiscard]] std::uint64_t number() const { return number_; }

    private:
        void end(api::JobState state, std::string error);
        JobList* list_;  // null: it has ended
        std::uint64_t number_;
    };

    explicit JobList(Clock clock = &net::wall_now) : clock_(std::move(clock)) {}

    /// A work that waits for its start. in: cancel: absent where it cannot be cancelled; called without a lock
    [[nodiscard]] Ticket add(std::string kind, std::string what, Cancel cancel = {});
    /// The newest first.
    [[nodiscard]] std::vector<api::Job> jobs() const;
    /// errors: not_found; refused: it cannot be cancelled, or has ended
    [[nodiscard]] Result<void> cancel(const std::string& id);

private:
    struct Entry {
        api::Job job;
        std::uint64_t number = 0;
        Cancel cancel;
    };
    void change(std::uint64_t number, const std::function<void(Entry&)>& change);

    Clock clock_;
    mutable std::mutex mutex_;   // of what follows
    std::deque<Entry> entries_;  // the oldest first
    std::uint64_t last_ = 0;
};

}  // namespace vt::runtime
