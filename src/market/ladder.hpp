#pragma once

#include "base/strong.hpp"
#include "market/event.hpp"

#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace vt::market {

/// One side of an order book: quantities indexed by tick inside a window around the best price, with a bitmap of the
/// occupied ticks and a bitmap of its non-empty words; levels outside the window live in an ordered overflow. When the
/// best price leaves the window, the window moves with it.
///   cost: set() and best() are O(1) inside the window; 8 bytes a tick plus the overflow
class Ladder {
public:
    /// `window_ticks`: a power of two, at least 64 x 64.
    Ladder(Side side, std::size_t window_ticks);

    void clear();
    /// Sets the absolute quantity at a price; 0 removes the level, and removing an unknown level is normal.
    void set(Ticks price, Lots quantity);
    [[nodiscard]] std::optional<Level> best() const;
    [[nodiscard]] Lots quantity_at(Ticks price) const;
    [[nodiscard]] std::size_t size() const { return size_; }

    /// Calls visit(Level) from the best price outward until it returns false.
    template <class Visit>
    void walk(Visit&& visit) const {
        for (const auto& [distance, level] : levels_) {
            if (!visit(level)) return;
        }
    }

private:
    Side side_;
    std::size_t size_ = 0;
    std::map<std::int64_t, Level> levels_;  // by distance: bids negated
};

}  // namespace vt::market
