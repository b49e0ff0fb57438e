#pragma once

#include <optional>
#include <span>

namespace vt::indicators {

/// The effective spread that a bouncing price gives away: 2 sqrt(-cov(dp_t, dp_{t-1})), the covariance with n - 1
/// degrees of freedom; 0 where the covariance is not negative. Small samples overshoot.
///   in:     transaction prices in order
///   out:    in the unit of the prices; absent for fewer than 4 of them
///   cost:   O(n), does not allocate
///   source: Roll 1984; oracle `roll_spread`
[[nodiscard]] std::optional<double> roll_spread(std::span<const double> prices);

}  // namespace vt::indicators
