#include "records/score_keeper.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vt::records {
namespace {

constexpr std::size_t kSpoolPage = 500;
constexpr std::size_t kRetentionHours = 6;  // of one turn: the queue waits meanwhile

struct Appended {
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;  // malformed: they will never be taken
    std::string reason;
    bool are_losses_written = true;
};

/// Appends a batch; where the store finds something malformed in it, each record by itself, so that one takes no
/// other with it. What a failure leaves half done is done again with the next try: storing twice stores once.
Result<Appended> append_or_refuse(Repository& store, const Batch& batch) {
    const Result<std::uint64_t> whole = store.append(batch);
    if (whole) return Appended{.stored = batch.records()};
    if (whole.error().code != Errc::malformed) return tl::unexpected<Error>(whole.error());
    Appended done;
    const auto append = [&](const Batch& part) -> Result<bool> {
        const Result<std::uint64_t> one = store.append(part);
        if (!one && one.error().code != Errc::malformed) return tl::unexpected<Error>(one.error());
        (one ? done.stored : done.refused) += part.records();
        if (!one) done.reason = one.error().what;
        return one.has_value();
    };
    VT_TRY([[maybe_unused]] const bool is_run_known, append({.runs = batch.runs}));
    VT_TRY(done.are_losses_written, append({.losses = batch.losses}));
    for (const ScoreRow& score : batch.scores) {
        Batch one{.scores = {score}};
        const auto its = std::ranges::find(batch.explanations, score.key, &Explanation::key);
        if (its != batch.explanations.end()) one.explanations = {*its};
        VT_TRY([[maybe_unused]] const bool is_stored, append(one));
    }
    for (const LedgerEntry& entry : batch.ledger) {
        VT_TRY([[maybe_unused]] const bool is_stored, append({.ledger = {entry}}));
    }
    return done;
}

}  // namespace

ScoreKeeper::ScoreKeeper(KeeperParams params) : params_(std::move(params)) {
    VT_ASSERT(params_.open != nullptr);
    if (params_.open_spool == nullptr) stats_.spooled = 0;
}

bool ScoreKeeper::offer(std::function<Batch()> make) { return enqueue(std::move(make), params_.queue_max); }

bool ScoreKeeper::offer(LedgerEntry entry) {
    return enqueue([entry = std::move(entry)] { return Batch{.ledger = {entry}}; },
                   params_.queue_max + kLedgerReserve);
}

bool ScoreKeeper::enqueue(std::function<Batch()> make, std::size_t room) {
    const std::lock_guard lock(mutex_);
    ++stats_.offered;
    if (queue_.size() >= room) {
        ++stats_.lost;
        ++dropped_;
        return false;
    }
    queue_.push_back(std::move(make));
    return true;
}

bool ScoreKeeper::do_work(Timestamp now) {
    if (pending_.records() == 0) take_from_queue(now);
    const bool is_spool_due = !is_spool_empty_ && params_.open_spool != nullptr && spool_.may_be_asked(now);
    if (pending_.empty() && !is_spool_due) {
        (void)open(database_, params_.open, now);
        return apply_retention(now);
    }
    const bool is_stored = !pending_.empty() && store_pending(now);
    if (pending_.empty() && is_spool_due && open(database_, params_.open, now) != nullptr)
        return empty_spool(now) || is_stored;
    if (is_stored) return true;
    return pending_.records() > 0 && spool_pending(now);  // else it waits, and behind it the queue
}

void ScoreKeeper::take_from_queue(Timestamp now) {
    std::vector<std::function<Batch()>> taken;
    std::uint64_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), kBatch));
        taken.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        dropped = std::exchange(dropped_, 0);
    }
    if (dropped > 0) {
        unwritten_losses_ += dropped;
        loss_reason_ = "the queue to the database was full";
    }
    for (const auto& make : taken) {
        Batch kept = make();
        std::ranges::move(kept.scores, std::back_inserter(pending_.scores));
        std::ranges::move(kept.explanations, std::back_inserter(pending_.explanations));
        std::ranges::move(kept.ledger, std::back_inserter(pending_.ledger));
    }
    pending_.losses.clear();
    if (unwritten_losses_ > 0 && (database_.store || pending_.records() > 0))
        pending_.losses.push_back({params_.run.run, now, unwritten_losses_, loss_reason_});
    if (!is_run_stored_ && pending_.records() > 0) pending_.runs = {params_.run};
}

bool ScoreKeeper::Place::may_be_asked(Timestamp now) const {
    // A clock that was set back must not make it wait for longer than it ever would.
    return !retry_at || now >= *retry_at || *retry_at - now > kRetryMax;
}

Repository* ScoreKeeper::open(Place& place, const std::function<Result<Repository>(Timestamp)>& how, Timestamp now) {
    if (how == nullptr || !place.may_be_asked(now)) return nullptr;
    if (place.store) return &*place.store;
    Result<Repository> opened = how(now);
    if (!opened) {
        note_failure(place, opened.error(), now);
        return nullptr;
    }
    place.store = std::move(*opened);
    place.retry_at.reset();
    const std::lock_guard lock(mutex_);
    stats_.is_connected = database_.store.has_value();
    return &*place.store;
}

std::optional<std::uint64_t> ScoreKeeper::append_pending(Place& place, Timestamp now) {
    const Result<Appended> done = append_or_refuse(*place.store, pending_);
    if (!done) {
        note_failure(place, done.error(), now);
        return std::nullopt;
    }
    note_success(place);
    if (!pending_.losses.empty() && done->are_losses_written) unwritten_losses_ = 0;
    pending_ = {};
    if (done->refused > 0) lose(done->refused, done->reason);
    return done->stored;
}

bool ScoreKeeper::store_pending(Timestamp now) {
    if (open(database_, params_.open, now) == nullptr) return false;
    const auto stored = append_pending(database_, now);
    if (!stored) return false;
    is_run_stored_ = true;
    const std::lock_guard lock(mutex_);
    stats_.stored += *stored;
    return true;
}

bool ScoreKeeper::spool_pending(Timestamp now) {
    Repository* const store = open(spool_, params_.open_spool, now);
    if (store == nullptr) return false;
    const Result<Usage> usage = store->usage();
    if (!usage) {
        note_failure(spool_, usage.error(), now);
        return false;
    }
    if (usage->bytes >= params_.spool_bytes_max) {
        lose(pending_.records(), "the database was away and the spool was full");
        pending_ = {};
        return true;
    }
    const auto stored = append_pending(spool_, now);
    if (!stored) return false;
    is_spool_empty_ = false;
    show_spooled(usage->scores + *stored);
    return true;
}

bool ScoreKeeper::empty_spool(Timestamp now) {
    Repository* const store = open(spool_, params_.open_spool, now);
    if (store == nullptr) return false;
    const Result<Usage> usage = store->usage();
    const Result<Batch> next = usage ? store->oldest(kSpoolPage) : tl::unexpected<Error>(usage.error());
    if (!next) {
        note_failure(spool_, next.error(), now);
        return false;
    }
    if (next->records() == 0 && next->losses.empty()) {
        is_spool_empty_ = true;
        if (usage->scores > 0) (void)store->recount();  // what an earlier version left miscounted
        show_spooled(0);
        return false;
    }
    const Result<Appended> done = append_or_refuse(*database_.store, *next);
    if (!done) {
        note_failure(database_, done.error(), now);
        return false;
    }
    note_success(database_);
    if (const Result<void> removed = store->remove(*next); !removed) {
        note_failure(spool_, removed.error(), now);
        return false;
    }
    note_success(spool_);
    if (done->refused > 0) lose(done->refused, done->reason);
    const std::lock_guard lock(mutex_);
    const std::uint64_t before = stats_.spooled.value_or(usage->scores);
    stats_.spooled = before - std::min<std::uint64_t>(before, next->scores.size());
    stats_.stored += done->stored;
    return true;
}

bool ScoreKeeper::apply_retention(Timestamp now) {
    if (!database_.store || (retention_at_ && now < *retention_at_ && *retention_at_ - now <= kRetentionEvery))
        return false;
    const Result<Removed> removed = database_.store->apply(params_.retention, now, kRetentionHours);
    const bool is_more = removed && removed->scores + removed->explanations > 0;
    retention_at_ = is_more ? now : now + kRetentionEvery;
    if (!removed) {
        note_failure(database_, removed.error(), now);
        return false;
    }
    const std::lock_guard lock(mutex_);
    stats_.removed += removed->scores + removed->explanations;
    return is_more;
}

void ScoreKeeper::note_failure(Place& place, const Error& error, Timestamp now) {
    if (place.store && !place.store->database().is_usable()) place.store.reset();
    place.retry_at = now + place.retry_after;
    place.retry_after = std::min(place.retry_after * 2, kRetryMax);
    if (error.what != place.problem) error_ = error;
    place.problem = error.what;
    show_problem();
    const std::lock_guard lock(mutex_);
    ++stats_.failures;
    stats_.is_connected = database_.store.has_value();
}

void ScoreKeeper::note_success(Place& place) {
    place.retry_at.reset();
    place.retry_after = kRetryFirst;
    place.problem.clear();
    show_problem();
}

void ScoreKeeper::show_problem() {
    std::string problem = database_.problem;
    if (!problem.empty() && !spool_.problem.empty()) problem += "; and the spool: ";
    problem += spool_.problem;
    const std::lock_guard lock(mutex_);
    stats_.problem = std::move(problem);
}

void ScoreKeeper::lose(std::uint64_t count, const std::string& reason) {
    unwritten_losses_ += count;
    loss_reason_ = reason;
    const std::lock_guard lock(mutex_);
    stats_.lost += count;
}

void ScoreKeeper::show_spooled(std::uint64_t scores) {
    const std::lock_guard lock(mutex_);
    stats_.spooled = scores;
}

Result<void> ScoreKeeper::close(Timestamp now) {
    database_.retry_at.reset();  // one more try, whatever happened before
    spool_.retry_at.reset();
    std::string problem;
    while (true) {
        if (pending_.records() == 0) take_from_queue(now);
        if (pending_.empty()) break;
        const bool has_records = pending_.records() > 0;
        if (!store_pending(now) && !spool_pending(now)) {
            problem = stats().problem;
            lose(pending_.records(), "the program ended before they could be stored");
            pending_ = {};
        }
        if (!has_records) break;  // the row about losses had its try
    }
    if (unwritten_losses_ == 0) return {};
    return fail(Errc::unavailable, std::to_string(unwritten_losses_) +
                                       " score records are lost: " + (problem.empty() ? loss_reason_ : problem));
}

std::optional<Error> ScoreKeeper::take_error() { return std::exchange(error_, std::nullopt); }

KeeperStats ScoreKeeper::stats() const {
    const std::lock_guard lock(mutex_);
    KeeperStats stats = stats_;
    stats.queued = queue_.size();
    return stats;
}

}  // namespace vt::records
