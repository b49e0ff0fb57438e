#pragma once

#include "base/prng.hpp"
#include "statistics/placebo.hpp"
#include "track_record/judged.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace vt::track_record {

/// Whether the side of signals knew anything: their mean net return in bps at a horizon beside that of the same
/// signals with sides turned at random. A turned signal has minus the gross return and pays the same costs. Signals
/// of the same stretch of time, twice the horizon long, are turned together, so that coins that move as one stay
/// so.
///   in:     any order; draws >= 20
///   out:    absent below 20 stretches with a signal, and without outcomes; a return that is not known is left out
///   cost:   O(n log n + draws stretches); allocates
///   source: randomisation test, Fisher 1935
[[nodiscard]] std::optional<statistics::PlaceboComparison> compare_with_turned_sides(
    std::span<const Judged* const> signals, std::size_t horizon, std::size_t draws, Prng& prng);

}  // namespace vt::track_record
