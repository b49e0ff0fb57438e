#include "market/recent_trade_ids.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>

namespace vt::market {

RecentTradeIds::RecentTradeIds(std::size_t capacity)
    : places_(capacity), slots_(std::bit_ceil(capacity) * 2, kFree) {
    VT_ASSERT(capacity > 0);
}

std::size_t RecentTradeIds::home_of(const TradeId& id) const {
    std::uint64_t mixed = (id.high ^ (id.high >> 31U)) * 0x9e3779b97f4a7c15U + id.low;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;  // a step of SplitMix64
    return (mixed ^ (mixed >> 27U)) & (slots_.size() - 1);
}

/// Where the id is, or the free slot where it would go.
std::size_t RecentTradeIds::slot_of(const TradeId& id) const {
    std::size_t slot = home_of(id);
    while (slots_[slot] != kFree && id_in(slot) != id) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

bool RecentTradeIds::insert(const TradeId& id) {
    if (slots_[slot_of(id)] != kFree) return false;
    const std::uint32_t place = next_place_;
    next_place_ = (next_place_ + 1) % static_cast<std::uint32_t>(places_.size());
    if (size_ == places_.size()) {
        erase(slot_of(places_[place]));
    } else {
        ++size_;
    }
    places_[place] = id;
    slots_[slot_of(id)] = place + 1;
    return true;
}

/// Frees a slot and moves back what had been pushed past it, so that no search ends too early.
void RecentTradeIds::erase(std::size_t slot) {
    const std::size_t mask = slots_.size() - 1;
    VT_ASSERT(slots_[slot] != kFree);
    slots_[slot] = kFree;
    for (std::size_t next = (slot + 1) & mask; slots_[next] != kFree; next = (next + 1) & mask) {
        const std::size_t home = home_of(id_in(next));
        if (((next - home) & mask) < ((next - slot) & mask)) continue;  // its home lies behind the hole
        slots_[slot] = slots_[next];
        slots_[next] = kFree;
        slot = next;
    }
}

void RecentTradeIds::clear() {
    std::fill(slots_.begin(), slots_.end(), kFree);
    next_place_ = 0;
    size_ = 0;
}

}  // namespace vt::market
