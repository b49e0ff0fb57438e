#pragma once

#include "statistics/effective_size.hpp"
#include "statistics/isotonic.hpp"
#include "statistics/logistic_fit.hpp"
#include "statistics/observation.hpp"
#include "statistics/platt.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vt::track_record {

/// The shape of a map from strength to probability.
enum class MapShape : std::uint8_t { isotonic, platt };
[[nodiscard]] std::string_view name(MapShape shape);

/// A strength, whether the target was met, and from when to when it was seen.
struct Example {
    statistics::Observation observation;  ///< x strength, y 0 or 1, weight uniqueness
    statistics::Life life;
};

/// From strength to the probability of the target, and how well such a map did on outcomes it had not seen.
struct ProbabilityMap {
    MapShape shape = MapShape::platt;
    std::vector<statistics::IsotonicBlock> blocks;  ///< of the isotonic shape
    statistics::PlattMap sigmoid;                   ///< of the other
    std::size_t n = 0;
    double n_eff = 0;
    // Out of fold: five parts in order of time, purged of all that lived at the same time.
    double log_loss_isotonic = 0;
    double log_loss_platt = 0;
    double log_loss_base = 0;  ///< of always claiming the rate so far: a map that is not below it knows nothing
    double brier = 0;
    double calibration_error = 0;  ///< ten bins of equal mass
    std::optional<double> area_under_curve;
    std::optional<statistics::LogisticFit> line;  ///< slope 1 and intercept 0 is calibrated

    /// The probability at a strength, in (0, 1).
    [[nodiscard]] double value(double strength) const;
};

/// Fits both shapes and keeps the one with the lower log loss out of fold; Platt's where they are equal.
///   in:     ascending by life.begin; weights above 0
///   out:    absent below `fewest` effective examples, and where the target was met always or never
///   cost:   O(n log n); allocates
///   source: statistics::fit_isotonic, fit_platt, purged_folds; the embargo is 1 % of the time that the examples
///           span
[[nodiscard]] std::optional<ProbabilityMap> fit_probability(std::span<const Example> examples, double fewest);

}  // namespace vt::track_record
