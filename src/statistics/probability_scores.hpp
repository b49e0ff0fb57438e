#pragma once

#include "statistics/logistic_fit.hpp"

#include <optional>
#include <span>

namespace vt::statistics {

/// A probability that was claimed, and whether the event came.
struct Forecast {
    double probability = 0;  ///< 0..1
    double outcome = 0;      ///< 0 or 1
    double weight = 1;       ///< not negative
};

/// Each of these is absent without weight. Smaller is better where not said otherwise.

/// Mean squared distance of claim and outcome.
///   out:    0..1; .25 for a coin called by a coin
///   source: Brier 1950
[[nodiscard]] std::optional<double> brier_score(std::span<const Forecast> forecasts);

/// Mean of -log of the probability that was given to what came. Claims of 0 and 1 count as 1e-15 from there.
///   out:  0 or more; log 2 = .693 for a coin
[[nodiscard]] std::optional<double> log_loss(std::span<const Forecast> forecasts);

/// 1 - Brier score / that of always claiming the share that came: above 0 is better than knowing the base rate
/// only.
///   out:  at most 1; absent where all outcomes are alike
[[nodiscard]] std::optional<double> brier_skill(std::span<const Forecast> forecasts);

/// The chance that an event was given a higher probability than a non-event, ties half: larger is better.
///   out:    0..1; .5 for no order; absent where all outcomes are alike
///   cost:   O(n log n); allocates
///   source: Mann and Whitney 1947; Hanley and McNeil 1982
[[nodiscard]] std::optional<double> area_under_curve(std::span<const Forecast> forecasts);

/// The line through the log-odds of claims against what came: slope 1 and intercept 0 is calibrated, a slope below
/// 1 is too sure of itself, an intercept below 0 claims too much. Claims are held within [1e-6, 1 - 1e-6].
///   out:    absent where there is no such line (fit_logistic)
///   cost:   as fit_logistic; allocates
///   source: Cox 1958
[[nodiscard]] std::optional<LogisticFit> calibration_line(std::span<const Forecast> forecasts);

}  // namespace vt::statistics
