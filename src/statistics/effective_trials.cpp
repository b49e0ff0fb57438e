#include "statistics/effective_trials.hpp"

#include "base/assert.hpp"
#include "statistics/moments.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vt::statistics {
namespace {

/// Each series less its mean, of length 1 as a vector, so that a product is a correlation. False where one is
/// constant.
bool to_unit_vectors(std::span<const std::vector<double>> returns, std::vector<std::vector<double>>& units) {
    for (const auto& series : returns) {
        const auto shape = moments(series);
        if (!shape) return false;
        const double length = shape->sd * std::sqrt(static_cast<double>(shape->n - 1));
        auto& unit = units.emplace_back(series);
        for (double& value : unit) value = (value - shape->mean) / length;
    }
    return true;
}

}  // namespace

std::optional<double> effective_trials(std::span<const std::vector<double>> returns) {
    if (returns.empty()) return std::nullopt;
    for (const auto& series : returns) VT_ASSERT(series.size() == returns.front().size());
    VT_ASSERT(returns.front().size() >= 3);
    std::vector<std::vector<double>> units;
    units.reserve(returns.size());
    if (!to_unit_vectors(returns, units)) return std::nullopt;
    const auto n = static_cast<double>(returns.size());
    const auto periods = static_cast<double>(returns.front().size());
    double squares = n;  // the diagonal
    for (std::size_t a = 0; a < units.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            double r = 0;
            for (std::size_t i = 0; i < units[a].size(); ++i) r += units[a][i] * units[b][i];
            const double without_chance = (r * r * (periods - 1) - 1) / (periods - 2);
            squares += 2 * without_chance;  // below zero as often as chance is above its mean
        }
    }
    return std::clamp(n * n / std::max(squares, n), 1.0, n);
}

}  // namespace vt::statistics
