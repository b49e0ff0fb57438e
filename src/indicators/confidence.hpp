#pragma once

namespace vt::indicators {

/// Two-sided confidence: the quantiles of the normal distribution that belong to it.
inline constexpr double kNormal90 = 1.6448536269514722;
inline constexpr double kNormal95 = 1.959963984540054;

struct Interval {
    double lower = 0;
    double upper = 1;
};

/// The chance that a standard normal value is at least as far from zero as z, on either side.
///   out: 0..1, exact to a few units in the last place also far out in the tail
[[nodiscard]] double two_sided_p(double z);

}  // namespace vt::indicators
