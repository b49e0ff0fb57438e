#pragma once

#include "alpha/beta_divergence.hpp"
#include "alpha/beta_shift.hpp"
#include "alpha/correlation_breakdown.hpp"
#include "alpha/residual_momentum.hpp"
#include "alpha/residual_reversion.hpp"
#include "alpha/sector_rotation.hpp"
#include "analysis/bitcoin_beta/beta_frame.hpp"
#include "analysis/bitcoin_beta/lead_lag_search.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

namespace vt::alpha {

/// What the bars of one instrument say. Absent: not measured, or what is asked does not exist.
struct Measured {
    std::optional<ResidualMomentum> momentum;
    std::optional<ResidualLevel> level;
    std::optional<CorrelationChange> correlation;
    std::optional<BetaShift> shift;
    std::optional<BetaDivergence> divergence;
    std::optional<SectorMove> sector;
};

/// A drift beside Bitcoin, of one frame.
struct Alpha {
    double t = 0;             ///< Newey and West's
    std::optional<double> q;  ///< corrected for all instruments and frames that were tested with it
    std::size_t n = 0;        ///< bars
    double coverage = 0;
};

/// All that the strategies are told of one instrument at a closed minute.
struct Facts {
    bool is_applicable = false;  ///< there is a beta to Bitcoin: not of Bitcoin itself, nor of stable coins
    std::optional<analysis::bitcoin_beta::LeadLagEstimate> lead_lag;
    std::optional<double> lead_q;   ///< its p, corrected for all instruments that were tested with it
    std::optional<double> gap_bps;  ///< of the newest second: what is still to come
    double gap_coverage = 0;
    std::array<std::optional<Alpha>, analysis::kBetaFrames.size()> alphas;  ///< by kBetaFrames
    std::optional<double> residual_30m;                                     ///< of the last half hour, in sd
    std::optional<double> round_trip_bps;  ///< fees, spread and impact; the dearer side's
    Measured measured;
};

/// A move that is still to come, in round trips. out: absent where either is not known
[[nodiscard]] inline std::optional<double> worth_of(const Facts& facts, const std::optional<double>& move_bps) {
    if (!move_bps || !facts.round_trip_bps || !(*facts.round_trip_bps > 0)) return std::nullopt;
    return std::abs(*move_bps) / *facts.round_trip_bps;
}

}  // namespace vt::alpha
