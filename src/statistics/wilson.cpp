#include "statistics/wilson.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {

Interval wilson_interval(double successes, double trials, double z) {
    VT_ASSERT(successes >= 0);
    VT_ASSERT(successes <= trials);
    VT_ASSERT(z > 0);
    if (!(trials > 0)) return {};
    const double rate = successes / trials;
    const double shrink = z * z / trials;
    const double centre = (rate + shrink / 2) / (1 + shrink);
    const double half = z * std::sqrt(rate * (1 - rate) / trials + shrink / (4 * trials)) / (1 + shrink);
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace vt::statistics
