#include "analysis/order_flow/count_imbalance.hpp"

namespace vt::analysis::order_flow {

std::optional<double> share_imbalance(double buy, double sell) {
    if (!(buy + sell > 0)) return std::nullopt;
    return (buy - sell) / (buy + sell);
}

Component CountImbalance::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {
        .name = "count_imbalance",
        .unit = "1",
        .weight = 0.10,
        .map = MapKind::z0,
        .leaves = {{.frame = Frame::m1, .weight = 0.5, .map = map}, {.frame = Frame::m5, .weight = 0.5, .map = map}}};
}

void CountImbalance::evaluate(const FlowContext& context, Component& component) {
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const TradeSums& sums = context.trades_over(leaf.frame);
        Observation seen{.value = share_imbalance(sums.parents_buy, sums.parents_sell).value_or(0),
                         .events = static_cast<double>(sums.parents()),
                         .events_min = kMinParents,
                         .missing_share = missing_share(sums, leaf.frame),
                         .source_sequence = context.trades.last_sequence()};
        if (sums.parents() == 0) seen.flags.set(Flag::no_event);
        judge(leaf, normalisers_[i], seen, {{Input::trades, context.ages.trades}}, context.second);
    }
}

}  // namespace vt::analysis::order_flow
