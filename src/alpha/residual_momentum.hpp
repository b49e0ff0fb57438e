#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"

#include <optional>

namespace vt::alpha {

struct Facts;

/// How far an instrument went by itself over the bars before the newest few.
struct ResidualMomentum {
    double move = 0;  ///< in standard deviations of a walk of so many bars; + up
    double beta = 0;
    double p = 1;
    std::optional<double> q = {};  ///< corrected for all instruments that were measured with it
    double coverage = 0;
};
///   move = sum over the bars of (y - beta x) / (sd sqrt(bars)), the newest `skip` bars left out
///   out:  absent where the bars hold no line or fewer than bars + skip
///   cost: O(n)
[[nodiscard]] std::optional<ResidualMomentum> measure_momentum(const Bars& half_hours, const Params& params);

/// What moved by itself for a day goes on.
///   figure:  the move of 24 hours that ended four hours ago, in sd; the hours since are left out, for residuals
///            revert over those
///   errs:    where the drift has just ended; where everything but Bitcoin moved together, which is one move in many
///            instruments; with news that is over. No advantage over its costs is known in this market
///   cost:    O(1)
///   source:  Blitz, Huij and Martens 2011, Residual momentum (months of stocks; here days)
[[nodiscard]] Verdict judge_residual_momentum(const Facts& facts, const Params& params);

}  // namespace vt::alpha
