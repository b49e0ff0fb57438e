#pragma once

#include "history/series.hpp"

#include <span>
#include <vector>

namespace vt::history {

/// Disjoint, non-empty, ascending; neighbours that touch are one.
using Ranges = std::vector<TimeRange>;

void add(Ranges& ranges, TimeRange range);
/// `whole` without what `ranges` holds.
[[nodiscard]] Ranges missing_from(TimeRange whole, const Ranges& ranges);
[[nodiscard]] bool contains(const Ranges& ranges, TimeRange range);
[[nodiscard]] std::int64_t total_ms(const Ranges& ranges);

}  // namespace vt::history
