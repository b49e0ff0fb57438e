#pragma once

#include "base/math.hpp"

namespace vt::statistics {

/// log(p / (1 - p)).
///   in:  0 < p < 1
[[nodiscard]] inline double logit(double p) { return math::log(p / (1 - p)); }

/// The probability of these log-odds; does not overflow.
[[nodiscard]] inline double logistic(double odds) {
    if (odds >= 0) return 1 / (1 + math::exp(-odds));
    const double e = math::exp(odds);
    return e / (1 + e);
}

}  // namespace vt::statistics
