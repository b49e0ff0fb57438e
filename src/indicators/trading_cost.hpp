#pragma once

#include <optional>
#include <span>

namespace vt::indicators {

/// What trading costs, estimated from prices and volumes alone: for where no book is recorded.

/// Amihud's illiquidity: the mean move for each unit of money traded.
///   in:   absolute or signed returns (fractions) and the notional of the same periods, of equal size
///   out:  return a unit of quote currency; periods without a trade are left out; absent when all are
///   cost: O(n)
///   source: Amihud 2002
[[nodiscard]] std::optional<double> amihud_illiquidity(std::span<const double> returns, std::span<const double> notionals);

/// Roll's effective spread, 2 sqrt(-cov(dp_t, dp_{t-1})): prices that bounce between bid and ask reverse.
///   in:   prices, oldest first
///   out:  in units of price; 0 where changes do not reverse (the model says nothing then); absent for fewer than 4 prices
///   cost: O(n); few prices overshoot by far
///   source: Roll 1984; sample covariance of the pairs with n - 1
[[nodiscard]] std::optional<double> roll_spread(std::span<const double> prices);

}  // namespace vt::indicators
