#include "analysis/sentiment/fear_greed.hpp"

namespace vt::analysis::sentiment {

Component FearGreed::describe() {
    return {.name = "fear_greed",
            .unit = "1",
            .map = MapKind::lb,
            .is_shadow = true,
            .leaves = {{.frame = Frame::h4, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void FearGreed::evaluate(const SentimentContext& context, Component& component) {
    Observation seen;
    std::optional<Nanos> age;
    if (const auto& mood = context.fear_and_greed) {
        seen.value = mood->index / 50 - 1;
        seen.covered_share = mood->coverage;
        age = mood->age;
    }
    score_by_strength(component.leaves.front(), seen, {{Input::fear_and_greed, age}});
}

}  // namespace vt::analysis::sentiment
