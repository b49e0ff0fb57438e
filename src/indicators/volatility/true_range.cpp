#include "indicators/volatility/true_range.hpp"

#include <utility>

namespace vt::indicators {

std::optional<double> TrueRange::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    return AverageTrueRange::true_range({.high = bar.high, .low = bar.low, .close = bar.close}, *before);
}

std::optional<RelativeTrueRange::Value> RelativeTrueRange::update(const Bar& bar) {
    const auto range = range_.update({.high = bar.high, .low = bar.low, .close = bar.close});
    if (!range) return std::nullopt;
    return Value{.range = *range, .percent = *range / bar.close * 100};
}

}  // namespace vt::indicators
