#include "analysis/bitcoin_beta/btc_pull.hpp"

#include "indicators/correlation_interval.hpp"

#include <algorithm>

namespace vt::analysis::bitcoin_beta {

Component BtcPull::describe() {
    return {.name = "btc_pull",
            .unit = "1",
            .weight = 0.40,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void BtcPull::evaluate(const BetaContext& context, Component& component) {
    constexpr std::size_t kFrame = beta_index(Frame::m5);
    const BarReturns& returns = context.returns[kFrame];
    const BitcoinInputs& bitcoin = context.bitcoin;
    Observation seen{.events = static_cast<double>(returns.n()), .events_min = kMinReturns};
    seen.flags.set(Flag::kline_based, returns.is_kline_based());
    if (bitcoin.score && returns.line()) {
        const auto interval = indicators::correlation_interval(returns.line()->correlation, returns.n());
        if (interval) seen.value = std::max(0.0, interval->lower) * (*bitcoin.score - 50) / 50;
        seen.covered_share = bitcoin.coverage;
    }
    if (!bitcoin.score) seen.flags.set(Flag::no_input);
    Leaf& leaf = component.leaves.front();
    score_by_strength(leaf, seen,
                      {{Input::btc_mid, bitcoin.mid_age}, {kBetaFrames[kFrame].input, context.bar_age(kFrame)}});
    if (leaf.n >= leaf.n_min) return;
    leaf.flags.set(Flag::warming);
    const Nanos bar = duration(Frame::m5);
    const Nanos to_close = floor_to(context.u(), bar) + bar - context.u();
    leaf.ready_in = to_close + bar * static_cast<std::int64_t>(leaf.n_min - leaf.n - 1);
}

}  // namespace vt::analysis::bitcoin_beta
