#pragma once

#include "analysis/observation.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <optional>

namespace vt::analysis {

/// How far out a book is known, at one instant. A limited feed (Bybit) is known to its worst published level, and
/// everywhere if it holds fewer levels than it publishes. A full-depth feed (Binance) is known inside the prices of
/// its snapshot; once that is 300 s old, levels within 25 bps have been seen changing (unknown share at most 0.3 %).
class BookRange {
public:
    static constexpr Nanos kSettled = std::chrono::seconds{300};
    static constexpr double kSettledBps = 25;

    /// in: `snapshot_time` of the book's generation
    ///   cost: O(1) for a full-depth feed, else O(published levels)
    BookRange(const BookFrame& frame, Timestamp snapshot_time);

    /// pb + pa, in ticks: twice the mid.
    [[nodiscard]] std::int64_t doubled_mid_ticks() const { return doubled_mid_; }
    /// The price lies within `bps` of the mid on its side: 20000 p >= (pb + pa)(10000 - bps) for bids, mirrored for
    /// asks.
    [[nodiscard]] bool within(market::Side side, Ticks price, double bps) const;
    /// The whole band from the mid to `bps` is known.
    [[nodiscard]] bool covers(market::Side side, double bps) const;
    /// This one price is known.
    [[nodiscard]] bool covers_price(market::Side side, Ticks price) const;
    /// Distance from the mid to the edge of what is known, ignoring the 300 s rule; negative once the price left it.
    ///   out: absent where everything is known
    [[nodiscard]] std::optional<double> edge_bps(market::Side side) const;

private:
    std::int64_t doubled_mid_ = 0;
    std::optional<Ticks> bid_edge_;  // absent: everything is known
    std::optional<Ticks> ask_edge_;
    bool is_settled_ = false;
};

}  // namespace vt::analysis
