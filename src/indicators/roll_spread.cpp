#include "indicators/roll_spread.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vt::indicators {

std::optional<double> roll_spread(std::span<const double> prices) {
    if (prices.size() < 4) return std::nullopt;
    const std::size_t pairs = prices.size() - 2;
    const auto n = static_cast<double>(pairs);
    // Each change but the last is paired with the one after it.
    const double mean_first = (prices[pairs] - prices[0]) / n;
    const double mean_second = (prices[pairs + 1] - prices[1]) / n;
    double sum = 0;
    for (std::size_t i = 0; i < pairs; ++i) {
        const double first = prices[i + 1] - prices[i];
        const double second = prices[i + 2] - prices[i + 1];
        sum += (first - mean_first) * (second - mean_second);
    }
    return 2 * std::sqrt(std::max(0.0, -sum / (n - 1)));
}

}  // namespace vt::indicators
