#include "indicators/volatility/average_true_range.hpp"

namespace vt::indicators {

std::optional<double> AverageTrueRange::update(double high, double low, double close) {
    if (const auto range = range_.update(high, low, close)) return average_.update(*range);
    return value();
}

void AverageTrueRange::clear() {
    range_.clear();
    average_.clear();
}

std::optional<RelativeTrueRange::Value> RelativeTrueRange::update(const Bar& bar) {
    const auto range = range_.update(bar);
    if (!range) return std::nullopt;
    return Value{.range = *range, .percent = *range / bar.close * 100};
}

}  // namespace vt::indicators
