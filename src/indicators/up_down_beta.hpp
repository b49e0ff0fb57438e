#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// The beta of the market's better and of its worse half, and whether they differ.
struct UpDownBeta {
    double up = 0;  ///< over periods with x above its mean
    double up_error = 0;
    double down = 0;  ///< over the others
    double down_error = 0;
    double wald = 0;  ///< (up - down)^2/(up_error^2 + down_error^2): chi-squared with one degree where they are equal
    double p = 1;     ///< the chance of a larger one then
    std::size_t n_up = 0;
    std::size_t n_down = 0;
};
///   in:     x the market's returns, y the instrument's
///   out:    absent where a half has fewer than 3 periods or x does not vary in it, or both fits are exact
///   cost:   O(n), does not allocate
///   source: Ang, Chen and Xing 2006; Wald 1943; oracle `beta_updown`
[[nodiscard]] std::optional<UpDownBeta> up_down_beta(std::span<const double> x, std::span<const double> y);

}  // namespace vt::indicators
