#pragma once

#include "market/event.hpp"

#include <cstdint>
#include <optional>

namespace vt::risk {

/// Where an isolated position is liquidated, roughly: entry x (1 -+ (1/leverage - maintenance)).
///   in:  entry and leverage positive
///   out: not positive: never, for a long
[[nodiscard]] double liquidation_price(market::Side side, double entry, double leverage, double maintenance_rate);

/// The way from entry to stop as a part of the way from entry to liquidation.
///   in:  stop_share: the way to the stop as a fraction of the entry, positive
///   out: absent where the position would be liquidated at once
[[nodiscard]] std::optional<double> liquidation_share(double stop_share, double leverage, double maintenance_rate);

/// The highest whole leverage, up to `most`, at which the way to the stop is at most `share_max` of liquidation's.
///   out: 0 where not even the whole worth set aside keeps the stop so far from it
[[nodiscard]] std::uint32_t leverage_for(double stop_share, double maintenance_rate, double share_max,
                                         std::uint32_t most);

}  // namespace vt::risk
