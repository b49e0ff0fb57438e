#pragma once

#include "analysis/bitcoin_beta/beta_context.hpp"
#include "analysis/leaf.hpp"

namespace vt::analysis::bitcoin_beta {

/// A drift that Bitcoin does not explain and chance hardly: Newey-West's t of alpha, where it is beyond 3 and stands
/// among all instruments and frames that were tested with it (Benjamini-Hochberg). Shown, weight 0.
///   out:    t; 0 with flag no_event where it does not stand
///   source: docs/indicators/alpha_drift.md; oracle `beta_ols` hac, `multiple_tests`
class AlphaDrift {
public:
    static constexpr double kMinT = 3;
    static constexpr double kMaxP = 0.05;  ///< the share of false ones among those shown

    [[nodiscard]] static Component describe();
    static void evaluate(const BetaContext& context, Component& component);
};

}  // namespace vt::analysis::bitcoin_beta
