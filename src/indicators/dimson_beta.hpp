#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// A beta for a price that moves late, or early: the sum of the slopes on the market's return of the period before,
/// the same and the period after, from one regression.
struct DimsonBeta {
    double intercept = 0;
    std::array<double, 3> slopes{};  ///< on the period before, the same, the one after
    double beta = 0;                 ///< their sum
    double error = 0;                ///< of the sum, classic
    std::size_t n = 0;               ///< periods that have a neighbour on both sides
};
///   in:     x the market's returns, y the instrument's, in order of time, without holes
///   out:    absent for fewer than 7 periods and where the three regressors are collinear
///   cost:   O(n), does not allocate
///   source: Dimson 1979; oracle `beta_dimson_1_1`
[[nodiscard]] std::optional<DimsonBeta> dimson(std::span<const double> x, std::span<const double> y);

}  // namespace vt::indicators
