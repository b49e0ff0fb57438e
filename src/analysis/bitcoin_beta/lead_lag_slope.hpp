#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::analysis::bitcoin_beta {

/// How an instrument's next return hangs on Bitcoin's last and on its own: y' = lambda (beta x - answered y).
struct LeadLagSlope {
    double lambda = 0;    ///< share of Bitcoin's move that is still to come; not bounded
    double answered = 0;  ///< share of the own last return that was an answer to it, 0..1
    double t_hac = 0;     ///< of x beside y, by Newey-West
    double own_sd = 0;    ///< of the instrument's returns over `lag` seconds
    std::size_t n = 0;
};
/// Regresses y over (t, t + lag] on x and y over (t - lag, t], at instants so far apart that nothing overlaps. Both
/// are needed: a price that moves by ticks or comes to rest slowly goes on in its own direction, and would hide
/// Bitcoin's part if the two were put into one gap beforehand.
///   in:   returns of one second each, of equal number; beta not 0, lag > 0
///   out:  absent for fewer than 60 instants and where x or the future does not vary beside y
///   cost: O(n), does not allocate
///   source: docs/indicators/lead_lag_gap.md
[[nodiscard]] std::optional<LeadLagSlope> lead_lag_slope(std::span<const float> x, std::span<const float> y,
                                                         double beta, std::size_t lag);

}  // namespace vt::analysis::bitcoin_beta
