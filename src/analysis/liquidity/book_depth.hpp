#pragma once

#include "analysis/book_range.hpp"
#include "analysis/observation.hpp"
#include "market/event.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace vt::analysis::liquidity {

// What one look at a book says about its depth. Each function walks only the levels that it needs and answers nothing
// where the book is not known far enough: depth is never extrapolated. `range` must be made of the same `frame`.
// These also fill the minute features: quotes_within with bands 5, 10 and 25 (depth_*_bps, imbalance_*_bps),
// slippage_bps with 100,000 quote within 25 bps (impact_*_100k_bps); cover_*_bps is BookRange::edge_bps.

inline constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// Resting money of one side within each of the bands, in quote currency: sum p q over the levels inside.
///   in:   `bands_bps` ascending; `quotes` of the same size
///   out:  quotes[i] absent where the band bands_bps[i] is not known to its end
///   cost: O(levels in the widest band), does not allocate
void quotes_within(const BookFrame& frame, const BookRange& range, market::Side side,
                   std::span<const double> bands_bps, std::span<std::optional<double>> quotes);

/// (bid - ask)/(bid + ask) of two depths. out: -1..1; absent where one is, or where both are 0
[[nodiscard]] std::optional<double> imbalance_of(const std::optional<double>& bid, const std::optional<double>& ask);

/// How much worse than the mid the average price is of a market order for `quote` units of quote currency, in bps.
///   in:   `side` of the taker: a buyer walks the asks. Only levels within `within_bps` are used
///   out:  positive; absent where the levels do not fill the order, or the last one it needs is not known
///   cost: O(levels the order takes), does not allocate
[[nodiscard]] std::optional<double> slippage_bps(const BookFrame& frame, const BookRange& range, market::Side side,
                                                 double quote, double within_bps = kUnlimited);

/// How far from the mid the book is known on one side, in bps, at most `limit_bps`; negative once the price has left
/// the snapshot's range (and the 300 s that settle it are not over).
[[nodiscard]] double known_bps(const BookRange& range, market::Side side, double limit_bps);

/// The balance of resting money near the mid, in which a level counts e^(-distance/scale).
struct DecayedImbalance {
    double value = 0;          ///< (B - A)/(B + A), -1..1
    double covered_share = 0;  ///< share of the 3 scales that is known on both sides, 0..1
    double bid_quote = 0;      ///< undecayed money within the band, quote currency
    double ask_quote = 0;
};
/// B and A over the levels within 3 `scale_bps`. Where the book is known less far, on either side, both sides are
/// summed to the same shorter distance: else the side that is known farther would look heavier.
///   out:  absent where less than half of the band is known, or no level lies in it
///   cost: O(levels in the band), does not allocate
[[nodiscard]] std::optional<DecayedImbalance> decayed_imbalance(const BookFrame& frame, const BookRange& range,
                                                                double scale_bps);

/// The balance of quantities by rank: level i (0 is the best) counts e^(-i/2), all levels.
///   out: absent for an empty book
[[nodiscard]] std::optional<double> rank_decayed_imbalance(const BookFrame& frame);

}  // namespace vt::analysis::liquidity
