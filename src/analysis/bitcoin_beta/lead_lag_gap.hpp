#pragma once

#include "analysis/bitcoin_beta/beta_context.hpp"
#include "analysis/leaf.hpp"

namespace vt::analysis::bitcoin_beta {

/// What the instrument still owes to a move of Bitcoin, where it is proven that it follows: lambda times the gap
/// b x - k y over the last theta seconds, k being the share of the own return that was an answer.
///   out:    bps; 0 with flag no_lead_lag where no lead is proven
///   source: docs/indicators/lead_lag_gap.md; oracle `hayashi_yoshida`
class LeadLagGap {
public:
    static constexpr double kMinChanges = 2000;  ///< of the mid that changes less often

    [[nodiscard]] static Component describe();
    static void evaluate(const BetaContext& context, Component& component);
};

}  // namespace vt::analysis::bitcoin_beta
