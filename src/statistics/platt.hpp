#pragma once

#include "statistics/observation.hpp"

#include <optional>
#include <span>

namespace vt::statistics {

/// P(event | x) = 1 / (1 + exp(A x + B)); a rising probability has A < 0.
struct PlattMap {
    double a = 0;
    double b = 0;

    [[nodiscard]] double value(double x) const;
};

/// A sigmoid through outcomes 0 and 1, held against certainty by targets (N1 + 1)/(N1 + 2) and 1/(N0 + 2), where N1
/// and N0 are the weights of either outcome.
///   in:     y 0 or 1; weights not negative
///   out:    absent where x does not vary and without weight; a single kind of outcome gives a nearly flat map
///   cost:   O(n) for each of some ten steps; allocates the targets
///   source: Platt 2000; Lin, Lin and Weng 2007; oracle `platt_lin_weng`
[[nodiscard]] std::optional<PlattMap> fit_platt(std::span<const Observation> outcomes);

}  // namespace vt::statistics
