#pragma once

#include <optional>
#include <span>

namespace vt::statistics {

/// The value below which a share q of the sample lies, between neighbours in proportion ("type 7", the usual one).
///   in:     `sorted` ascending and not empty; 0 <= q <= 1
///   cost:   O(1)
///   source: Hyndman and Fan 1996
[[nodiscard]] double quantile_of_sorted(std::span<const double> sorted, double q);

/// The middle of a sample and how far its middle half reaches.
struct Quartiles {
    double lower = 0;
    double median = 0;
    double upper = 0;

    [[nodiscard]] double range() const { return upper - lower; }
};

/// Quartiles of `values`, which are put into another order.
///   out:  absent without values
///   cost: O(n), does not allocate
[[nodiscard]] std::optional<Quartiles> quartiles(std::span<double> values);

}  // namespace vt::statistics
