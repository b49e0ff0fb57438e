#pragma once

#include "analysis/sentiment/facts.hpp"
#include "analysis/sentiment/open_interest_path.hpp"
#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace vt::analysis::sentiment {

inline constexpr std::size_t kDivergenceSpans = 10;
inline constexpr Nanos kDivergenceSpan = std::chrono::minutes{20};
inline constexpr std::size_t kDivergenceResamples = 1000;

/// Rank correlation of the changes of price and of open interest over the ten spans of 20 minutes that end at `at`.
///   in:     whole minutes
///   out:    absent where a point is missing, or one of the two never moved
///   cost:   a bootstrap of 1000 resamples: once in 20 minutes is enough
///   source: docs/indicators/oi_price.md
[[nodiscard]] std::optional<InterestDivergence> interest_divergence(Timestamp at, const OpenInterestPath& path);

}  // namespace vt::analysis::sentiment
