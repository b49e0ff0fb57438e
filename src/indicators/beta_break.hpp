#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// Whether a slope was the same all along: the largest cumulative sum of what each pair pulls the slope by.
struct BreakTest {
    double statistic = 0;  ///< max over k of |sum to k of (x - mean) e| / sqrt(sum of ((x - mean) e)^2)
    double p = 1;          ///< the chance of a larger one where nothing changed
    std::size_t at = 0;    ///< pairs before the likeliest place of the change
};
/// CUSUM of the scores of the slope. A CUSUM of the residuals themselves would not see a changed beta, since x has no
/// mean; and dividing by the scores' own squares allows for bursts of volatility.
///   in:     x and y of equal size, in order of time
///   out:    absent for fewer than kMinBreakPairs pairs, where x does not vary, and where the fit is exact
///   cost:   O(n), does not allocate
///   source: Zeileis and Hornik 2007 (M-fluctuation test); the limit is the largest value of a Brownian bridge
///           (Kolmogorov 1933)
[[nodiscard]] std::optional<BreakTest> beta_break(std::span<const double> x, std::span<const double> y);
inline constexpr std::size_t kMinBreakPairs = 30;

/// The chance that a Brownian bridge goes beyond +-d: 2 sum (-1)^(k+1) exp(-2 k^2 d^2). out: 0..1
[[nodiscard]] double brownian_bridge_p(double d);

}  // namespace vt::indicators
