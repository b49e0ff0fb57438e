#pragma once

#include "analysis/book_range.hpp"
#include "analysis/observation.hpp"
#include "market/event.hpp"

#include <optional>

namespace vt::analysis::liquidity {

/// How fast the book thickens with distance: slope of the cumulative size (base currency) over the distance from the
/// mid (bps), by least squares over the known levels within `within_bps`.
///   out:    base currency a bps; absent with fewer than 2 such levels
///   cost:   O(levels), does not allocate
[[nodiscard]] std::optional<double> book_slope(const BookFrame& frame, const BookRange& range, market::Side side,
                                               double within_bps);

/// The elasticity of one side: the mean over its levels of relative growth of log cumulative size per relative step
/// in price. It depends on the unit of size: compare an instrument only with itself.
///   out:    1; absent where there is no known level, or where the best level holds one unit or less (its logarithm
///           is no measure then)
///   source: Naes and Skjeltorp 2006
[[nodiscard]] std::optional<double> book_elasticity(const BookFrame& frame, const BookRange& range, market::Side side,
                                                    double within_bps);

}  // namespace vt::analysis::liquidity
