#pragma once

#include "base/time.hpp"

#include <optional>
#include <span>

namespace vt::indicators {

/// One point of a price path: when the venue said it, and the logarithm of the mid.
struct PathPoint {
    Timestamp at;
    double log_price = 0;
};

struct Covariation {
    double covariance = 0;  ///< sum of the products of all overlapping increments
    double variance_x = 0;  ///< sum of squared increments
    double variance_y = 0;
    /// Not bounded by 1 in small samples.
    ///   out: nothing where one of the paths stands still
    [[nodiscard]] std::optional<double> correlation() const;
    [[nodiscard]] std::optional<double> beta() const;  ///< of y on x
};

/// The covariation of two paths that are not observed at the same times (Hayashi and Yoshida 2005): no sampling grid,
/// so no Epps effect and no choice of one. `lag` moves y back in time: a peak at +200 ms says that y follows x by as
/// much.
///   in:   times ascending in each
///   cost: O(x + y)
///   source: T. Hayashi, N. Yoshida, Bernoulli 11 (2005) 359-379; the lag: M. Hoffmann, M. Rosenbaum, N. Yoshida,
///           Bernoulli 19 (2013) 426-461
[[nodiscard]] Covariation hayashi_yoshida(std::span<const PathPoint> x, std::span<const PathPoint> y,
                                          Nanos lag = Nanos{0});

struct LeadLag {
    Nanos lag{};             ///< of the largest absolute correlation; positive: y follows x
    double correlation = 0;  ///< there
    double ratio = 1;        ///< squared correlations at positive lags over those at negative ones; above 1: x leads
};
/// The lag at which two paths agree most, on a symmetric grid of -steps..steps times `step`; the smallest wins a tie.
///   out: nothing where one of the paths stands still, or no lag but 0 correlates
///   cost: O((x + y) * steps)
[[nodiscard]] std::optional<LeadLag> lead_lag(std::span<const PathPoint> x, std::span<const PathPoint> y, Nanos step,
                                              int steps);

}  // namespace vt::indicators
