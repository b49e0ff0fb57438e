#include "engine/signal_odds.hpp"

#include "statistics/normal.hpp"
#include "statistics/wilson.hpp"

#include <cmath>

namespace vt::engine {

std::optional<risk::WinChance> win_chance(const signals::Signal& signal, const track_record::StrategyEdge& edge) {
    if (signal.is_uncalibrated || !signal.probability || !signal.levels) return std::nullopt;
    const double strength = track_record::strength_of(signal.score, signal.side == market::Side::buy ? 1 : -1);
    const track_record::EdgeBin* bin = edge.bin_of(strength);
    if (bin == nullptr || !(bin->effective > 0)) return std::nullopt;
    const double probability = *signal.probability;
    const double costs = signal.costs.round_trip_bps() * 1e-4 * signal.levels->entry;
    const double win = std::abs(signal.levels->targets.front() - signal.levels->entry) - costs;
    if (!(win > 0)) return std::nullopt;
    return risk::WinChance{
        .probability = probability,
        .low = statistics::wilson_interval(probability * bin->effective, bin->effective, statistics::kNormal90).lower,
        .standard_error = std::sqrt(probability * (1 - probability) / bin->effective),
        .payoff = win / (signal.levels->stop_distance + costs)};
}

std::optional<risk::EdgeHealth> edge_health(const track_record::StrategyEdge& edge) {
    if (!(edge.decay.alarm > 0)) return std::nullopt;
    return risk::EdgeHealth{.decay = edge.decay.level, .alarm = edge.decay.alarm};
}

}  // namespace vt::engine
