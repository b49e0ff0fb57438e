#pragma once

#include "statistics/observation.hpp"

#include <span>
#include <vector>

namespace vt::statistics {

/// A stretch of x with one fitted value.
struct IsotonicBlock {
    double first_x = 0;
    double last_x = 0;
    double value = 0;
    double weight = 0;
};

/// The rising step function nearest to the observations in weighted squares (pool adjacent violators).
///   in:     ascending in x; weights above 0; those of one x are taken together first
///   out:    blocks ascending in x, values strictly ascending; empty without observations
///   cost:   O(n); allocates
///   source: Ayer et al. 1955; Barlow et al. 1972; oracle `isotonic_pav`
[[nodiscard]] std::vector<IsotonicBlock> fit_isotonic(std::span<const Observation> observations);

/// Values of exactly 0 and 1 claim certainty from a handful of observations: they are moved to 1/(n + 2) and
/// (n + 1)/(n + 2) of their block's weight n (Laplace), but not beyond the neighbour.
///   in:   blocks of outcomes 0 and 1
void soften_certainty(std::span<IsotonicBlock> blocks);

/// The fitted value at x: of its block, between two blocks in proportion, outside that of the nearest.
///   in:   `blocks` not empty
///   cost: O(log blocks)
[[nodiscard]] double isotonic_value(std::span<const IsotonicBlock> blocks, double x);

}  // namespace vt::statistics
