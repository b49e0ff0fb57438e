#include "analysis/sentiment/long_short_accounts.hpp"

namespace vt::analysis::sentiment {

Component LongShortAccounts::describe() {
    return {.name = "long_short_accounts",
            .unit = "1",
            .weight = 0.25,
            .map = MapKind::zm,
            .sign = -1,
            .leaves = {{.frame = Frame::h1, .weight = 1, .map = {.kind = MapKind::zm, .sign = -1, .gain = 0.5}}}};
}

void LongShortAccounts::evaluate(const SentimentContext& context, const RatioHistory& crowd, Component& component) {
    Leaf& leaf = component.leaves.front();
    const Observation seen{.value = crowd.value()};
    score_by_history(leaf, seen, {{Input::account_ratios, crowd.age(context.u())}}, crowd.past());
    if (leaf.flags.has(Flag::warming)) leaf.ready_in = crowd.past().ready_in(context.u());
}

}  // namespace vt::analysis::sentiment
