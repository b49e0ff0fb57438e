#pragma once

#include "statistics/probability_scores.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace vt::statistics {

/// Forecasts of similar probability, taken together.
struct ReliabilityBin {
    double weight = 0;
    double claimed = 0;  ///< mean probability
    double came = 0;     ///< share of outcomes
};

/// Bins of equal width over [0, 1]; empty ones are left out.
///   in:   bins >= 1
///   cost: O(n); allocates
[[nodiscard]] std::vector<ReliabilityBin> bins_of_equal_width(std::span<const Forecast> forecasts, std::size_t bins);

/// Bins of about equally many forecasts, ascending; equal probabilities stay together, so there may be fewer.
///   cost: O(n log n); allocates
[[nodiscard]] std::vector<ReliabilityBin> bins_of_equal_mass(std::span<const Forecast> forecasts, std::size_t bins);

/// Mean distance of what was claimed and what came, over bins. It falls with fewer bins and, for few forecasts,
/// does not reach 0 however good they are: compare like with like.
///   out:    0..1; absent without weight
///   source: Naeini, Cooper and Hauskrecht 2015 (ECE)
[[nodiscard]] std::optional<double> expected_calibration_error(std::span<const ReliabilityBin> bins);

/// The Brier score taken apart: reliability - resolution + uncertainty. They add up to the score only where all
/// probabilities of a bin are equal.
struct BrierParts {
    double reliability = 0;  ///< how far claims are from what came
    double resolution = 0;   ///< how far what came in the bins is from the base rate
    double uncertainty = 0;  ///< that of the base rate
};

/// Takes it apart.
///   out:    absent without weight
///   source: Murphy 1973
[[nodiscard]] std::optional<BrierParts> brier_parts(std::span<const ReliabilityBin> bins);

}  // namespace vt::statistics
