#include "records/score_keeper.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace vt::records {
namespace {

constexpr std::size_t kSpoolPage = 500;
constexpr std::size_t kRetentionHours = 6;  // of one turn: the queue waits meanwhile

}  // namespace

ScoreKeeper::ScoreKeeper(KeeperParams params) : params_(std::move(params)) { VT_ASSERT(params_.open != nullptr); }

bool ScoreKeeper::offer(std::function<KeptScore()> make) {
    const std::lock_guard lock(mutex_);
    ++stats_.offered;
    if (queue_.size() >= params_.queue_max) {
        ++stats_.lost;
        ++dropped_;
        return false;
    }
    queue_.push_back(std::move(make));
    return true;
}

bool ScoreKeeper::do_work(Timestamp now) {
    if (pending_.scores.empty()) take_from_queue(now);
    const bool is_spool_due = !is_spool_empty_ && params_.open_spool != nullptr;
    if (pending_.empty() && !is_spool_due) {
        if (!repository_) (void)connect(now);
        return apply_retention(now);
    }
    if (connect(now)) {
        if (!pending_.empty()) store_pending(now);
        if (repository_ && pending_.empty() && is_spool_due) return empty_spool(now) || !pending_.empty();
        if (pending_.empty()) return true;
    }
    if (!pending_.scores.empty() && params_.open_spool != nullptr) {
        spool_pending(now);
        return pending_.empty();
    }
    return false;  // it waits, and behind it the queue
}

void ScoreKeeper::take_from_queue(Timestamp now) {
    std::vector<std::function<KeptScore()>> taken;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        const std::size_t count = std::min(queue_.size(), kBatch);
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
        taken.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        dropped = std::exchange(dropped_, 0);
    }
    if (dropped > 0) {
        unwritten_losses_ += dropped;
        loss_reason_ = "the queue to the database was full";
    }
    for (const auto& make : taken) {
        KeptScore kept = make();
        pending_.scores.push_back(std::move(kept.score));
        if (kept.explanation) pending_.explanations.push_back(std::move(*kept.explanation));
    }
    pending_.losses.clear();
    if (unwritten_losses_ > 0 && (repository_ || !pending_.scores.empty()))
        pending_.losses.push_back({params_.run.run, now, unwritten_losses_, loss_reason_});
    if (!is_run_stored_ && !pending_.scores.empty()) pending_.runs = {params_.run};
}

bool ScoreKeeper::connect(Timestamp now) {
    // A clock that was set back must not make it wait for longer than it ever would.
    if (retry_at_ && now < *retry_at_ && *retry_at_ - now <= kRetryMax) return false;
    if (repository_) return true;
    Result<Repository> opened = params_.open(now);
    if (!opened) {
        note_failure(std::move(opened.error()), now);
        return false;
    }
    repository_ = std::move(*opened);
    retry_at_.reset();
    const std::lock_guard lock(mutex_);
    stats_.is_connected = true;
    return true;
}

void ScoreKeeper::store_pending(Timestamp now) {
    const Result<std::uint64_t> stored = repository_->append(pending_);
    if (!stored) {
        const bool is_hopeless = stored.error().code == Errc::malformed;
        note_failure(stored.error(), now);
        if (is_hopeless) lose_pending(stored.error().what);
        return;
    }
    note_success();
    is_run_stored_ = true;
    if (!pending_.losses.empty()) unwritten_losses_ = 0;
    {
        const std::lock_guard lock(mutex_);
        stats_.stored += pending_.scores.size();
    }
    pending_ = {};
}

bool ScoreKeeper::empty_spool(Timestamp now) {
    std::optional<Repository>& store = spool(now);
    if (!store) return false;
    Result<Batch> next = store->oldest(kSpoolPage);
    if (!next) {
        note_failure(std::move(next.error()), now);
        return false;
    }
    if (next->scores.empty() && next->losses.empty()) {
        is_spool_empty_ = true;
        const std::lock_guard lock(mutex_);
        stats_.spooled = 0;
        return false;
    }
    const Result<std::uint64_t> stored = repository_->append(*next);
    const Result<void> removed = stored ? store->remove(*next) : Result<void>{};
    if (!stored || !removed) {
        note_failure(!stored ? stored.error() : removed.error(), now);
        return false;
    }
    note_success();
    (void)store->recount();
    const std::lock_guard lock(mutex_);
    stats_.stored += next->scores.size();
    stats_.spooled -= std::min<std::uint64_t>(stats_.spooled, next->scores.size());
    return true;
}

std::optional<Repository>& ScoreKeeper::spool(Timestamp now) {
    if (!spool_ && params_.open_spool) {
        Result<Repository> opened = params_.open_spool(now);
        if (opened) {
            spool_ = std::move(*opened);
        } else {
            note_failure(std::move(opened.error()), now);
        }
    }
    return spool_;
}

void ScoreKeeper::spool_pending(Timestamp now) {
    std::optional<Repository>& store = spool(now);
    if (!store) return;
    const Result<Usage> usage = store->usage();
    if (usage && usage->bytes >= params_.spool_bytes_max) {
        lose_pending("the database was away and the spool was full");
        return;
    }
    const Result<std::uint64_t> stored = usage ? store->append(pending_) : tl::unexpected<Error>(usage.error());
    if (!stored) {
        note_failure(stored.error(), now);
        return;  // it waits, and behind it the queue
    }
    if (!pending_.losses.empty()) unwritten_losses_ = 0;
    is_spool_empty_ = false;
    {
        const std::lock_guard lock(mutex_);
        stats_.spooled += pending_.scores.size();
    }
    pending_ = {};
}

bool ScoreKeeper::apply_retention(Timestamp now) {
    if (!repository_ || (retention_at_ && now < *retention_at_ && *retention_at_ - now <= kRetentionEvery))
        return false;
    const Result<Removed> removed = repository_->apply(params_.retention, now, kRetentionHours);
    const bool is_more = removed && removed->scores + removed->explanations > 0;
    retention_at_ = is_more ? now : now + kRetentionEvery;
    if (!removed) {
        note_failure(removed.error(), now);
        return false;
    }
    const std::lock_guard lock(mutex_);
    stats_.removed += removed->scores + removed->explanations;
    return is_more;
}

void ScoreKeeper::note_failure(Error error, Timestamp now) {
    if (repository_ && !repository_->database().is_usable()) repository_.reset();
    retry_at_ = now + retry_after_;
    retry_after_ = std::min(retry_after_ * 2, kRetryMax);
    if (error.what != last_error_) error_ = error;
    last_error_ = error.what;
    const std::lock_guard lock(mutex_);
    ++stats_.failures;
    stats_.is_connected = repository_.has_value();
    stats_.problem = std::move(error.what);
}

void ScoreKeeper::note_success() {
    retry_at_.reset();
    retry_after_ = kRetryFirst;
    last_error_.clear();
    const std::lock_guard lock(mutex_);
    stats_.problem.clear();
}

void ScoreKeeper::lose_pending(const std::string& reason) {
    const std::uint64_t count = pending_.scores.size();
    unwritten_losses_ += count;
    loss_reason_ = reason;
    pending_ = {};
    const std::lock_guard lock(mutex_);
    stats_.lost += count;
}

Result<void> ScoreKeeper::close(Timestamp now) {
    retry_at_.reset();  // one more try, whatever happened before
    while (true) {
        const std::uint64_t failures = stats().failures;
        if (pending_.scores.empty()) take_from_queue(now);
        if (pending_.empty()) return {};
        if (connect(now)) store_pending(now);
        if (!pending_.empty() && params_.open_spool) spool_pending(now);
        if (pending_.empty()) continue;
        VT_ASSERT(stats().failures > failures);
        break;
    }
    const std::string problem = stats().problem;
    while (!pending_.scores.empty()) {
        lose_pending("the program ended before they could be stored");
        take_from_queue(now);
    }
    return fail(Errc::unavailable, std::to_string(unwritten_losses_) + " score records are lost: " + problem);
}

std::optional<Error> ScoreKeeper::take_error() { return std::exchange(error_, std::nullopt); }

KeeperStats ScoreKeeper::stats() const {
    const std::lock_guard lock(mutex_);
    KeeperStats stats = stats_;
    stats.queued = queue_.size();
    return stats;
}

}  // namespace vt::records
