#pragma once

#include <cstddef>
#include <span>

namespace vt::indicators {

/// sum of x[i] y[i + lag] over all i for which both are there: the covariation of two paths that are both observed at
/// each point of one grid, y's clock moved back by `lag` points. On such a grid this is Hayashi and Yoshida's sum.
///   in:   increments, of equal number; |lag| may exceed it (the sum is 0 then)
///   out:  added up in single precision in eight lanes, the lanes in double precision every 512 terms: about six
///         digits, and the same ones everywhere
///   cost: O(n), a few microseconds for six hours of seconds
[[nodiscard]] double lagged_product(std::span<const float> x, std::span<const float> y, std::ptrdiff_t lag);
/// Likewise with y bent to a circle: sum of x[i] y[(i + shift) mod n].
///   in: shift < n
[[nodiscard]] double circular_product(std::span<const float> x, std::span<const float> y, std::size_t shift);

}  // namespace vt::indicators
