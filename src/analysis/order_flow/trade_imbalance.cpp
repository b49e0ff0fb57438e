#include "analysis/order_flow/trade_imbalance.hpp"

namespace vt::analysis::order_flow {

std::optional<double> notional_imbalance(const TradeSums& sums) {
    if (!(sums.notional() > 0)) return std::nullopt;
    return sums.net_notional() / sums.notional();
}

Component TradeImbalance::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {.name = "trade_imbalance",
            .unit = "1",
            .weight = 0.30,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::m1, .weight = 0.4, .map = map},
                       {.frame = Frame::m5, .weight = 0.3, .map = map},
                       {.frame = Frame::m30, .weight = 0.2, .map = map},
                       {.frame = Frame::h4, .weight = 0.1, .map = map}}};
}

void TradeImbalance::evaluate(const FlowContext& context, Component& component) {
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const TradeSums& sums = context.trades_over(leaf.frame);
        Observation seen{.value = notional_imbalance(sums).value_or(0),
                         .events = static_cast<double>(sums.n()),
                         .events_min = kMinPrints,
                         .missing_share = missing_share(sums, leaf.frame),
                         .source_sequence = context.trades.last_sequence()};
        if (sums.n() == 0) seen.flags.set(Flag::no_event);
        judge(leaf, normalisers_[i], seen, {{Input::trades, context.ages.trades}}, context.second);
    }
}

}  // namespace vt::analysis::order_flow
