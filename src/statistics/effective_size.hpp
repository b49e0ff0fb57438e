#pragma once

#include <cstdint>
#include <span>

namespace vt::statistics {

/// From when to when an observation is made of the market: a label from its signal to its barrier. [begin, end).
struct Life {
    std::int64_t begin = 0;
    std::int64_t end = 0;     ///< after begin
    std::uint32_t group = 0;  ///< the symbol: lives of one group share all they see, of two groups a part
};

/// What each of overlapping observations counts: the mean over its life of 1/(lives of its group at that time), and
/// of that again the share 1/(1 + (g - 1) correlation) for the g groups that are alive then.
///   in:     any order; ends after begins; `weights` as many as lives; `correlation` 0..1 between outcomes of two
///           groups at the same time: 0 counts groups as independent, 1 as one
///   out:    each in (0, 1]; exact to about 1e-16 of (the whole extent / its own length)
///   cost:   O(n log n); allocates
///   source: Lopez de Prado 2018, Advances in Financial Machine Learning 4.3 (average uniqueness); the design
///           effect of equal correlation, Kish 1965
void uniqueness(std::span<const Life> lives, double correlation, std::span<double> weights);

/// How many independent observations the weighted ones are worth: the sum of the weights.
///
/// Not (sum w)^2 / sum w^2: that asks how unequal the weights are, and finds n where n copies of one observation
/// all weigh 1/n. The sum finds 1. For means of what accrues over a life (returns) it is exact where lives overlap
/// evenly; for shares of hits it is cautious there, since hits of overlapping lives agree less than their returns
/// do.
[[nodiscard]] double effective_size(std::span<const double> weights);

}  // namespace vt::statistics
