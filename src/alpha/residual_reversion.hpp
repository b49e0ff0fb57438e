#pragma once

#include "alpha/params.hpp"
#include "alpha/residuals.hpp"
#include "alpha/verdict.hpp"

#include <optional>

namespace vt::alpha {

struct Facts;

/// The own part of a price, where it goes back to one level, and how far it is from it.
struct ResidualLevel {
    double distance = 0;  ///< from its level, in standard deviations of such distances; + above
    double distance_bps = 0;
    double half_life_bars = 0;     ///< of a distance
    double t = 0;                  ///< Dickey and Fuller's: how surely it goes back
    double p = 1;                  ///< of that, where it were a walk
    std::optional<double> q = {};  ///< corrected for all instruments that were measured with it
    double beta = 0;
    double coverage = 0;
    /// What of the distance is given back after so many bars, bps, with the sign of the move that gives it back.
    [[nodiscard]] double given_back_bps(double bars) const;
};
///   X_t = sum to t of (y - beta x); X_t - X_(t-1) = c + phi X_(t-1) + e; level -c/phi; sd of distances
///   sd(e)/sqrt(1 - (1 + phi)^2). No constant is taken from the residuals: sums that end at 0 would look as if they
///   went back to it.
///   out:    absent where the bars hold no line, and where nothing draws it back (phi not in (-1, 0))
///   cost:   O(n), does not allocate but for `scratch`
///   source: Avellaneda and Lee 2010 (the level and the distance); Dickey and Fuller 1979
[[nodiscard]] std::optional<ResidualLevel> measure_level(const Bars& bars);

/// The chance of a Dickey-Fuller t at least as low, of a walk. That of one series: beta is fitted to returns, not to
/// levels, so it does not make the levels return.
///   out:    0..1, to about three digits
///   source: MacKinnon 1994, the case with a constant
[[nodiscard]] double dickey_fuller_p(double t);

/// What went far from a level to which it demonstrably goes back, goes back.
///   figure:  the distance, in sd; the side is the way back
///   errs:    when the level itself moves: then the distance is a beginning, not an end; on news
///   cost:    O(1)
///   source:  Avellaneda and Lee 2010, Statistical arbitrage in the US equities market
[[nodiscard]] Verdict judge_residual_reversion(const Facts& facts, const Params& params);

}  // namespace vt::alpha
