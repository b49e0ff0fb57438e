#include "analysis/smart_money/whale_cluster.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::smart_money {

Component WhaleCluster::describe() {
    return {.name = "whale_cluster",
            .unit = "1",
            .weight = 0.15,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

WhaleClusterEvent* WhaleCluster::newest_of(double side) {
    for (std::size_t i = events_.size(); i-- > 0;) {
        if (events_[i].side == side) return &events_[i];
    }
    return nullptr;
}

/// The chain that ends with whale number `newest`: each link within kSpan and kNear of the one after it.
void WhaleCluster::look(const TradeFlow& trades, std::size_t newest, double atr_5m) {
    const Ring<Whale>& whales = trades.whales();
    const Whale& last = whales[newest];
    const double side = last.signed_notional > 0 ? 1 : -1;
    WhaleClusterEvent chain{.side = side,
                            .t_event = last.time,
                            .t_confirm = last.time,
                            .last = last.time,
                            .whales = 1,
                            .notional = std::abs(last.signed_notional),
                            .threshold = trades.whale_threshold().value_or(0),
                            .low = last.price,
                            .high = last.price};
    for (std::size_t i = newest; i-- > 0;) {
        const Whale& one = whales[i];
        if (chain.t_event - one.time > kSpan) break;
        if (one.signed_notional * side < 0) continue;
        if (one.price < chain.low - kNear * atr_5m || one.price > chain.high + kNear * atr_5m) continue;
        chain.t_event = one.time;
        chain.low = std::min(chain.low, one.price);
        chain.high = std::max(chain.high, one.price);
        chain.notional += std::abs(one.signed_notional);
        ++chain.whales;
    }
    if (chain.whales < kMinWhales || !(chain.threshold > 0)) return;
    WhaleClusterEvent* known = newest_of(side);
    if (known == nullptr || known->last < chain.t_event) {
        events_.push(chain);
        return;
    }
    chain.t_confirm = known->t_confirm;
    chain.t_event = std::min(chain.t_event, known->t_event);
    *known = chain;
}

void WhaleCluster::evaluate(const order_flow::FlowContext& context, std::optional<double> atr_5m,
                            Component& component) {
    const Timestamp u = context.u();
    const Ring<Whale>& whales = context.trades.whales();
    Observation seen{.events = static_cast<double>(context.trades.parents_of_day()),
                     .events_min = static_cast<double>(TradeFlow::kMinParentsOfWhales),
                     .missing_share = order_flow::missing_share(context.trades_5m, Frame::m5),
                     .source_sequence = context.trades.last_sequence()};
    if (context.trades.whale_threshold() && atr_5m) {
        // A parent of the last second, or one that went on into it.
        for (std::size_t i = 0; i < whales.size(); ++i) {
            if (u - whales[i].time <= 2 * kSecond) look(context.trades, i, *atr_5m);
        }
        double sum = 0;
        for (const double side : {1.0, -1.0}) {
            const WhaleClusterEvent* event = newest_of(side);
            if (event == nullptr) continue;
            const double half_lives = to_seconds(u - event->last) / to_seconds(kHalfLife);
            sum += side * std::min(1.0, event->notional / (3 * event->threshold)) * math::exp2(-half_lives);
        }
        seen.value = std::clamp(sum, -1.0, 1.0);
        if (std::abs(*seen.value) < 1e-9) {
            seen.value = 0;
            seen.flags.set(Flag::no_event);
        }
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(component.leaves.front(), seen, {{Input::trades, context.ages.trades}});
}

}  // namespace vt::analysis::smart_money
