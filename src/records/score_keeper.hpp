#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/repository.hpp"
#include "records/score_row.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace vt::records {

struct KeeperParams {
    std::function<Result<Repository>(Timestamp now)> open;  ///< where the records belong
    /// A store of this machine for the time in which that place is away; empty: there is none, and what comes waits
    /// in the queue.
    std::function<Result<Repository>(Timestamp now)> open_spool;
    RunRow run;
    Retention retention;
    std::size_t queue_max = 4096;  ///< records that wait for the keeper's thread
    std::uint64_t spool_bytes_max = std::uint64_t{512} << 20U;
};

struct KeeperStats {
    std::uint64_t offered = 0;
    std::uint64_t stored = 0;  ///< acknowledged by the database
    std::optional<std::uint64_t>
        spooled;             ///< on this machine's disk, on their way; unknown until somebody has looked
    std::uint64_t lost = 0;  ///< no room in queue or spool, or refused; also written down once something is stored
    std::uint64_t failures = 0;
    std::uint64_t removed = 0;  ///< by the retention
    std::size_t queued = 0;
    bool is_connected = false;
    std::string problem;  ///< the last failure, while it lasts
};

/// Keeps score records and the ledger away from the thread that must not wait: one thread offers them, another stores
/// them. Never blocks the first for longer than it takes to append to a list. What finds no room is counted as lost,
/// and the loss is stored as a row of its own. While the database is away the spool takes the records, and gives them
/// back in order; storing twice stores once, so that a lost answer is no loss.
class ScoreKeeper {
public:
    explicit ScoreKeeper(KeeperParams params);
    ScoreKeeper(const ScoreKeeper&) = delete;
    ScoreKeeper& operator=(const ScoreKeeper&) = delete;

    /// The deciding thread.
    ///   in:   what makes the rows of one score, on the other thread: writing out an explanation takes its time
    ///   out:  false: lost
    bool offer(std::function<Batch()> make);
    /// An entry of the ledger finds room where a score finds none: there are few of them, and none may be missed.
    bool offer(LedgerEntry entry);
    static constexpr std::size_t kLedgerReserve = 4096;

    /// The keeping thread.
    ///   in:  the time, by the machine's clock
    ///   out: whether something was done; false: nothing to do now
    bool do_work(Timestamp now);
    /// The keeping thread, after the last offer: stores what waits, here or in the spool.
    ///   errors: as Repository; what could not be stored counts as lost
    [[nodiscard]] Result<void> close(Timestamp now);
    /// The keeping thread: the last failure that is not the same as the one before. For the log.
    [[nodiscard]] std::optional<Error> take_error();

    /// Any thread.
    [[nodiscard]] KeeperStats stats() const;

    static constexpr std::size_t kBatch = 512;
    static constexpr Nanos kRetryFirst = std::chrono::seconds{1};
    static constexpr Nanos kRetryMax = std::chrono::seconds{30};
    static constexpr Nanos kRetentionEvery = std::chrono::seconds{60};

private:
    /// Where records are stored, and when it may be asked again.
    struct Place {
        std::optional<Repository> store;
        std::optional<Timestamp> retry_at;
        Nanos retry_after = kRetryFirst;
        std::string problem;  // while it lasts

        [[nodiscard]] bool may_be_asked(Timestamp now) const;
    };
    void take_from_queue(Timestamp now);
    /// out: the store, opened where it is time to; nullptr: it is away
    Repository* open(Place& place, const std::function<Result<Repository>(Timestamp)>& how, Timestamp now);
    /// out: whether nothing is pending any more
    bool store_pending(Timestamp now);
    bool spool_pending(Timestamp now);
    /// Appends what is pending; a record that the place will never take is lost, and no other.
    ///   out: how many records are stored
    std::optional<std::uint64_t> append_pending(Place& place, Timestamp now);
    bool empty_spool(Timestamp now);
    bool apply_retention(Timestamp now);
    void note_failure(Place& place, const Error& error, Timestamp now);
    void note_success(Place& place);
    void show_problem();
    bool enqueue(std::function<Batch()> make, std::size_t room);
    void lose(std::uint64_t count, const std::string& reason);
    void show_spooled(std::uint64_t scores);

    KeeperParams params_;
    Place database_;
    Place spool_;
    bool is_spool_empty_ = false;  // not known at first: there may be something of an earlier run
    bool is_run_stored_ = false;
    Batch pending_;
    std::uint64_t unwritten_losses_ = 0;  // counted, and not yet stored as a row
    std::string loss_reason_;
    std::optional<Timestamp> retention_at_;
    std::optional<Error> error_;

    mutable std::mutex mutex_;  // of what follows
    std::deque<std::function<Batch()>> queue_;
    std::uint64_t dropped_ = 0;  // by offer, since the keeper's thread looked
    KeeperStats stats_;
};

}  // namespace vt::records
