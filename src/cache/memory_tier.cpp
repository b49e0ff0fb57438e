#include "cache/memory_tier.hpp"

#include "base/assert.hpp"
#include "cache/ghost_list.hpp"
#include "cache/slot_queue.hpp"
#include "cache/spin_lock.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <vector>

namespace vt::cache {
namespace {

constexpr std::size_t kItemsPerShard = 250;  // fewer, and the shares of the queues become coarse
constexpr std::size_t kMaxShards = 64;
// S3-FIFO's measures. Half as many ghosts as items and a twentieth for newcomers came out best: docs/adr/0017.
constexpr std::size_t kNewcomerShare = 20;
constexpr std::size_t kGhostShare = 2;
constexpr std::uint8_t kMaxAsked = 3;
constexpr std::size_t kInlineKeyBytes = 88;  // routes and their parameters; longer ones live elsewhere

enum class Queue : std::uint8_t { none, newcomers, residents };

/// What a hit reads comes first: it fills one cache line, and the key begins in the next, beside it.
struct alignas(64) Slot {
    std::uint64_t hash = 0;
    Lifetime lifetime;
    Value value;
    std::uint8_t asked = 0;  ///< how often since it was put or last spared, up to kMaxAsked
    Queue queue = Queue::none;
    std::uint32_t older = kNoSlot;
    std::uint32_t newer = kNoSlot;
    boost::container::small_vector<char, kInlineKeyBytes> key;
    std::size_t cost = 0;

    [[nodiscard]] bool is_of(std::string_view text) const { return std::string_view(key.data(), key.size()) == text; }
    void set_key(std::string_view text) { key.assign(text.begin(), text.end()); }
};

/// The slot, its two places in the index, and a ghost.
constexpr std::size_t kOverheadBytes = sizeof(Slot) + 64;

using Dropped = std::vector<SharedBytes>;  // what is freed after the lock is given back

}  // namespace

struct alignas(64) MemoryTier::Shard {
    mutable SpinLock mutex;
    std::size_t max_items = 0;
    std::size_t max_bytes = 0;
    boost::unordered_flat_map<std::uint64_t, std::uint32_t, HashedAlready> index;
    std::vector<Slot> slots;
    std::vector<std::uint32_t> free_slots;
    SlotQueue newcomers;
    SlotQueue residents;
    GhostList ghosts{0};
    MemoryTierCounters counters;

    SlotQueue& queue_of(const Slot& slot) { return slot.queue == Queue::newcomers ? newcomers : residents; }

    void move_to(Queue queue, std::uint32_t at) {
        Slot& slot = slots[at];
        if (slot.queue != Queue::none) queue_of(slot).remove(slots, at);
        slot.queue = queue;
        queue_of(slot).push(slots, at);
    }

    void drop(std::uint32_t at, Dropped& dropped) {
        Slot& slot = slots[at];
        queue_of(slot).remove(slots, at);
        index.erase(slot.hash);
        counters.bytes -= slot.cost;
        --counters.items;
        dropped.push_back(std::move(slot.value.bytes));
        slot.value = {};
        slot.queue = Queue::none;
        if (slot.key.capacity() > kInlineKeyBytes) slot.key = {};  // a rare long key does not stay in memory
        free_slots.push_back(at);
    }

    /// Lets one item go: the oldest newcomer that nobody asked for, or the oldest resident that nobody asked for
    /// since it was last spared. Expired ones go whenever they are met.
    void evict(Timestamp now, Dropped& dropped) {
        for (;;) {
            const bool is_from_newcomers =
                residents.size == 0 || newcomers.size >= std::max<std::size_t>(1, counters.items / kNewcomerShare);
            const std::uint32_t at = is_from_newcomers ? newcomers.oldest : residents.oldest;
            Slot& slot = slots[at];
            const bool is_expired = slot.lifetime.expires_at <= now;
            if (slot.asked > 0 && !is_expired) {
                slot.asked = is_from_newcomers ? 0 : static_cast<std::uint8_t>(slot.asked - 1);
                move_to(Queue::residents, at);
                continue;
            }
            if (is_from_newcomers && !is_expired) ghosts.add(slot.hash);
            ++(is_expired ? counters.expirations : counters.evictions);
            drop(at, dropped);
            return;
        }
    }

    [[nodiscard]] std::uint32_t take_slot() {
        if (free_slots.empty()) {
            slots.emplace_back();
            return static_cast<std::uint32_t>(slots.size() - 1);
        }
        const std::uint32_t at = free_slots.back();
        free_slots.pop_back();
        return at;
    }

    [[nodiscard]] std::uint32_t place_of(std::uint64_t hash, std::string_view key) const {
        const auto found = index.find(hash);
        return found != index.end() && slots[found->second].is_of(key) ? found->second : kNoSlot;
    }
};

MemoryTier::MemoryTier(const MemoryTierParams& params)
    : seed_(params.seed),
      refresh_claim_(params.refresh_claim),
      shard_count_(std::bit_floor(std::clamp<std::size_t>(params.max_items / kItemsPerShard, 1, kMaxShards))),
      shards_(std::make_unique<Shard[]>(shard_count_)) {
    VT_ASSERT(params.max_items > 0);
    VT_ASSERT(params.max_items < kNoSlot);
    for (std::size_t i = 0; i < shard_count_; ++i) {
        Shard& shard = shards_[i];
        shard.max_items = params.max_items / shard_count_ + (i < params.max_items % shard_count_ ? 1 : 0);
        shard.max_bytes = params.max_bytes / shard_count_;
        shard.ghosts = GhostList(shard.max_items / kGhostShare);
    }
}

MemoryTier::~MemoryTier() = default;

MemoryTier::Shard& MemoryTier::shard_of(std::uint64_t hash) const {
    return shards_[(hash >> 32U) & (shard_count_ - 1)];  // the low bits are the index's
}

std::optional<Found> MemoryTier::find(std::string_view key, Timestamp now) {
    const std::uint64_t hash = XXH3_64bits_withSeed(key.data(), key.size(), seed_);
    Shard& shard = shard_of(hash);
    const std::lock_guard lock(shard.mutex);
    const std::uint32_t at = shard.place_of(hash, key);
    if (at == kNoSlot || shard.slots[at].lifetime.expires_at <= now) {
        ++shard.counters.misses;
        return std::nullopt;
    }
    Slot& slot = shard.slots[at];
    ++shard.counters.hits;
    if (slot.value.bytes == nullptr) ++shard.counters.absent_hits;
    if (slot.asked < kMaxAsked) ++slot.asked;
    Found found{.value = slot.value, .is_refresh_due = slot.lifetime.refresh_at <= now};
    if (found.is_refresh_due) {
        slot.lifetime.refresh_at = now + refresh_claim_;
        ++shard.counters.refreshes;
    }
    return found;
}

bool MemoryTier::put(std::string_view key, Value value, Lifetime lifetime, Timestamp now) {
    const std::uint64_t hash = XXH3_64bits_withSeed(key.data(), key.size(), seed_);
    const std::size_t cost = key.size() + (value.bytes ? value.bytes->size() : 0) + kOverheadBytes;
    Shard& shard = shard_of(hash);
    Dropped dropped;
    const std::lock_guard lock(shard.mutex);
    ++shard.counters.puts;
    const auto held = shard.index.find(hash);
    const bool is_too_large = cost > shard.max_bytes;
    if (is_too_large || lifetime.expires_at <= now) {
        if (held != shard.index.end()) shard.drop(held->second, dropped);
        if (is_too_large) ++shard.counters.rejections;
        return false;
    }
    if (held != shard.index.end()) {  // the same key, or one in 2^64 with the same hash
        Slot& slot = shard.slots[held->second];
        if (!slot.is_of(key)) slot.set_key(key);
        dropped.push_back(std::exchange(slot.value, std::move(value)).bytes);
        slot.lifetime = lifetime;
        shard.counters.bytes += cost - slot.cost;
        slot.cost = cost;
        while (shard.counters.bytes > shard.max_bytes) shard.evict(now, dropped);
        return shard.index.contains(hash);  // it may have been the one that had to go
    }
    while (shard.counters.items >= shard.max_items || shard.counters.bytes + cost > shard.max_bytes)
        shard.evict(now, dropped);
    const std::uint32_t at = shard.take_slot();
    Slot& slot = shard.slots[at];
    slot.hash = hash;
    slot.lifetime = lifetime;
    slot.value = std::move(value);
    slot.set_key(key);
    slot.cost = cost;
    slot.asked = 0;
    shard.index.emplace(hash, at);
    shard.counters.bytes += cost;
    ++shard.counters.items;
    shard.move_to(shard.ghosts.take(hash) ? Queue::residents : Queue::newcomers, at);
    return true;
}

bool MemoryTier::erase(std::string_view key) {
    const std::uint64_t hash = XXH3_64bits_withSeed(key.data(), key.size(), seed_);
    Shard& shard = shard_of(hash);
    Dropped dropped;
    const std::lock_guard lock(shard.mutex);
    const std::uint32_t at = shard.place_of(hash, key);
    if (at == kNoSlot) return false;
    shard.drop(at, dropped);
    return true;
}

void MemoryTier::clear() {
    for (std::size_t i = 0; i < shard_count_; ++i) {
        Shard& shard = shards_[i];
        Dropped dropped;
        const std::lock_guard lock(shard.mutex);
        while (shard.counters.items > 0)
            shard.drop(shard.newcomers.size > 0 ? shard.newcomers.oldest : shard.residents.oldest, dropped);
        shard.ghosts.clear();
    }
}

std::size_t MemoryTier::sweep(Timestamp now) {
    std::size_t freed = 0;
    for (std::size_t i = 0; i < shard_count_; ++i) {
        Shard& shard = shards_[i];
        Dropped dropped;
        const std::lock_guard lock(shard.mutex);
        for (std::uint32_t at = 0; at < shard.slots.size(); ++at) {
            const Slot& slot = shard.slots[at];
            if (slot.queue == Queue::none || slot.lifetime.expires_at > now) continue;
            shard.drop(at, dropped);
            ++shard.counters.expirations;
        }
        freed += dropped.size();
    }
    return freed;
}

MemoryTierCounters MemoryTier::counters() const {
    MemoryTierCounters total;
    for (std::size_t i = 0; i < shard_count_; ++i) {
        const Shard& shard = shards_[i];
        const std::lock_guard lock(shard.mutex);
        const MemoryTierCounters& part = shard.counters;
        total.hits += part.hits;
        total.absent_hits += part.absent_hits;
        total.misses += part.misses;
        total.puts += part.puts;
        total.evictions += part.evictions;
        total.expirations += part.expirations;
        total.rejections += part.rejections;
        total.refreshes += part.refreshes;
        total.items += part.items;
        total.bytes += part.bytes;
    }
    return total;
}

}  // namespace vt::cache
