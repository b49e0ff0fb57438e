#include "indicators/beta_break.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "indicators/least_squares.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

double brownian_bridge_p(double d) {
    constexpr double kSurelyExceeded = 0.2;  // the chance of less is 5e-13, and the series converges slowly there
    if (d < kSurelyExceeded) return 1;
    double sum = 0;
    for (int k = 1; k <= 100; ++k) {
        const double term = math::exp(-2.0 * k * k * d * d);
        sum += k % 2 == 1 ? term : -term;
        if (term < 1e-18) break;
    }
    return std::clamp(2 * sum, 0.0, 1.0);
}

std::optional<BreakTest> beta_break(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.size() < kMinBreakPairs) return std::nullopt;
    const auto line = least_squares(x, y, 0);
    if (!line) return std::nullopt;
    double mean = 0;
    for (const double value : x) mean += value;
    mean /= static_cast<double>(x.size());

    BreakTest found;
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double score = (x[i] - mean) * (y[i] - line->intercept - line->slope * x[i]);
        sum += score;
        squares += score * score;
        if (std::abs(sum) <= largest) continue;
        largest = std::abs(sum);
        found.at = i + 1;
    }
    // An exact fit leaves rounding here.
    const double size = line->slope * line->slope + 1;
    double quartic = 0;
    for (const double value : x) quartic += (value - mean) * (value - mean) * (value - mean) * (value - mean);
    if (!(squares > quartic * size * 1e-28)) return std::nullopt;
    found.statistic = largest / std::sqrt(squares);
    found.p = brownian_bridge_p(found.statistic);
    return found;
}

}  // namespace vt::indicators
