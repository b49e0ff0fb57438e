#include "analysis/market_quality.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis {

LiquidityQuality liquidity_quality(const std::optional<double>& spread_percentile,
                                   const std::optional<double>& depth_percentile,
                                   const std::optional<double>& amihud_percentile) {
    double sum = 0;
    int known = 0;
    const auto add = [&](double percentile) {
        sum += percentile;
        ++known;
    };
    if (spread_percentile) add(*spread_percentile);
    if (depth_percentile) add(100 - *depth_percentile);
    if (amihud_percentile) add(*amihud_percentile);
    if (known < 2) return {};
    const double b = sum / known;
    return {.illiquidity = b, .q = 1 - 0.5 * std::clamp((b - 80) / 20, 0.0, 1.0)};
}

double toxicity_quality(const std::optional<double>& vpin_percentile) {
    if (!vpin_percentile) return 1;
    return 1 - 0.3 * std::clamp((*vpin_percentile - 90) / 10, 0.0, 1.0);
}

DataQuality data_quality(const EvaluationInputs& inputs, const VenueCheck& venues) {
    DataQuality found;
    const auto offset = inputs.clock_offset;
    if (!offset || *offset > std::chrono::milliseconds{500} || *offset < -std::chrono::milliseconds{500}) {
        found.q *= 0.5;
        found.flags.set(Flag::clock_suspect);
    }
    const auto differs = venues.differs();
    if (differs.value_or(false)) {
        found.q *= 0.5;
        found.flags.set(Flag::venues_differ);
    } else if (!differs) {
        found.flags.set(venues.is_compared() ? Flag::warming : Flag::one_venue);
    }
    if (!inputs.is_trading) found.q = 0;
    return found;
}

}  // namespace vt::analysis
