#include "cache/tiered_cache.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace vt::cache {
namespace {

/// One computation that all who ask for its key wait for.
struct Flight {
    std::string key;
    TtlClass ttl_class = TtlClass::other;
    TieredCache::Origin origin;  ///< one of the two
    TieredCache::LateOrigin late_origin;
    std::vector<TieredCache::Done> waiters;
    Timestamp newer_than = Timestamp::min();  ///< of a renewal: what is served now is no answer
    bool is_kept = true;                      ///< false: forgotten while it was under way
    bool is_listed = true;                    ///< false: beyond the limits, computed for one
};
using FlightPtr = std::shared_ptr<Flight>;

/// Somebody's wish for a key's value.
struct Wish {
    Key key;
    TieredCache::Origin origin = {};
    TieredCache::LateOrigin late_origin = {};
    TieredCache::Done done = {};
    Timestamp newer_than = Timestamp::min();
};

/// The end of one late computation: the first who tells it wins, and if nobody does, it has failed.
class Finisher {
public:
    explicit Finisher(TieredCache::Finish tell) : tell_(std::move(tell)) {}
    ~Finisher() { finish(fail(Errc::unavailable, "the computation was given up")); }
    Finisher(const Finisher&) = delete;
    Finisher& operator=(const Finisher&) = delete;

    void finish(Result<SharedBytes> made) {
        if (!is_told_.exchange(true)) tell_(std::move(made));
    }

private:
    TieredCache::Finish tell_;
    std::atomic<bool> is_told_ = false;
};

constexpr std::array kRemoteTiers = {Tier::second, Tier::third};

}  // namespace

std::string_view name(Source source) {
    switch (source) {
        case Source::memory: return "memory";
        case Source::second: return "second";
        case Source::third: return "third";
        case Source::origin: return "origin";
    }
    return "origin";
}

struct TieredCache::Impl : std::enable_shared_from_this<Impl> {
    explicit Impl(TieredCacheParams given) : params(std::move(given)), memory(params.memory) {
        VT_ASSERT(params.clock != nullptr);
    }

    [[nodiscard]] bool has_remote() const { return remotes[0] != nullptr || remotes[1] != nullptr; }

    [[nodiscard]] RemoteTier* tier(std::size_t index) const { return remotes[index].get(); }

    void start(Wish wish) {
        FlightPtr flight;
        {
            const std::lock_guard lock(mutex);
            if (is_stopping) {
                flight = nullptr;
            } else if (const auto found = flights.find(wish.key.text); found != flights.end()) {
                if (wish.done == nullptr) return;  // a renewal that is under way
                if (found->second->waiters.size() < params.waiters_max) {
                    ++joined;
                    found->second->waiters.push_back(std::move(wish.done));
                    return;
                }
                flight = begin(wish, false);
            } else {
                flight = begin(wish, flights.size() < params.flights_max);
            }
            if (flight && wish.done) flight->waiters.push_back(std::move(wish.done));
        }
        if (flight) {
            ask(flight, 0);
        } else if (wish.done) {
            wish.done(fail(Errc::unavailable, "the cache is being closed"));
        }
    }

    // The mutex is held.
    FlightPtr begin(Wish& wish, bool is_listed) {
        const auto flight = std::make_shared<Flight>();
        flight->key = wish.key.text;
        flight->ttl_class = wish.key.ttl_class;
        flight->origin = std::move(wish.origin);
        flight->late_origin = std::move(wish.late_origin);
        flight->newer_than = wish.newer_than;
        flight->is_listed = is_listed;
        if (wish.newer_than != Timestamp::min()) ++renewals;
        if (is_listed) flights.emplace(flight->key, flight);
        under_way.insert(flight);
        return flight;
    }

    /// Asks the remote tiers from this one on, then the origin.
    void ask(const FlightPtr& flight, std::size_t index) {
        for (; index < kRemoteTiers.size(); ++index) {
            if (tier(index) == nullptr) continue;
            tier(index)->find(flight->key, params.clock(), [self = weak_from_this(), flight, index](auto value) {
                if (const auto impl = self.lock()) impl->on_found(flight, index, std::move(value));
            });
            return;
        }
        if (!has_remote()) {
            compute(flight);
            return;
        }
        params.executor([self = weak_from_this(), flight] {
            if (const auto impl = self.lock()) impl->compute(flight);  // else who waited was told by stop()
        });
    }

    void on_found(const FlightPtr& flight, std::size_t index, std::optional<Value> value) {
        const Tier where = kRemoteTiers[index];
        if (value) {
            const Timestamp now = params.clock();
            const Nanos ttl = params.ttl.ttl(flight->ttl_class, where, value->bytes == nullptr);
            const Timestamp good_until = value->made_at + ttl;
            const bool is_too_old = good_until <= now || is_erased(flight->key, value->made_at);
            if (!is_too_old && value->made_at > flight->newer_than) {
                keep(flight, *value, good_until, index, now);
                const Answer answer{.value = std::move(*value),
                                    .source = where == Tier::second ? Source::second : Source::third};
                params.executor([waiters = land(flight, answer.source), answer] {
                    for (const Done& done : waiters) done(answer);
                });
                return;
            }
            if (is_too_old) ++too_old;
        }
        ask(flight, index + 1);
    }

    /// Whether this was made before its key was forgotten: a server that was away, or has not got the message yet.
    [[nodiscard]] bool is_erased(const std::string& key, Timestamp made_at) const {
        const std::lock_guard lock(mutex);
        const auto found = erased.find(key);
        return made_at <= erased_before || (found != erased.end() && made_at <= found->second);
    }

    void compute(const FlightPtr& flight) {
        const Timestamp made_at = params.clock();  // before: what the origin reads may change while it computes
        if (is_stopping) {
            conclude(flight, made_at, fail(Errc::unavailable, "the cache is being closed"));
        } else if (flight->origin) {
            conclude(flight, made_at, run(flight->origin));
        } else {
            begin_late(flight, made_at);
        }
    }

    /// The computation is somebody else's; what it brings comes back to the thread of the callbacks.
    void begin_late(const FlightPtr& flight, Timestamp made_at) {
        ++origin_runs;
        const auto finisher =
            std::make_shared<Finisher>([self = weak_from_this(), flight, made_at](Result<SharedBytes> made) {
                const auto impl = self.lock();
                if (!impl) return;  // who waited was told by stop()
                auto conclude = [self, flight, made_at, made = std::move(made)]() mutable {
                    if (const auto later = self.lock()) later->conclude(flight, made_at, std::move(made));
                };
                impl->params.executor ? impl->params.executor(std::move(conclude)) : conclude();
            });
        try {
            flight->late_origin([finisher](Result<SharedBytes> made) { finisher->finish(std::move(made)); });
        } catch (const std::exception& problem) {
            finisher->finish(
                fail(Errc::unavailable, std::string("the answer could not be computed: ") + problem.what()));
        }
    }

    void conclude(const FlightPtr& flight, Timestamp made_at, Result<SharedBytes> made) {
        if (!made) {
            ++origin_failures;
            const tl::unexpected<Error> error(std::move(made.error()));
            for (const Done& done : land(flight, std::nullopt)) done(error);
            return;
        }
        const Answer answer{.value = {.bytes = std::move(*made), .made_at = made_at}, .source = Source::origin};
        keep(flight, answer.value, Timestamp::max(), kRemoteTiers.size(), params.clock());
        for (const Done& done : land(flight, Source::origin)) done(answer);
    }

    Result<SharedBytes> run(const Origin& origin) {
        ++origin_runs;
        try {
            return origin();
        } catch (const std::exception& problem) {  // who waits must be told all the same
            return fail(Errc::unavailable, std::string("the answer could not be computed: ") + problem.what());
        }
    }

    /// Puts the value into every tier nearer than the one where it was found.
    ///   in: good_until: when it ends where it was found; index: of that remote tier, or their number for the origin
    void keep(const FlightPtr& flight, const Value& value, Timestamp good_until, std::size_t index, Timestamp now) {
        const bool is_promoted = index < kRemoteTiers.size();
        const bool is_absent = value.bytes == nullptr;
        const Nanos ttl = params.ttl.ttl(flight->ttl_class, Tier::memory, is_absent);
        // A copy counts its tier's time anew, within what is left where it was found; a new value counts from its
        // making.
        const Timestamp expires_at = std::min((is_promoted ? now : value.made_at) + ttl, good_until);
        // The last fifth is for renewing, and begins a little earlier for some keys than for others.
        const auto part = static_cast<Nanos::rep>(std::hash<std::string>{}(flight->key) % 64);
        const Timestamp refresh_at = std::max(now, expires_at - ttl / 5 - part * (ttl / 640));
        {
            const std::lock_guard lock(mutex);  // against erase(): what is forgotten must not be put after it
            if (!flight->is_kept) return;
            (void)memory.put(flight->key, value, {.refresh_at = refresh_at, .expires_at = expires_at}, now);
        }
        if (is_promoted) ++promotions;
        for (std::size_t i = 0; i < index && i < kRemoteTiers.size(); ++i) {
            if (tier(i) == nullptr) continue;
            const Timestamp end = value.made_at + params.ttl.ttl(flight->ttl_class, kRemoteTiers[i], is_absent);
            tier(i)->put(flight->key, value, std::min(end, good_until) - now);
            if (is_promoted) ++promotions;
        }
    }

    /// Ends the flight.
    ///   in:  source: what it brought; nothing: a failure
    ///   out: who waited for it
    [[nodiscard]] std::vector<Done> land(const FlightPtr& flight, std::optional<Source> source) {
        const std::lock_guard lock(mutex);
        const auto found = flights.find(flight->key);
        if (found != flights.end() && found->second == flight) flights.erase(found);
        under_way.erase(flight);
        std::vector<Done> waiters;
        waiters.swap(flight->waiters);
        if (source) served[static_cast<std::size_t>(*source)] += waiters.size();
        return waiters;
    }

    void forget(std::string_view text, bool is_ours) {
        const std::lock_guard lock(mutex);
        (void)memory.erase(text);
        if (const auto found = flights.find(text); found != flights.end()) {
            found->second->is_kept = false;
            flights.erase(found);  // who asks from now on is not to get what was begun before
        }
        if (!has_remote()) return;
        const Timestamp now = params.clock();
        if (erased.size() >= params.erased_max) {
            erased.clear();
            erased_before = now;  // the rule when full: whatever is older counts as forgotten
        }
        erased.insert_or_assign(std::string(text), now);
        if (!is_ours) return;
        for (const auto& remote : remotes)
            if (remote) remote->erase(text);
    }

    void forget_all() {
        const std::lock_guard lock(mutex);
        memory.clear();
        for (auto& [key, flight] : flights) flight->is_kept = false;
        flights.clear();  // they end for those who wait; who asks from now on gets what is begun now
        erased.clear();
        erased_before = params.clock();
    }

    std::size_t sweep() {
        const Timestamp now = params.clock();
        {
            const std::lock_guard lock(mutex);
            std::erase_if(erased, [&](const auto& entry) { return entry.second + longest_ttl < now; });
        }
        return memory.sweep(now);
    }

    /// Ends the tiers' threads; whoever still waits is told.
    void stop() {
        std::vector<Done> waiters;
        is_stopping = true;
        {
            const std::lock_guard lock(mutex);
            for (const FlightPtr& flight : under_way) {
                std::move(flight->waiters.begin(), flight->waiters.end(), std::back_inserter(waiters));
                flight->waiters.clear();
                flight->is_kept = false;
            }
            under_way.clear();
            flights.clear();
        }
        for (const Done& done : waiters) done(fail(Errc::unavailable, "the cache is being closed"));
        for (const auto& remote : remotes)
            if (remote) remote->stop();
    }

    TieredCacheParams params;
    MemoryTier memory;
    std::array<std::unique_ptr<RemoteTier>, kRemoteTiers.size()> remotes;
    mutable std::mutex mutex;
    std::map<std::string, FlightPtr, std::less<>> flights;  ///< that others may join
    std::set<FlightPtr> under_way;                          ///< these, and those that nobody may join (any more)
    std::map<std::string, Timestamp, std::less<>> erased;
    Timestamp erased_before = Timestamp::min();
    Nanos longest_ttl{0};
    std::atomic<bool> is_stopping = false;
    std::array<std::uint64_t, 4> served{};  // by Source
    std::uint64_t joined = 0;
    std::atomic<std::uint64_t> origin_runs = 0;
    std::atomic<std::uint64_t> origin_failures = 0;
    std::atomic<std::uint64_t> promotions = 0;
    std::atomic<std::uint64_t> too_old = 0;
    std::atomic<std::uint64_t> renewals = 0;
};

TieredCache::TieredCache(TieredCacheParams params, std::unique_ptr<RemoteTier> second,
                         std::unique_ptr<RemoteTier> third)
    : impl_(std::make_shared<Impl>(std::move(params))) {
    impl_->remotes = {std::move(second), std::move(third)};
    VT_ASSERT(impl_->params.executor != nullptr || !impl_->has_remote());
    for (const TtlParams::Row& row : impl_->params.ttl.by_class)
        impl_->longest_ttl = std::max(impl_->longest_ttl, *std::max_element(row.begin(), row.end()));
}

TieredCache::~TieredCache() { impl_->stop(); }

std::optional<Found> TieredCache::find(Key key) { return impl_->memory.find(key.text, impl_->params.clock()); }

void TieredCache::fetch(Key key, Origin origin, Done done) {
    if (auto found = find(key)) {
        if (found->is_refresh_due) renew(key, found->value.made_at, std::move(origin));
        done(Answer{.value = std::move(found->value), .source = Source::memory});
        return;
    }
    impl_->start({.key = key, .origin = std::move(origin), .done = std::move(done)});
}

void TieredCache::fetch(Key key, LateOrigin origin, Done done) {
    if (auto found = find(key)) {
        if (found->is_refresh_due) renew(key, found->value.made_at, std::move(origin));
        done(Answer{.value = std::move(found->value), .source = Source::memory});
        return;
    }
    impl_->start({.key = key, .late_origin = std::move(origin), .done = std::move(done)});
}

void TieredCache::renew(Key key, Timestamp made_at, Origin origin) {
    impl_->start({.key = key, .origin = std::move(origin), .newer_than = made_at});
}

void TieredCache::renew(Key key, Timestamp made_at, LateOrigin origin, Done done) {
    impl_->start({.key = key, .late_origin = std::move(origin), .done = std::move(done), .newer_than = made_at});
}

void TieredCache::erase(Key key) {
    impl_->forget(key.text, true);
    if (impl_->params.announce) impl_->params.announce(key.text);
}

void TieredCache::erase_here(std::string_view text) { impl_->forget(text, false); }
void TieredCache::erase_all() {
    impl_->forget_all();
    if (impl_->params.announce) impl_->params.announce({});
}

void TieredCache::erase_all_here() { impl_->forget_all(); }
void TieredCache::clear_memory() { impl_->memory.clear(); }
std::size_t TieredCache::sweep() { return impl_->sweep(); }

TieredCacheCounters TieredCache::counters() const {
    TieredCacheCounters all;
    all.memory = impl_->memory.counters();
    if (impl_->remotes[0]) all.second = impl_->remotes[0]->counters();
    if (impl_->remotes[1]) all.third = impl_->remotes[1]->counters();
    const std::lock_guard lock(impl_->mutex);
    all.served_by_second = impl_->served[static_cast<std::size_t>(Source::second)];
    all.served_by_third = impl_->served[static_cast<std::size_t>(Source::third)];
    all.served_by_origin = impl_->served[static_cast<std::size_t>(Source::origin)];
    all.joined = impl_->joined;
    all.origin_runs = impl_->origin_runs;
    all.origin_failures = impl_->origin_failures;
    all.promotions = impl_->promotions;
    all.too_old = impl_->too_old;
    all.renewals = impl_->renewals;
    return all;
}

std::optional<Breaker::State> TieredCache::second_state() const {
    return impl_->remotes[0] ? std::optional(impl_->remotes[0]->state()) : std::nullopt;
}

std::optional<Breaker::State> TieredCache::third_state() const {
    return impl_->remotes[1] ? std::optional(impl_->remotes[1]->state()) : std::nullopt;
}

}  // namespace vt::cache
