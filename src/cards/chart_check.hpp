#pragma once

#include "base/result.hpp"
#include "cards/chart.hpp"

#include <optional>

namespace vt::cards {

/// What is wrong with a chart, in words; nothing when it can be drawn.
[[nodiscard]] std::optional<Error> problem_of(const Chart& chart);

}  // namespace vt::cards
