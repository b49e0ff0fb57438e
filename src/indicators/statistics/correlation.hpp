#pragma once

#include "indicators/window/moments.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Pearson's correlation of the last `period` pairs.
///   out:    -1 .. 1, but for rounding; absent until `period` pairs were seen, and where a series stands still
///           (TA-Lib: 0)
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib CORREL, whose sums of products cancel; these are of deviations
class Correlation {
public:
    explicit Correlation(std::uint32_t period = 30) : moments_(period) {}

    std::optional<double> update(double x, double y);
    void clear() { moments_.clear(); }

private:
    MovingJointMoments moments_;
};

/// The slope of y's one-bar returns on x's, over the last `period` returns.
///   in:     prices of two series at the same bars, not 0
///   out:    return of y for a return of x of 1; absent until `period` + 1 pairs were seen, and where x stands still
///           (TA-Lib: 0)
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib BETA(x, y), whose sums of products cancel
class ReturnBeta {
public:
    explicit ReturnBeta(std::uint32_t period = 5) : moments_(period) {}

    std::optional<double> update(double x, double y);
    void clear();

private:
    bool has_previous_ = false;
    double previous_x_ = 0;
    double previous_y_ = 0;
    MovingJointMoments moments_;
};

}  // namespace vt::indicators
