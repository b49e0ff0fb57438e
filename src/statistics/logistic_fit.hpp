#pragma once

#include "statistics/observation.hpp"

#include <optional>
#include <span>

namespace vt::statistics {

/// Log-odds that are a straight line in x.
struct LogisticFit {
    double slope = 0;
    double intercept = 0;
};

/// The line that makes the weighted observations likeliest.
///   in:     y in [0, 1]: outcomes, or targets between; weights not negative
///   out:    absent where there is no such line: x that does not vary, and outcomes that a value of x separates
///           (the slope would be endless)
///   cost:   O(n) for each of some ten steps of Newton's method, does not allocate
///   source: Lin, Lin and Weng 2007, A note on Platt's probabilistic outputs (their numerically stable terms and
///           line search)
[[nodiscard]] std::optional<LogisticFit> fit_logistic(std::span<const Observation> observations);

}  // namespace vt::statistics
