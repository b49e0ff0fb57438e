#pragma once

#include "indicators/bar.hpp"
#include "indicators/window/moments.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

// Estimators of volatility from bars. All: the standard deviation of a bar's log return, as a fraction a bar (not per
// year: multiply by the root of the bars in a year), not negative; O(1) amortised and five logarithms at most a bar,
// allocates on construction only. o, h, l, c are logarithms of the bar's prices, c1 of the close before.

/// Sample deviation of c - c1 over the last `period` returns.
///   in:     period >= 2
///   out:    absent until `period` + 1 bars were seen
class CloseToCloseVolatility {
public:
    explicit CloseToCloseVolatility(std::uint32_t period = 20);
    std::optional<double> update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_close_;
    MovingMoments returns_;
};

// What one bar says of the variance.
/// (h - l)^2 / (4 ln 2).
[[nodiscard]] double parkinson_variance(const Bar& bar);
/// (h - l)^2 / 2 - (2 ln 2 - 1) (c - o)^2: not negative, the body being within the range.
[[nodiscard]] double garman_klass_variance(const Bar& bar);
/// (h - c)(h - o) + (l - c)(l - o): not negative, the high being not below, the low not above, open and close.
[[nodiscard]] double rogers_satchell_variance(const Bar& bar);

/// Root of the mean of what `period` bars say.
///   out:    absent until `period` bars were seen
template <double (*variance)(const Bar&)>
class RangeVolatility {
public:
    explicit RangeVolatility(std::uint32_t period = 20) : sum_(period) {}
    std::optional<double> update(const Bar& bar);
    void clear() { sum_.clear(); }

private:
    MovingSum sum_;
};
extern template class RangeVolatility<parkinson_variance>;
extern template class RangeVolatility<garman_klass_variance>;
extern template class RangeVolatility<rogers_satchell_variance>;

/// Right without drift; too low where trading is thin.
///   source: Parkinson 1980
using ParkinsonVolatility = RangeVolatility<parkinson_variance>;
/// Right without drift.
///   source: Garman, Klass 1980, the practical form
using GarmanKlassVolatility = RangeVolatility<garman_klass_variance>;
/// Right with any drift.
///   source: Rogers, Satchell 1991
using RogersSatchellVolatility = RangeVolatility<rogers_satchell_variance>;

/// Root of var(o - c1) + k var(c - o) + (1 - k) RS, sample variances, RS the mean of Rogers and Satchell,
/// k = 0.34 / (1.34 + (n + 1) / (n - 1)). Right with any drift and with jumps between bars.
///   in:     period n >= 2
///   out:    absent until `period` + 1 bars were seen
///   source: Yang, Zhang 2000
class YangZhangVolatility {
public:
    explicit YangZhangVolatility(std::uint32_t period = 20);
    std::optional<double> update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_close_;
    MovingMoments between_;
    MovingMoments within_;
    MovingSum range_;
};

}  // namespace vt::indicators
