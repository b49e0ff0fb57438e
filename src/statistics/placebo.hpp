#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::statistics {

/// An observed mean beside those of draws that cannot have an edge: signals at random times, with the side turned,
/// of another symbol.
struct PlaceboComparison {
    double percentile = 0;    ///< share of placebos below, ties half: 0..1
    double p = 1;             ///< (1 + placebos at least as good) / (1 + placebos): never 0
    double mean = 0;          ///< of the placebos
    double percentile_95 = 0; ///< what 95 % of them stay at or below
    bool is_beaten = false;   ///< observed above percentile_95
    std::size_t placebos = 0;
};

/// Compares.
///   in:     `placebos` in any order
///   out:    absent for fewer than 20: then there is no 95th percentile
///   cost:   O(n log n); allocates
///   source: Phipson and Smyth 2010 (why p is never 0)
[[nodiscard]] std::optional<PlaceboComparison> compare_with_placebos(double observed,
                                                                     std::span<const double> placebos);

}  // namespace vt::statistics
