#pragma once

#include "statistics/interval.hpp"

namespace vt::statistics {

/// The chance of at least so many successes where each trial succeeds with chance `rate`.
///   in:     0 <= successes <= trials, 0 <= rate <= 1; fractions of a trial are allowed: the tail runs through the
///           regularised incomplete beta function, which is the exact sum at whole numbers
///   out:    0..1
///   source: Abramowitz and Stegun 26.5.24
[[nodiscard]] double binomial_upper_tail(double successes, double trials, double rate);

/// The exact interval for a probability: it covers at least as often as it says, and is wider than Wilson's for
/// that.
///   in:     0 <= successes <= trials; 0 < confidence < 1
///   out:    inside [0, 1]; [0, 1] without trials
///   source: Clopper and Pearson 1934
[[nodiscard]] Interval clopper_pearson(double successes, double trials, double confidence);

}  // namespace vt::statistics
