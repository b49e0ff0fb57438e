#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::statistics {

/// Size, centre, spread and shape of a sample.
struct Moments {
    std::size_t n = 0;
    double mean = 0;
    double sd = 0;        ///< n - 1 in the denominator
    double skewness = 0;  ///< of the sample itself, not corrected for its size: m3 / m2^1.5
    double kurtosis = 0;  ///< raw: 3 for a normal distribution; m4 / m2^2
};

/// The moments of `values`, in two passes.
///   out:  absent for fewer than 2 values, and where they do not vary
///   cost: O(n), does not allocate
[[nodiscard]] std::optional<Moments> moments(std::span<const double> values);

}  // namespace vt::statistics
