#pragma once

#include "analysis/bitcoin_beta/beta_context.hpp"
#include "analysis/leaf.hpp"

namespace vt::analysis::bitcoin_beta {

/// Where Bitcoin's own score would take the instrument, as far as the two are surely correlated: the lower end of the
/// 95 % interval of their correlation over 288 bars of five minutes, times Bitcoin's opinion.
///   out:    1, in -1..1; coverage also times Bitcoin's own
///   source: docs/indicators/btc_pull.md; oracle `fisher_ci`
class BtcPull {
public:
    [[nodiscard]] static Component describe();
    static void evaluate(const BetaContext& context, Component& component);
};

}  // namespace vt::analysis::bitcoin_beta
