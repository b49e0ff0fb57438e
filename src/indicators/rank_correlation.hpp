#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace vt::indicators {

/// Pairs that a rank correlation is made of, at most: resampling keeps its ranks on the stack.
inline constexpr std::size_t kMaxRankPairs = 64;

/// Spearman's correlation: Pearson's of the mid-ranks.
///   in:   as many x as y, 2 .. kMaxRankPairs
///   out:  -1..1; absent where one of the two is constant
///   cost: O(n^2), does not allocate
///   source: Spearman 1904
[[nodiscard]] std::optional<double> rank_correlation(std::span<const double> x, std::span<const double> y);

/// How far chance alone would move the correlation of resampled pairs.
struct RankBootstrap {
    double correlation = 0;
    double lower = 0;           ///< 5 % quantile of the resampled correlations
    double upper = 0;           ///< 95 % quantile
    std::size_t resamples = 0;  ///< in which neither series was constant
};

/// Resamples the pairs with replacement.
///   in:   as rank_correlation; resamples 20 .. 2000; the same seed gives the same bits
///   out:  absent where the correlation is, or fewer than half of the resamples have one
///   cost: O(resamples n), does not allocate
///   source: Efron 1979, percentile interval
[[nodiscard]] std::optional<RankBootstrap> bootstrap_rank_correlation(std::span<const double> x,
                                                                      std::span<const double> y,
                                                                      std::size_t resamples, std::uint64_t seed);

}  // namespace vt::indicators
