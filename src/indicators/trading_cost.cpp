#include "indicators/trading_cost.hpp"

#include "base/assert.hpp"

#include <cmath>
#include <cstddef>

namespace vt::indicators {

std::optional<double> amihud_illiquidity(std::span<const double> returns, std::span<const double> notionals) {
    VT_ASSERT(returns.size() == notionals.size());
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!(notionals[i] > 0)) continue;
        sum += std::abs(returns[i]) / notionals[i];
        count += 1;
    }
    if (count == 0) return std::nullopt;
    return sum / count;
}

std::optional<double> roll_spread(std::span<const double> prices) {
    if (prices.size() < 4) return std::nullopt;
    const std::size_t pairs = prices.size() - 2;
    const auto change = [&](std::size_t i) { return prices[i + 1] - prices[i]; };
    double mean_before = 0;
    double mean_after = 0;
    for (std::size_t i = 0; i < pairs; ++i) {
        mean_before += change(i);
        mean_after += change(i + 1);
    }
    mean_before /= static_cast<double>(pairs);
    mean_after /= static_cast<double>(pairs);
    double covariance = 0;
    for (std::size_t i = 0; i < pairs; ++i) covariance += (change(i) - mean_before) * (change(i + 1) - mean_after);
    covariance /= static_cast<double>(pairs - 1);
    return covariance < 0 ? 2 * std::sqrt(-covariance) : 0;
}

}  // namespace vt::indicators
