#pragma once

#include "base/prng.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace vt::track_record {

/// What the mean of so many results could be, were they entries at random times (statistics::compare_with_placebos).
///   draw = mean of `trades` resampled placebos + (mean of all placebos - mean of as many resampled ones)
/// The first part is how far the mean of so many trades may lie from what is true, the second how far that of the
/// placebos themselves may: without it the same luck would be counted as certain, and chance would be beaten too
/// often. Both are resampled in blocks, since results of one time are alike.
///   in:     results of placebos in R, in order of time; trades >= 1
///   out:    empty for fewer than 20 placebos
///   cost:   O(draws (placebos + trades)); allocates
///   source: two-sample bootstrap, Efron and Tibshirani 1993, 16.2; blocks as statistics::resample
[[nodiscard]] std::vector<double> placebo_means(std::span<const double> results, std::size_t trades,
                                                std::size_t draws, Prng& prng);

}  // namespace vt::track_record
