#include "analysis/smart_money/large_trade_imbalance.hpp"

namespace vt::analysis::smart_money {

Component LargeTradeImbalance::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {.name = "large_trade_imbalance",
            .unit = "1",
            .weight = 0.45,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::m5, .weight = 0.4, .map = map},
                       {.frame = Frame::m30, .weight = 0.4, .map = map},
                       {.frame = Frame::h4, .weight = 0.2, .map = map}}};
}

void LargeTradeImbalance::evaluate(const order_flow::FlowContext& context, Component& component) {
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const TradeSums& sums = context.trades_over(leaf.frame);
        // Seconds in which nobody knew what is large are missing, like those whose prints are lost.
        const Nanos judged = kSecond * static_cast<std::int64_t>(sums.judged_seconds);
        Observation seen{.events = static_cast<double>(sums.parents()),
                         .missing_share = order_flow::missing_share(judged, duration(leaf.frame)),
                         .source_sequence = context.trades.last_sequence()};
        if (sums.judged_seconds > 0)
            seen.value = sums.notional() > 0 ? (sums.large_buy - sums.large_sell) / sums.notional() : 0;
        if (sums.large_notional() == 0) seen.flags.set(Flag::no_event);
        judge(leaf, normalisers_[i], seen, {{Input::trades, context.ages.trades}}, context.second);
    }
}

}  // namespace vt::analysis::smart_money
