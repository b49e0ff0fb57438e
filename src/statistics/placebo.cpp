#include "statistics/placebo.hpp"

#include "base/math.hpp"
#include "statistics/quantiles.hpp"

#include <algorithm>
#include <vector>

namespace vt::statistics {

std::optional<PlaceboComparison> compare_with_placebos(double observed, std::span<const double> placebos) {
    constexpr std::size_t kFewestPlacebos = 20;
    if (placebos.size() < kFewestPlacebos) return std::nullopt;
    std::vector<double> sorted(placebos.begin(), placebos.end());
    std::ranges::sort(sorted);
    const auto n = static_cast<double>(sorted.size());
    const auto below = static_cast<double>(std::ranges::lower_bound(sorted, observed) - sorted.begin());
    const auto not_above = static_cast<double>(std::ranges::upper_bound(sorted, observed) - sorted.begin());
    PlaceboComparison found{.placebos = sorted.size()};
    found.percentile = (below + not_above) / 2 / n;
    found.p = (1 + n - below) / (1 + n);
    found.mean = math::mean(sorted);
    found.percentile_95 = quantile_of_sorted(sorted, 0.95);
    found.is_beaten = observed > found.percentile_95;
    return found;
}

}  // namespace vt::statistics
