#pragma once

namespace vt::statistics {

/// Two-sided confidence: the quantiles of the normal distribution that belong to it.
inline constexpr double kNormal90 = 1.6448536269514722;
inline constexpr double kNormal95 = 1.959963984540054;

/// The density of the standard normal distribution.
[[nodiscard]] double normal_density(double z);

/// The chance that a standard normal value is at most z.
///   out: 0..1, exact to a few units in the last place also far out in the lower tail
[[nodiscard]] double normal_cdf(double z);

/// The value that a standard normal one stays below with chance p.
///   in:     0 < p < 1
///   out:    exact to about 1e-15 of its size
///   cost:   O(1)
///   source: Acklam's rational approximation (relative error 1.15e-9), then one step of Halley's method on
///           normal_cdf
[[nodiscard]] double normal_quantile(double p);

}  // namespace vt::statistics
