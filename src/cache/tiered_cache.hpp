#pragma once

#include "base/result.hpp"
#include "cache/memory_tier.hpp"
#include "cache/remote_tier.hpp"
#include "cache/ttl_class.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::cache {

/// What is asked for. The text must name everything that the answer depends on besides time; see docs/cache.md.
struct Key {
    TtlClass ttl_class = TtlClass::other;
    std::string_view text;
};

/// Where an answer came from.
enum class Source : std::uint8_t { memory, second, third, origin };
[[nodiscard]] std::string_view name(Source source);

struct Answer {
    Value value;
    Source source = Source::memory;
};

struct TieredCacheParams {
    MemoryTierParams memory = {};
    TtlParams ttl = {};
    std::size_t flights_max = 4'096;  ///< keys that are being computed at once; beyond, each is computed for itself
    std::size_t waiters_max = 4'096;  ///< on one key; beyond, each is computed for itself
    /// What the time is. Called from any thread.
    std::function<Timestamp()> clock;
    std::size_t erased_max = 4'096;  ///< forgotten keys that are remembered, against servers that were away
    /// Runs what it is given on the thread where origins and callbacks are to run: an event loop's post(). Must be
    /// there with a remote tier, and outlive the cache. Without a remote tier everything runs on the caller's thread,
    /// within the call; but for what a late origin brings from elsewhere, which comes by the executor where there is
    /// one.
    std::function<void(std::function<void()>)> executor = {};
    /// Tells other processes that a key was forgotten here, or, by an empty text, that all were:
    /// RedisAnnouncements::announce. Empty: they are not told.
    std::function<void(std::string_view key)> announce = {};
};

/// Totals since the start.
struct TieredCacheCounters {
    MemoryTierCounters memory;
    std::optional<RemoteTierCounters> second;  ///< nothing: this tier is off
    std::optional<RemoteTierCounters> third;
    std::uint64_t served_by_second = 0;  ///< by the first: memory.hits
    std::uint64_t served_by_third = 0;
    std::uint64_t served_by_origin = 0;  ///< by computing
    std::uint64_t joined = 0;            ///< of these: waited for a computation that another had begun
    std::uint64_t origin_runs = 0;
    std::uint64_t origin_failures = 0;
    std::uint64_t promotions = 0;  ///< values copied to a nearer tier
    std::uint64_t too_old = 0;     ///< values of a tier that were past its time to live
    std::uint64_t renewals = 0;    ///< computed before they expired
};

/// The tiers as one: reads the nearest first, copies what it finds to those before it, computes what none has - once,
/// however many ask - and writes it to all. Any thread; no call waits for a server. With a tier off, down, slow or
/// full of nonsense the answers are the same, and come from the next one.
///
/// Age: no tier serves a value older than its own time to live for the class, counted from when the value was
/// computed, and a copy that was promoted expires when it would have expired where it was found.
class TieredCache {
public:
    /// Computes the answer: its bytes, or null when there is none. Failures are not kept.
    using Origin = std::function<Result<SharedBytes>()>;
    /// The same by somebody else, sooner or later: another thread, a database.
    ///   in: finish: to be called from any thread, perhaps before this returns; what comes after the first call is
    ///       ignored. Should all its copies go without a call, the computation has failed (unavailable).
    using Finish = std::function<void(Result<SharedBytes>)>;
    using LateOrigin = std::function<void(Finish finish)>;
    using Done = std::function<void(const Result<Answer>&)>;

    TieredCache(TieredCacheParams params, std::unique_ptr<RemoteTier> second, std::unique_ptr<RemoteTier> third);
    /// Those who still wait get an error (unavailable).
    ~TieredCache();
    TieredCache(const TieredCache&) = delete;
    TieredCache& operator=(const TieredCache&) = delete;

    /// The first tier alone: what can be answered at once. A miss here is followed by fetch(), and `is_refresh_due`
    /// by renew(). Allocates nothing.
    [[nodiscard]] std::optional<Found> find(Key key);
    /// Answers from the first tier that has it, else from the origin. `done` is called exactly once, perhaps before
    /// this returns.
    void fetch(Key key, Origin origin, Done done);
    void fetch(Key key, LateOrigin origin, Done done);
    /// Computes anew what is still being served and was made then, unless that is under way. A newer value that
    /// another process wrote to a remote tier will do.
    void renew(Key key, Timestamp made_at, Origin origin);
    ///   in: done: as of fetch(), once there is something newer; empty: nobody waits
    void renew(Key key, Timestamp made_at, LateOrigin origin, Done done = {});
    /// Forgets the key in all tiers; what is being computed now will not be kept.
    void erase(Key key);
    /// As erase(), of a key that another process has forgotten: nothing is sent to the servers or announced again.
    void erase_here(std::string_view text);
    /// Forgets all keys: the first tier is emptied, and what the servers hold from before is refused from now on. The
    /// servers themselves are not emptied: they may be others' too. Other processes hear of it.
    void erase_all();
    /// As erase_all(), because another process did.
    void erase_all_here();
    /// Empties the first tier.
    void clear_memory();
    /// Frees what has expired. About once a second.
    std::size_t sweep();

    [[nodiscard]] TieredCacheCounters counters() const;
    /// Whether the servers are in use; nothing: this tier is off. cost: a lock
    [[nodiscard]] std::optional<Breaker::State> second_state() const;
    [[nodiscard]] std::optional<Breaker::State> third_state() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::cache
