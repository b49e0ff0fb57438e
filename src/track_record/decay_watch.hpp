#pragma once

#include "statistics/edge_decay.hpp"
#include "track_record/judged.hpp"

#include <optional>
#include <span>

namespace vt::track_record {

/// Whether the probabilities that were claimed at confirmation still come true: each end in the order in which it
/// came. A signal without a claim is not held to one.
///   in:     ended signals and their weights (weights_of), in the same order; `since`: ends before it do not count
///   cost:   O(n log n); allocates
[[nodiscard]] statistics::EdgeDecay watch_decay(std::span<const Judged* const> ended, std::span<const double> weights,
                                                const statistics::EdgeDecayLimits& limits,
                                                std::optional<Timestamp> since = std::nullopt);

}  // namespace vt::track_record
