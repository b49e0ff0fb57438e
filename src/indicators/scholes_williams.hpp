#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// A beta for prices that are not struck at the same time: (b-1 + b0 + b+1)/(1 + 2 rho), b-1 and b+1 being the slopes
/// on the market's return of the period before and after, rho the market's own autocorrelation.
struct ScholesWilliamsBeta {
    double slope_before = 0;
    double slope = 0;
    double slope_after = 0;
    double autocorrelation = 0;
    double beta = 0;
    /// Of the instrumental-variable form of the estimator, x's sum over three periods being the instrument. Large
    /// where 1 + 2 rho is near 0: then the beta means nothing.
    double error = 0;
    std::size_t n = 0;  ///< periods that have a neighbour on both sides
};
///   in:     x the market's returns, y the instrument's, in order of time, without holes
///   out:    absent for fewer than 5 periods, where x does not vary, and where 1 + 2 rho is 0
///   cost:   O(n), does not allocate
///   source: Scholes and Williams 1977; docs/indicators/beta_estimates.md
[[nodiscard]] std::optional<ScholesWilliamsBeta> scholes_williams(std::span<const double> x,
                                                                  std::span<const double> y);

}  // namespace vt::indicators
