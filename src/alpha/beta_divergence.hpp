#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"
#include "analysis/bitcoin_beta/beta_estimates.hpp"

#include <optional>

namespace vt::alpha {

struct Facts;

/// The beta of a day beside that of a week.
struct BetaDivergence {
    double day = 0;            ///< Dimson's, of 5-minute bars: what stale quotes hide of it is put back
    double week = 0;           ///< least squares, of 30-minute bars
    double difference_sd = 0;  ///< day - week, in its standard error
    double bitcoin = 0;        ///< Bitcoin's move of the last hour, in sd
    double p = 1;
    std::optional<double> q = {};        ///< corrected for all instruments that were measured with it
    std::optional<double> break_p = {};  ///< of a break within the day
    double coverage = 0;
};
///   in:     estimates of 5-minute and of 30-minute bars; the 5-minute bars themselves
///   out:    absent without a Dimson beta or with fewer than 12 bars
///   cost:   O(n)
///   source: Dimson 1979; the week holds the day, so the error of the difference is a little too large
[[nodiscard]] std::optional<BetaDivergence> measure_divergence(const Bars& five_minutes,
                                                               const analysis::bitcoin_beta::BetaEstimates& day,
                                                               const analysis::bitcoin_beta::BetaEstimates& week);

/// A beta of today that is not the usual one, without a break to explain it, comes back, and so does what it added to
/// Bitcoin's last move.
///   figure:  the difference in sd, against the sign of difference times Bitcoin's move
///   errs:    where a break has happened that the CUSUM does not see yet: then beta_shift is right, the other way
///   cost:    O(1)
///   source:  docs/alpha.md
[[nodiscard]] Verdict judge_beta_divergence(const Facts& facts, const Params& params);

}  // namespace vt::alpha
