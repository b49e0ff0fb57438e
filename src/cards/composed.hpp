#pragma once

#include "base/result.hpp"
#include "cards/chart.hpp"
#include "cards/score_card.hpp"

namespace vt::cards {

/// The card above its chart, for one attachment: the chart stands between the card's figures and its last line.
///   errors: those of the chart
[[nodiscard]] Result<Scene> composed(const ScoreCard& card, const Chart& chart, Fonts& fonts);

}  // namespace vt::cards
