#include "statistics/newey_west.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {

std::size_t newey_west_lags(std::size_t n) {
    if (n == 0) return 0;
    const double lags = std::floor(4 * math::pow(static_cast<double>(n) / 100, 2.0 / 9));
    return static_cast<std::size_t>(lags) < n ? static_cast<std::size_t>(lags) : n - 1;
}

std::optional<MeanTest> newey_west_mean(std::span<const double> values, std::size_t lags) {
    const std::size_t n = values.size();
    if (n < 2) return std::nullopt;
    VT_ASSERT(lags < n);
    double sum = 0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(n);

    double variance = 0;  // n times the long-run variance
    for (const double value : values) variance += (value - mean) * (value - mean);
    const auto [least, most] = std::ranges::minmax(values);
    const double largest = std::max(std::abs(least), std::abs(most));
    // Values that differ by rounding only leave noise here, not zero: about one unit in the last place a value.
    if (least == most || variance <= static_cast<double>(n) * largest * largest * 1e-30) return std::nullopt;
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        double product = 0;
        for (std::size_t i = lag; i < n; ++i) product += (values[i] - mean) * (values[i - lag] - mean);
        variance += 2 * bartlett_weight(lag, lags) * product;
    }
    if (!(variance > 0)) return std::nullopt;  // Bartlett weights keep it from being negative, except by rounding
    MeanTest test{.mean = mean, .n = n, .lags = lags};
    test.standard_error = std::sqrt(variance) / static_cast<double>(n);
    test.t = test.mean / test.standard_error;
    return test;
}

std::optional<MeanTest> newey_west_mean(std::span<const double> values) {
    return newey_west_mean(values, newey_west_lags(values.size()));
}

}  // namespace vt::statistics
