#pragma once

#include "analysis/bitcoin_beta/beta_frame.hpp"
#include "base/time.hpp"
#include "indicators/beta_shrinkage.hpp"

#include <array>
#include <optional>

namespace vt::analysis {

/// What an instrument is told of its venue's Bitcoin at the same grid second, and of the other instruments' betas.
struct BitcoinInputs {
    std::optional<double> mid;     ///< at u, by the venue's own times
    std::optional<Nanos> mid_age;  ///< since the quote behind it
    /// Bitcoin's own score at u and how much of its evidence is alive. Its profile has no bitcoin_beta: no circle.
    std::optional<double> score;
    double coverage = 0;
    /// By kBetaFrames: where the betas of the venue's instruments lie.
    std::array<indicators::BetaPrior, kBetaFrames.size()> priors{};
    /// By kBetaFrames: p of the own alpha, corrected for all instruments and frames that were tested. Absent: it was
    /// not tested.
    std::array<std::optional<double>, kBetaFrames.size()> alpha_p{};
};

}  // namespace vt::analysis
