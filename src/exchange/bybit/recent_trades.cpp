#include "exchange/bybit/recent_trades.hpp"

namespace vt::exchange::bybit {

RecentTrades::RecentTrades() : ring_(kRemembered), slots_(kSlots, 0) {}

std::size_t RecentTrades::home(market::TradeId id) {
    std::uint64_t mixed = (id.high ^ (id.low * 0x9E37'79B9'7F4A'7C15ULL));
    mixed ^= mixed >> 29U;
    return static_cast<std::size_t>((mixed * 0xBF58'476D'1CE4'E5B9ULL) >> 40U) % kSlots;
}

std::size_t RecentTrades::find(market::TradeId id) const {
    std::size_t slot = home(id);
    while (slots_[slot] != 0 && ring_[slots_[slot] - 1U] != id) slot = (slot + 1) % kSlots;
    return slot;
}

// Linear probing without tombstones: whatever could have been pushed past the hole moves back into it.
void RecentTrades::erase(std::size_t slot) {
    std::size_t hole = slot;
    slots_[hole] = 0;
    for (std::size_t next = (hole + 1) % kSlots; slots_[next] != 0; next = (next + 1) % kSlots) {
        const std::size_t wanted = home(ring_[slots_[next] - 1U]);
        if ((next + kSlots - wanted) % kSlots >= (next + kSlots - hole) % kSlots) {
            slots_[hole] = slots_[next];
            slots_[next] = 0;
            hole = next;
        }
    }
}

bool RecentTrades::insert(market::TradeId id) {
    if (slots_[find(id)] != 0) return false;
    if (count_ == kRemembered)
        erase(find(ring_[next_]));
    else
        ++count_;
    ring_[next_] = id;
    slots_[find(id)] = static_cast<std::uint16_t>(next_ + 1);
    next_ = (next_ + 1) % kRemembered;
    return true;
}

}  // namespace vt::exchange::bybit
