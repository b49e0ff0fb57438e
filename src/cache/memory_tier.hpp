#pragma once

#include "base/time.hpp"
#include "cache/value.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace vt::cache {

struct MemoryTierParams {
    std::size_t max_items = 1'000;
    std::size_t max_bytes = 64U << 20U;  ///< keys, values and what it costs to keep them
    Nanos refresh_claim =
        std::chrono::seconds{1};  ///< how long a claimed refresh may take before another is asked for
    std::uint64_t seed =
        0;  ///< of the hash: a value that clients cannot know keeps them from choosing colliding keys
};

/// Until when a value is good. refresh_at <= expires_at.
struct Lifetime {
    Timestamp refresh_at = {};  ///< from here on it is still served, and one reader is asked to renew it
    Timestamp expires_at = {};  ///< from here on it is not served
};

struct Found {
    Value value;
    /// The caller, and nobody else until `refresh_claim` has passed, is to compute it anew and put it.
    bool is_refresh_due = false;
};

/// Totals since the start, and what is held now. hits + misses = calls of find.
struct MemoryTierCounters {
    std::uint64_t hits = 0;
    std::uint64_t absent_hits = 0;  ///< of the hits: known to be absent
    std::uint64_t misses = 0;
    std::uint64_t puts = 0;
    std::uint64_t evictions = 0;
    std::uint64_t expirations = 0;
    std::uint64_t rejections = 0;  ///< larger than the tier may hold
    std::uint64_t refreshes = 0;   ///< how often a reader was asked to renew
    std::size_t items = 0;
    std::size_t bytes = 0;
};

/// The first tier: a map in this process's memory. Never holds more than `max_items` and `max_bytes`, at no moment;
/// what leaves is chosen by S3-FIFO (docs/adr/0017). Split by the key's hash into shards, each with a lock that is
/// held for tens of nanoseconds; any thread. Time is what the caller says it is: no clock is read.
class MemoryTier {
public:
    explicit MemoryTier(const MemoryTierParams& params);
    ~MemoryTier();
    MemoryTier(const MemoryTier&) = delete;
    MemoryTier& operator=(const MemoryTier&) = delete;

    ///   out:  what was put last under this key, unless it has expired or was evicted
    ///   cost: one hash, one look-up, one comparison; no allocation
    [[nodiscard]] std::optional<Found> find(std::string_view key, Timestamp now);
    /// Replaces what is there.
    ///   out:  false: too large for the tier, or expired already; nothing is kept under the key then
    bool put(std::string_view key, Value value, Lifetime lifetime, Timestamp now);
    ///   out:  whether there was something
    bool erase(std::string_view key);
    void clear();
    /// Frees what has expired. To be called about once a second: reads never return expired values, but only this
    /// gives their memory back before it is needed.
    ///   out:  how many items were freed;  cost: O(items)
    std::size_t sweep(Timestamp now);

    [[nodiscard]] MemoryTierCounters counters() const;

private:
    struct Shard;
    [[nodiscard]] Shard& shard_of(std::uint64_t hash) const;

    std::uint64_t seed_;
    Nanos refresh_claim_;
    std::size_t shard_count_;
    std::unique_ptr<Shard[]> shards_;
};

}  // namespace vt::cache
