#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vt::statistics {

// p-values corrected for having been many. Each may be held against the wanted level as if it stood alone.
//   in:   p-values 0..1 in any order; replaced in place by what is to be held against the level, 0..1
//   cost: O(n log n); `order` is overwritten and keeps its capacity

/// The share of false ones among what is called significant stays below the level: p n/rank, monotone.
///   source: Benjamini and Hochberg 1995; oracle `multiple_tests`
void benjamini_hochberg(std::span<double> p, std::vector<std::size_t>& order);

/// Likewise where the tests depend on each other in any way, as strategies on one market do: n (1 + 1/2 + ... +
/// 1/n) takes the place of n.
///   source: Benjamini and Yekutieli 2001
void benjamini_yekutieli(std::span<double> p, std::vector<std::size_t>& order);

/// The chance of a single false one stays below the level: p (n - rank + 1), monotone.
///   source: Holm 1979
void holm(std::span<double> p, std::vector<std::size_t>& order);

/// Likewise, and simpler: p n.
void bonferroni(std::span<double> p);

}  // namespace vt::statistics
