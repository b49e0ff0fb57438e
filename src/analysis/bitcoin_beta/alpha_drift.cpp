#include "analysis/bitcoin_beta/alpha_drift.hpp"

#include <cmath>

namespace vt::analysis::bitcoin_beta {

Component AlphaDrift::describe() {
    // t is in its own standard deviations already.
    const ScoreMap map{.kind = MapKind::z0, .spread = {.spread = 1, .is_degenerate = false}};
    Component component{.name = "alpha_drift", .unit = "t", .weight = 0, .map = MapKind::z0, .is_shadow = true};
    for (const BetaFrame& each : kBetaFrames)
        component.leaves.push_back({.frame = each.frame, .weight = 1.0 / kBetaFrames.size(), .map = map});
    return component;
}

void AlphaDrift::evaluate(const BetaContext& context, Component& component) {
    for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
        const auto& estimates = context.estimates[i];
        const auto& p = context.bitcoin.alpha_p[i];
        Observation seen{.events_min = kMinReturns, .flags = {Flag::shadow}};
        std::optional<Nanos> age;
        if (estimates && p) {
            const double t = estimates->least_squares.intercept_t_hac;
            const bool stands = std::abs(t) > kMinT && *p <= kMaxP;
            seen.value = stands ? t : 0;
            seen.events = static_cast<double>(estimates->n);
            seen.flags.set(Flag::no_event, !stands);
            seen.flags.set(Flag::kline_based, estimates->is_kline_based);
            age = context.u() - estimates->at;
        } else {
            seen.flags.set(Flag::warming);
        }
        score_by_strength(component.leaves[i], seen, {{kBetaFrames[i].input, age}});
    }
}

}  // namespace vt::analysis::bitcoin_beta
