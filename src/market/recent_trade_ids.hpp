#pragma once

#include "market/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::market {

/// The trade ids seen last, to tell a print that is delivered twice. Exact within its capacity; older ids are
/// forgotten.
///   cost: O(1), allocates on construction only
class RecentTradeIds {
public:
    /// A Bybit frame holds at most 1,024 prints: a frame delivered twice in a row is found with room to spare.
    static constexpr std::size_t kCapacity = 2048;

    explicit RecentTradeIds(std::size_t capacity = kCapacity);

    /// True when the id is new, and remembers it.
    [[nodiscard]] bool insert(const TradeId& id);
    void clear();
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    static constexpr std::uint32_t kFree = 0;
    [[nodiscard]] std::size_t home_of(const TradeId& id) const;
    [[nodiscard]] const TradeId& id_in(std::size_t slot) const { return places_[slots_[slot] - 1]; }
    [[nodiscard]] std::size_t slot_of(const TradeId& id) const;
    void erase(std::size_t slot);

    // An open-addressing table of positions in a ring of ids: no node, no iteration order that anything could depend
    // on.
    std::vector<TradeId> places_;       // a ring: when it is full, the next place holds the oldest id
    std::vector<std::uint32_t> slots_;  // position + 1, or kFree
    std::uint32_t next_place_ = 0;
    std::size_t size_ = 0;
};

}  // namespace vt::market
