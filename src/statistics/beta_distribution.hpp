#pragma once

namespace vt::statistics {

/// The chance that a Beta(a, b) value is at most x: the regularised incomplete beta function.
///   in:     a > 0, b > 0; x is taken into [0, 1]
///   out:    0..1, to about 1e-12
///   cost:   O(sqrt(max(a, b))), does not allocate
///   source: Lentz's continued fraction, Press et al., Numerical Recipes 6.4
[[nodiscard]] double beta_cdf(double a, double b, double x);

/// The value that a Beta(a, b) one stays below with chance p.
///   in:   0 <= p <= 1
///   cost: some sixty times beta_cdf
[[nodiscard]] double beta_quantile(double a, double b, double p);

}  // namespace vt::statistics
