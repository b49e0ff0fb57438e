#pragma once

#include "indicators/window/moments.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The least-squares line through the last `period` values, by bar.
///   in:     period >= 2
///   out:    absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib LINEARREG, LINEARREG_SLOPE, LINEARREG_INTERCEPT, LINEARREG_ANGLE, TSF, which take the
///           difference of two large products; this sums products of deviations
class LinearRegression {
public:
    struct Value {
        double end = 0;            ///< the line at the newest bar, in the unit of the values (LINEARREG)
        double slope = 0;          ///< unit a bar (LINEARREG_SLOPE)
        double intercept = 0;      ///< the line at the oldest bar (LINEARREG_INTERCEPT)
        double angle_degrees = 0;  ///< arc tangent of the slope, -90 .. 90: depends on the unit (LINEARREG_ANGLE)
        double forecast = 0;       ///< the line one bar ahead (TSF)
    };
    explicit LinearRegression(std::uint32_t period = 14);

    std::optional<Value> update(double value);
    void clear() { tilt_.clear(); }

private:
    MovingTilt tilt_;
};

}  // namespace vt::indicators
