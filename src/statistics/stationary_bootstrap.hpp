#pragma once

#include "base/prng.hpp"
#include "statistics/interval.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace vt::statistics {

/// The mean length of blocks that suits the memory of a series, for its mean.
///   in:     in order of time
///   out:    1 .. min(3 sqrt n, n/3); 1 for fewer than 10 values and for a series that does not vary
///   cost:   O(n sqrt n) at most, does not allocate
///   source: Politis and White 2004, with the correction of Patton, Politis and White 2009
[[nodiscard]] double suitable_block_length(std::span<const double> values);

/// A series of the same length out of blocks of geometric length, each from a random place, around the end.
///   in:     mean_block >= 1; `out` as long as `values` (not the same), not empty
///   cost:   O(n), does not allocate
///   source: Politis and Romano 1994
void resample(std::span<const double> values, double mean_block, Prng& prng, std::span<double> out);

/// The deepest fall of the running sum below its highest point so far, which begins at 0.
///   out:  0 or more, in the unit of the values
[[nodiscard]] double maximum_drawdown(std::span<const double> values);

struct BootstrapPlan {
    std::size_t resamples = 1000;
    double confidence = 0.95;
};

/// Where a series' figures may lie, allowing for its memory.
struct BootstrapIntervals {
    Interval mean;
    Interval sharpe;            ///< mean / standard deviation, of one value
    Interval maximum_drawdown;  ///< of the sum
    double share_not_above = 0;  ///< of resampled means that are at most 0: the chance that there is no edge, roughly
    double block = 0;
};

/// Percentile intervals. They are somewhat too short for few values and long memory: the page on statistics has
/// figures.
///   in:     in order of time; resamples >= 100; the same state of `prng` gives the same bits
///   out:    absent for fewer than 10 values and for a series that does not vary
///   cost:   O(resamples n); allocates
///   source: Politis and Romano 1994; Efron 1979
[[nodiscard]] std::optional<BootstrapIntervals> bootstrap_intervals(std::span<const double> values,
                                                                    const BootstrapPlan& plan, Prng& prng);

}  // namespace vt::statistics
