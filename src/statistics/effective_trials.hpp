#pragma once

#include <optional>
#include <span>
#include <vector>

namespace vt::statistics {

/// How many independent ideas a set of trials holds, from the returns of each in the same periods: n^2 over the sum
/// of all squared correlations, each without what chance adds to it. k groups of equal size, alike inside and
/// strangers outside, give k; copies of one trial give 1.
///   in:     one span a trial, all of the same length, three or more periods
///   out:    1 .. number of trials; absent without trials and where one of them does not vary
///   cost:   O(trials^2 periods)
///   source: participation ratio of the eigenvalues of the correlation matrix (Bretherton et al. 1999, eq. 5),
///           which needs no clustering and no number of clusters; the correction is that of the adjusted R2
[[nodiscard]] std::optional<double> effective_trials(std::span<const std::vector<double>> returns);

}  // namespace vt::statistics
