#include "confluence/warm_up.hpp"

#include "analysis/coverage.hpp"
#include "analysis/frame.hpp"

#include <algorithm>

namespace vt::confluence {
namespace {

constexpr std::int64_t kMinutesMax = 30 * 24 * 60;

/// The leaf's coverage after `wait`: a warming one grows with its samples, one whose window has a hole is whole again
/// once the window has passed, any other keeps what it has.
double leaf_coverage_after(const analysis::Leaf& leaf, Nanos wait) {
    if (!leaf.flags.has(analysis::Flag::warming) || !leaf.ready_in) {
        const bool heals = leaf.flags.has(analysis::Flag::gap) && leaf.n >= leaf.n_min && leaf.n_min > 0;
        if (!heals || wait < analysis::duration(leaf.frame)) return leaf.coverage;
        return std::max(leaf.coverage, analysis::history_coverage(leaf.n, leaf.n_min));
    }
    if (wait < *leaf.ready_in) return 0;
    const Nanos period = analysis::duration(leaf.frame);
    const auto more = static_cast<std::uint64_t>((wait - *leaf.ready_in) / period);
    return analysis::history_coverage(leaf.n_min + more, leaf.n_min);
}

double coverage_after(const ScoreRecord& record, Nanos wait) {
    double total = 0;
    for (const Part& part : record.parts) {
        double dimension = 0;
        for (const analysis::Component& component : part.opinion.components) {
            if (component.is_shadow) continue;
            for (const analysis::Leaf& leaf : component.leaves) {
                dimension += component.weight * leaf.weight * leaf_coverage_after(leaf, wait);
            }
        }
        if (dimension >= analysis::kMinDimensionCoverage) total += part.weight * dimension;
    }
    return total;
}

}  // namespace

std::optional<Nanos> ready_in(const ScoreRecord& record, double coverage_min) {
    const auto enough_after = [&](std::int64_t minutes) {
        return coverage_after(record, std::chrono::minutes{minutes}) >= coverage_min - kCoverageTolerance;
    };
    if (!enough_after(kMinutesMax)) return std::nullopt;
    std::int64_t low = 0;
    std::int64_t high = kMinutesMax;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (enough_after(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return std::chrono::minutes{low};
}

}  // namespace vt::confluence
