#include "analysis/order_flow/kyle_lambda.hpp"

#include "indicators/least_squares.hpp"

namespace vt::analysis::order_flow {

KyleLambda::KyleLambda() {
    flow_.reserve(MinuteHistory::kMinutes);
    returns_.reserve(MinuteHistory::kMinutes);
}

Component KyleLambda::describe() {
    return {.name = "kyle_lambda",
            .unit = "bps per 1M quote",
            .map = MapKind::pr,
            .is_shadow = true,
            .leaves = {{.frame = Frame::h4, .weight = 1, .map = {.kind = MapKind::pr}}}};
}

void KyleLambda::measure(const MinuteHistory& history) {
    flow_.clear();
    returns_.clear();
    for (std::size_t i = 0; i < history.size(); ++i) {
        const MinuteRecord& minute = history[i];
        if (!minute.has_flow_and_return()) continue;
        flow_.push_back(minute.trades.net_notional() / 1e6);
        returns_.push_back(*minute.ret_mid_bps);
    }
    bars_ = static_cast<std::uint32_t>(flow_.size());
    value_.reset();
    if (bars_ >= kMinBars) value_ = indicators::least_squares_slope(flow_, returns_);
}

void KyleLambda::evaluate(const FlowContext& context, Component& component) {
    if (context.closes_minute()) measure(context.history);
    Leaf& leaf = component.leaves.front();
    leaf.value = value_;
    leaf.n = bars_;
    leaf.n_min = kMinBars;
    leaf.events = bars_;
    leaf.age = context.ages.trades;
    leaf.source_sequence = context.trades.last_sequence();
    leaf.flags = {Flag::shadow, Flag::non_directional};
    if (bars_ < kMinBars) leaf.flags.set(Flag::warming);
    if (!leaf.age) leaf.flags.set(Flag::no_input);
}

}  // namespace vt::analysis::order_flow
