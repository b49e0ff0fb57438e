#include "track_record/decay_watch.hpp"

#include <algorithm>
#include <vector>

namespace vt::track_record {

statistics::EdgeDecay watch_decay(std::span<const Judged* const> ended, std::span<const double> weights,
                                  const statistics::EdgeDecayLimits& limits, std::optional<Timestamp> since) {
    std::vector<std::size_t> order(ended.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ended[i]->ended_at; });
    statistics::EdgeDecay decay(limits);
    for (const std::size_t i : order) {
        const auto& claimed = ended[i]->probability;
        if (!claimed || !(*claimed > 0) || !(*claimed < 1)) continue;
        if (since && ended[i]->ended_at < *since) continue;
        decay.add(ended[i]->barrier == Barrier::target, *claimed, std::min(1.0, weights[i]));
    }
    return decay;
}

}  // namespace vt::track_record
