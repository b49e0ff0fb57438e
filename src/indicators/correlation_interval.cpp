#include "indicators/correlation_interval.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

std::optional<Interval> correlation_interval(double r, std::size_t n, double z) {
    VT_ASSERT(z > 0);
    if (n < 4) return std::nullopt;
    const double within = std::clamp(r, -1.0, 1.0);  // rounding may leave it a little outside
    if (std::abs(within) == 1) return Interval{within, within};
    const double centre = math::atanh(within);
    const double half = z / std::sqrt(static_cast<double>(n - 3));
    return Interval{math::tanh(centre - half), math::tanh(centre + half)};
}

}  // namespace vt::indicators
