#include "indicators/statistics/linear_regression.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <numbers>

namespace vt::indicators {

LinearRegression::LinearRegression(std::uint32_t period) : tilt_(period) { VT_ASSERT(period >= 2); }

std::optional<LinearRegression::Value> LinearRegression::update(double value) {
    const auto tilt = tilt_.update({.mean = value});
    if (!tilt) return std::nullopt;
    const double n = tilt->count;
    const double slope =
        tilt->products / (n * (n * n - 1) / 12);  // the sum of squares of 0 .. n - 1 about their mean
    const double half = (n - 1) / 2;
    return Value{.end = tilt->mean + slope * half,
                 .slope = slope,
                 .intercept = tilt->mean - slope * half,
                 .angle_degrees = math::atan(slope) * (180 / std::numbers::pi),
                 .forecast = tilt->mean + slope * (half + 1)};
}

}  // namespace vt::indicators
