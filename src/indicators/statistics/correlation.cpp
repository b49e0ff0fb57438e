#include "indicators/statistics/correlation.hpp"

#include <cmath>
#include <utility>

namespace vt::indicators {

std::optional<double> Correlation::update(double x, double y) {
    const auto moments = moments_.update({.mean_x = x, .mean_y = y});
    if (!moments || moments->squares_x == 0 || moments->squares_y == 0) return std::nullopt;
    // Root by root: the product of two small sums of squares can vanish where they do not.
    return moments->products / (std::sqrt(moments->squares_x) * std::sqrt(moments->squares_y));
}

std::optional<double> ReturnBeta::update(double x, double y) {
    const double before_x = std::exchange(previous_x_, x);
    const double before_y = std::exchange(previous_y_, y);
    if (!std::exchange(has_previous_, true)) return std::nullopt;
    const auto moments = moments_.update({.mean_x = (x - before_x) / before_x, .mean_y = (y - before_y) / before_y});
    if (!moments || moments->squares_x == 0) return std::nullopt;
    return moments->products / moments->squares_x;
}

void ReturnBeta::clear() {
    has_previous_ = false;
    moments_.clear();
}

}  // namespace vt::indicators
