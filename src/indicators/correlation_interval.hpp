#pragma once

#include "indicators/confidence.hpp"

#include <cstddef>
#include <optional>

namespace vt::indicators {

/// Fisher's interval for a correlation: tanh(atanh r +- z/sqrt(n - 3)).
///   in:     r in [-1, 1] of n pairs; z > 0 the normal quantile
///   out:    inside (-1, 1); absent for fewer than 4 pairs; the point itself where r is -1 or 1
///   cost:   O(1)
///   source: Fisher 1915; oracle `fisher_ci`
[[nodiscard]] std::optional<Interval> correlation_interval(double r, std::size_t n, double z = kNormal95);

}  // namespace vt::indicators
