#include "statistics/calibration_error.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

void add(ReliabilityBin& bin, const Forecast& one) {
    bin.weight += one.weight;
    bin.claimed += one.weight * one.probability;
    bin.came += one.weight * one.outcome;
}

/// Sums become means; bins without weight go.
void finish(std::vector<ReliabilityBin>& bins) {
    std::erase_if(bins, [](const ReliabilityBin& bin) { return !(bin.weight > 0); });
    for (ReliabilityBin& bin : bins) {
        bin.claimed /= bin.weight;
        bin.came /= bin.weight;
    }
}

}  // namespace

std::vector<ReliabilityBin> bins_of_equal_width(std::span<const Forecast> forecasts, std::size_t bins) {
    VT_ASSERT(bins >= 1);
    std::vector<ReliabilityBin> found(bins);
    for (const Forecast& one : forecasts) {
        const auto at = static_cast<std::size_t>(one.probability * static_cast<double>(bins));
        add(found[std::min(at, bins - 1)], one);
    }
    finish(found);
    return found;
}

std::vector<ReliabilityBin> bins_of_equal_mass(std::span<const Forecast> forecasts, std::size_t bins) {
    VT_ASSERT(bins >= 1);
    std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
    std::ranges::stable_sort(sorted, {}, &Forecast::probability);
    std::vector<ReliabilityBin> found;
    std::size_t current = bins;  // none yet
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const bool is_tie = i > 0 && sorted[i].probability == sorted[i - 1].probability;
        const std::size_t share = i * bins / sorted.size();
        if (share != current && !is_tie) {
            found.emplace_back();
            current = share;
        }
        add(found.back(), sorted[i]);
    }
    finish(found);
    return found;
}

std::optional<double> expected_calibration_error(std::span<const ReliabilityBin> bins) {
    double sum = 0, weights = 0;
    for (const ReliabilityBin& bin : bins) {
        sum += bin.weight * std::abs(bin.claimed - bin.came);
        weights += bin.weight;
    }
    if (!(weights > 0)) return std::nullopt;
    return sum / weights;
}

std::optional<BrierParts> brier_parts(std::span<const ReliabilityBin> bins) {
    double weights = 0, came = 0;
    for (const ReliabilityBin& bin : bins) {
        weights += bin.weight;
        came += bin.weight * bin.came;
    }
    if (!(weights > 0)) return std::nullopt;
    const double base = came / weights;
    BrierParts parts{.uncertainty = base * (1 - base)};
    for (const ReliabilityBin& bin : bins) {
        parts.reliability += bin.weight / weights * (bin.claimed - bin.came) * (bin.claimed - bin.came);
        parts.resolution += bin.weight / weights * (bin.came - base) * (bin.came - base);
    }
    return parts;
}

}  // namespace vt::statistics
