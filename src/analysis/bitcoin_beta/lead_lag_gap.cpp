#include "analysis/bitcoin_beta/lead_lag_gap.hpp"

#include <algorithm>
#include <cstdint>

namespace vt::analysis::bitcoin_beta {
namespace {

/// lambda g in bps. out: absent where one of the seconds is not known
std::optional<double> gap_bps(const LeadLagEstimate& estimate, const SecondReturns& returns) {
    if (!returns.are_newest_known(estimate.lag_s)) return std::nullopt;
    double x = 0;
    double y = 0;
    for (const float one : returns.bitcoin().last(estimate.lag_s)) x += static_cast<double>(one);
    for (const float one : returns.own().last(estimate.lag_s)) y += static_cast<double>(one);
    return 1e4 * estimate.lambda * (estimate.beta * x - estimate.answered * y);
}

}  // namespace

Component LeadLagGap::describe() {
    return {.name = "lead_lag_gap",
            .unit = "bps",
            .weight = 0.35,
            .map = MapKind::z0,
            .leaves = {{.frame = Frame::m1, .weight = 1, .map = {.kind = MapKind::z0}}}};
}

void LeadLagGap::evaluate(const BetaContext& context, Component& component) {
    Leaf& leaf = component.leaves.front();
    Observation seen{.events_min = kMinChanges, .flags = context.quote_flags};
    std::optional<Nanos> age;
    if (const auto& estimate = context.lead_lag) {
        age = context.u() - estimate->at;
        seen.events = estimate->changes;
        seen.missing_share = 1 - static_cast<double>(estimate->known_seconds) / estimate->seconds;
        // One standard deviation of the instrument's return over the lag is one of the score.
        leaf.map.spread = {.spread = estimate->own_sd_bps, .is_degenerate = !(estimate->own_sd_bps > 0)};
        if (!estimate->has_lead()) seen.flags.set(Flag::no_lead_lag);
        seen.value = estimate->has_lead() ? gap_bps(*estimate, context.seconds) : std::optional(0.0);
        if (leaf.map.spread.is_degenerate) {
            seen.value.reset();
            seen.flags.set(Flag::degenerate);
        }
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(
        leaf, seen,
        {{Input::book, context.ages.quote}, {Input::btc_mid, context.bitcoin.mid_age}, {Input::lead_lag, age}});
    if (context.lead_lag) return;
    const auto known = static_cast<std::int64_t>(context.seconds.count_known(0, context.seconds.size()));
    const Nanos missing =
        kSecond * std::max<std::int64_t>(0, static_cast<std::int64_t>(LeadLagSearch::kMinSeconds) - known);
    leaf.ready_in = missing + LeadLagSearch::kEvery;
}

}  // namespace vt::analysis::bitcoin_beta
