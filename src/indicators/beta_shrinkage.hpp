#pragma once

namespace vt::indicators {

/// What is believed of a beta before its own returns are seen: where the betas of the other instruments lie.
struct BetaPrior {
    double mean = 1.2;
    double sd = 0.3;
};

struct ShrunkBeta {
    double weight = 0;  ///< of the estimate, 0..1; the rest is the prior's
    double beta = 0;
    double error = 0;  ///< of the posterior
};

/// Vasicek's: w b + (1 - w) mean, w = sd^2/(sd^2 + error^2). The less an estimate is known, the more it gives way.
///   in:     error >= 0, prior.sd >= 0; both 0: the estimate stands
///   cost:   O(1)
///   source: Vasicek 1973; oracle `beta_vasicek`
[[nodiscard]] ShrunkBeta vasicek(double beta, double error, const BetaPrior& prior);

/// Blume's: 1/3 + 2/3 b, the same pull towards 1 for all.
///   source: Blume 1971; oracle `beta_vasicek`
[[nodiscard]] double blume(double beta);

}  // namespace vt::indicators
