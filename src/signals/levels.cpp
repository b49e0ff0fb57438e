#include "signals/levels.hpp"

#include <algorithm>
#include <cmath>

namespace vt::signals {
namespace {

constexpr double kStructureMarginAtr = 0.25;
constexpr double kStructureAtrMin = 1;
constexpr double kStructureAtrMax = 3;
constexpr double kCostMultiple = 5;  // a stop nearer than five round trips loses more to costs than it can tell
constexpr double kMaintenanceMargin = 0.005;
/// A level that already lies on a tick stays there, whatever the last bit of the division says.
constexpr double kTickTolerance = 1e-6;

double away(double price, double tick, double direction) {
    const double steps = price / tick;
    const double whole = direction > 0 ? std::ceil(steps - kTickTolerance) : std::floor(steps + kTickTolerance);
    // Steps divided by a whole number of them to the unit are the nearest double to the price as it is written.
    const double per_unit = std::round(1 / tick);
    return std::abs(per_unit * tick - 1) < kTickTolerance ? whole / per_unit : whole * tick;
}

double market_distance(const LevelInputs& in, double entry, const Params& params) {
    double distance = params.stop_atr * in.atr;
    if (in.structure) {
        const double swing = market::sign(in.side) * (entry - *in.structure);
        if (swing >= kStructureAtrMin * in.atr && swing <= kStructureAtrMax * in.atr)
            distance = std::max(distance, swing + kStructureMarginAtr * in.atr);
    }
    return distance;
}

}  // namespace

std::optional<Levels> levels_of(const LevelInputs& in, const Params& params) {
    const double side = market::sign(in.side);
    Levels levels;
    levels.entry = in.mid * (1 + side * in.costs.entry_bps * 1e-4);
    levels.market_distance = market_distance(in, levels.entry, params);
    const double cost = kCostMultiple * in.costs.round_trip_bps() * 1e-4 * levels.entry;
    const double distance = std::max(levels.market_distance, cost);
    levels.stop = away(levels.entry - side * distance, in.tick, -side);
    levels.stop_distance = std::abs(levels.entry - levels.stop);
    levels.stop_atr = levels.stop_distance / in.atr;
    levels.liquidation_share = levels.stop_distance / (levels.entry * (1 / params.leverage - kMaintenanceMargin));
    for (std::size_t i = 0; i < kTargetCount; ++i) {
        levels.targets[i] =
            away(levels.entry + side * params.target_distances[i] * levels.stop_distance, in.tick, side);
    }
    const double lowest = side > 0 ? levels.stop : levels.targets.back();
    if (!(lowest > 0)) return std::nullopt;
    return levels;
}

double size_share(const Levels& levels, const Costs& costs, const Params& params) {
    const double fees_and_exit = (costs.round_trip_bps() - costs.entry_bps) * 1e-4;  // the entry holds its own
    return params.risk_share / (levels.stop_distance / levels.entry + fees_and_exit);
}

}  // namespace vt::signals
