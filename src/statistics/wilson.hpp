#pragma once

#include "statistics/interval.hpp"

namespace vt::statistics {

/// Wilson's interval for a probability after `successes` in `trials`: honest for few trials and for rates near 0
/// or 1.
///   in:   0 <= successes <= trials; fractions of a trial are allowed, so an effective size may stand for the
///         trials; z > 0 the normal quantile
///   out:  inside [0, 1]; [0, 1] without trials
///   cost: O(1)
///   source: Wilson 1927
[[nodiscard]] Interval wilson_interval(double successes, double trials, double z);

}  // namespace vt::statistics
