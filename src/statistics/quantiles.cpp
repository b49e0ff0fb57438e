#include "statistics/quantiles.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>

namespace vt::statistics {
namespace {

/// Where the quantile lies: so many values below, and which share of the way to the next.
struct Place {
    std::size_t index = 0;
    double share = 0;
};

Place place_of(std::size_t n, double q) {
    VT_ASSERT(n > 0);
    VT_ASSERT(q >= 0);
    VT_ASSERT(q <= 1);
    const double position = q * static_cast<double>(n - 1);
    const auto index = static_cast<std::size_t>(position);
    return {index, position - static_cast<double>(index)};
}

/// The quantile of values of which those before `from` are the smallest. Leaves the same true for a larger q.
double selected(std::span<double> values, std::size_t from, double q) {
    const Place place = place_of(values.size(), q);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(place.index);
    std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(from), at, values.end());
    if (place.share == 0) return *at;
    return *at + place.share * (*std::min_element(at + 1, values.end()) - *at);
}

}  // namespace

double quantile_of_sorted(std::span<const double> sorted, double q) {
    const Place place = place_of(sorted.size(), q);
    const double below = sorted[place.index];
    return place.share == 0 ? below : below + place.share * (sorted[place.index + 1] - below);
}

std::optional<Quartiles> quartiles(std::span<double> values) {
    if (values.empty()) return std::nullopt;
    Quartiles found;
    found.lower = selected(values, 0, 0.25);
    found.median = selected(values, place_of(values.size(), 0.25).index, 0.5);
    found.upper = selected(values, place_of(values.size(), 0.5).index, 0.75);
    return found;
}

}  // namespace vt::statistics
