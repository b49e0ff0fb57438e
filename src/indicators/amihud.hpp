#pragma once

#include <optional>
#include <span>

namespace vt::indicators {

/// Amihud's illiquidity: the mean move for each unit of money traded.
///   in:   absolute or signed returns (fractions) and the notional of the same periods, of equal size
///   out:  return a unit of quote currency; periods without a trade are left out; absent when all are
///   cost: O(n)
///   source: Amihud 2002
[[nodiscard]] std::optional<double> amihud_illiquidity(std::span<const double> returns,
                                                       std::span<const double> notionals);

}  // namespace vt::indicators
