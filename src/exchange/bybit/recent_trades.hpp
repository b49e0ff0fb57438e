#pragma once

#include "market/event.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::exchange::bybit {

/// The last trade ids of one symbol, to drop a print that comes twice.
///   cost: O(1) expected for each print, 24 KB for each symbol, allocated once
class RecentTrades {
public:
    static constexpr std::size_t kRemembered = 1024;  // the longest frame the venue documents

    RecentTrades();
    /// False: the id is among the last `kRemembered`. True: it is new, and remembered.
    [[nodiscard]] bool insert(market::TradeId id);

private:
    static constexpr std::size_t kSlots = 4 * kRemembered;
    [[nodiscard]] static std::size_t home(market::TradeId id);
    [[nodiscard]] std::size_t find(market::TradeId id) const;
    void erase(std::size_t slot);

    std::vector<market::TradeId> ring_;
    std::vector<std::uint16_t> slots_;  // 0: free, else 1 + index in the ring
    std::size_t count_ = 0;
    std::size_t next_ = 0;
};

}  // namespace vt::exchange::bybit
