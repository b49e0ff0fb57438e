#include "indicators/volatility/true_range.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::indicators {

double true_range(double high, double low, double previous_close) {
    return std::max({high - low, std::abs(high - previous_close), std::abs(low - previous_close)});
}

std::optional<double> TrueRange::update(double high, double low, double close) {
    const auto before = std::exchange(previous_close_, close);
    if (!before) return std::nullopt;
    return true_range(high, low, *before);
}

}  // namespace vt::indicators
