#pragma once

#include "base/result.hpp"
#include "cards/chart.hpp"
#include "cards/score_card.hpp"

namespace vt::cards {

/// What the pictures are put together of, each as wide as they are.

/// All of a card but its last line; no line ends it.
[[nodiscard]] Scene card_above(const ScoreCard& card, Fonts& fonts);
/// Time and id under a line.
[[nodiscard]] Scene card_foot(const ScoreCard& card, Fonts& fonts);
/// in: has_mode: whether it says which mode it is of
[[nodiscard]] Result<Scene> chart_part(const Chart& chart, Fonts& fonts, bool has_mode);

}  // namespace vt::cards
