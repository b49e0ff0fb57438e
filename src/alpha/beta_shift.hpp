#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"
#include "indicators/beta_break.hpp"

#include <cstddef>
#include <optional>

namespace vt::alpha {

struct Facts;

/// A beta that became another at one place of the bars: expansion where it grew, compression where it shrank.
struct BetaShift {
    double before = 0;
    double after = 0;
    double change_sd = 0;  ///< after - before, in its standard error
    double move = 0;  ///< what the shift moved the price by since, (after - before) times Bitcoin's move, in sd of
                      ///< the own part's walk
    double p = 1;     ///< of the CUSUM, where nothing changed
    std::optional<double> q = {};        ///< corrected for all instruments that were measured with it
    std::optional<double> kalman_share;  ///< of the change that the Kalman beta has followed; absent: it has none
    std::size_t bars_after = 0;
    double coverage = 0;
};
///   in:     `broken` of these bars; `kalman` their newest Kalman beta
///   out:    absent where either side of the place holds fewer than 30 bars or no line
///   cost:   O(n)
///   source: Zeileis and Hornik 2007 (the place), least squares on both sides of it; the error of the change is too
///           small, for the place was chosen where the change is largest: the CUSUM's p is what decides
[[nodiscard]] std::optional<BetaShift> measure_shift(const Bars& bars, const indicators::BreakTest& broken,
                                                     const std::optional<double>& kalman);

/// A beta that became another stays another, and what the shift began goes on.
///   figure:  the change of beta in sd, with the sign of the move that the shift made: expansion while Bitcoin rises
///            points up, while it falls down; compression the other way
///   errs:    a single hour of news looks like a shift; where Bitcoin turns, so does what the shift means
///   cost:    O(1)
///   source:  docs/alpha.md
[[nodiscard]] Verdict judge_beta_shift(const Facts& facts, const Params& params);

}  // namespace vt::alpha
