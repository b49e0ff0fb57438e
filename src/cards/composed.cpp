#include "cards/composed.hpp"

#include "cards/parts.hpp"
#include "cards/pen.hpp"

#include <utility>

namespace vt::cards {

Result<Scene> composed(const ScoreCard& card, const Chart& chart, Fonts& fonts) {
    VT_TRY(Scene below, chart_part(chart, fonts, false));
    Scene scene = card_above(card, fonts);
    Pen{scene, fonts}.divider(scene.height);
    return stacked(stacked(std::move(scene), std::move(below)), card_foot(card, fonts));
}

}  // namespace vt::cards
