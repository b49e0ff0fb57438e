#include "statistics/moments.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {

std::optional<Moments> moments(std::span<const double> values) {
    if (values.size() < 2) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    const auto [least, most] = std::ranges::minmax(values);
    const double largest = std::max(std::abs(least), std::abs(most));
    const double mean = math::mean(values);
    double second = 0, third = 0, fourth = 0;
    for (const double value : values) {
        const double distance = value - mean;
        const double square = distance * distance;
        second += square;
        third += square * distance;
        fourth += square * square;
    }
    // Values that differ by rounding only leave noise here, not zero: about one unit in the last place a value.
    if (least == most || second <= n * largest * largest * 1e-30) return std::nullopt;
    const double variance = second / n;
    return Moments{.n = values.size(),
                   .mean = mean,
                   .sd = std::sqrt(second / (n - 1)),
                   .skewness = third / n / (variance * std::sqrt(variance)),
                   .kurtosis = fourth / n / (variance * variance)};
}

}  // namespace vt::statistics
