#pragma once

#include "engine/market_internals.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>

namespace vt::engine {

/// The coins of which the mood is taken, with their bars.
struct Mood {
    std::span<const Symbol* const> coins;
    std::span<const CoinPast> pasts;  ///< of each coin
    std::optional<std::size_t> bitcoin;
};

/// The parts of fear and greed: for each the median of the coins, or one value for all of them.
///   cost:   O(coins)
///   source: docs/indicators/fear_greed.md; A4.2
[[nodiscard]] std::array<MarketInternals::Part, kMoodParts> mood_parts(const Mood& mood);

}  // namespace vt::engine
