#pragma once

#include "base/strong.hpp"
#include "market/event.hpp"
#include "market/ladder.hpp"

#include <cstdint>
#include <optional>

namespace vt::market {

enum class ApplyResult : std::uint8_t {
    applied,
    crossed,    ///< the update would leave best bid >= best ask: the book was emptied, ask for a snapshot
    ignored,    ///< a delta while there is no snapshot
    malformed,  ///< a price that is not positive or a negative quantity: the book was emptied, ask for a snapshot
};

/// The resting orders of one instrument, by price. Invariant: either empty and invalid, or valid with best bid < best
/// ask. Each snapshot after a gap starts a new generation: nothing computed may pair records of two generations.
class OrderBook {
public:
    /// Nanoseconds for each recorded level update, window by window (32'768, 65'536, 131'072, 262'144), std::map for
    /// comparison: BTCUSDT spot (tick 0.01) 11.0, 8.8, 7.2, 6.6 of 65; BTCUSDT futures (tick 0.1) 6.9, 6.3, 6.7, 6.2
    /// of 69; ETHUSDT spot 4.2, 4.1, 4.0, 4.9 of 58. The last step would double the 32 KB of bitmaps that each book
    /// keeps resident; of the 1 MB a side that is reserved for quantities only pages that the price has visited are.
    static constexpr std::size_t kWindowTicks = 131'072;

    explicit OrderBook(std::size_t window_ticks = kWindowTicks);

    /// Applies one update as the venue meant it. in: levels with absolute quantities.
    ///   out:  what happened; crossed (locked too) and malformed leave the book empty and invalid
    ///   cost: O(levels in the update), allocates only for levels outside the ladder's window
    [[nodiscard]] ApplyResult apply(const BookUpdate& update);
    /// Empties the book until the next snapshot.
    void invalidate();

    [[nodiscard]] bool is_valid() const { return is_valid_; }
    /// Counts snapshots that followed a gap (or the start): 1 for the first book.
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    [[nodiscard]] std::uint64_t update_id() const { return update_id_; }
    /// Levels published for each side; 0: not limited (the snapshot's range limits what is known).
    [[nodiscard]] std::uint32_t depth() const { return depth_; }
    /// Outermost prices of the last snapshot: beyond them levels are known only from later deltas.
    [[nodiscard]] std::optional<Ticks> snapshot_edge(Side side) const;

    [[nodiscard]] std::optional<Level> best(Side side) const;
    [[nodiscard]] Lots quantity_at(Side side, Ticks price) const;
    [[nodiscard]] std::size_t level_count(Side side) const;
    /// Of these, the levels beyond the ladder's window: slower to reach.
    [[nodiscard]] std::size_t overflow_count(Side side) const;

    /// Calls visit(Level) from the best price outward until it returns false. `Side::buy` walks the bids.
    template <class Visit>
    void walk(Side side, Visit&& visit) const {
        (side == Side::buy ? bids_ : asks_).walk(visit);
    }

private:
    Ladder bids_;
    Ladder asks_;
    std::uint64_t update_id_ = 0;
    std::uint32_t generation_ = 0;
    std::uint32_t depth_ = 0;
    std::optional<Ticks> bid_edge_;
    std::optional<Ticks> ask_edge_;
    bool is_valid_ = false;
};

}  // namespace vt::market
