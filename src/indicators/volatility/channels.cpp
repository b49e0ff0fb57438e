#include "indicators/volatility/channels.hpp"

namespace vt::indicators {

std::optional<BollingerBands::Value> BollingerBands::update(double value) {
    const auto of = variance_.update(value);
    if (!of) return std::nullopt;
    const double half = of->deviation * width_;
    Value bands{{.lower = of->mean - half, .middle = of->mean, .upper = of->mean + half}, {}};
    if (bands.upper > bands.lower) bands.place = (value - bands.lower) / (bands.upper - bands.lower);
    return bands;
}

std::optional<Channel> KeltnerChannel::update(const Bar& bar) {
    const auto middle = middle_.update(bar.close);
    const auto range = range_.update(bar);
    if (!middle || !range) return std::nullopt;
    return Channel{.lower = *middle - width_ * *range, .middle = *middle, .upper = *middle + width_ * *range};
}

void KeltnerChannel::clear() {
    middle_.clear();
    range_.clear();
}

std::optional<Channel> DonchianChannel::update(const Bar& bar) {
    const auto range = range_.update(bar.high, bar.low);
    if (!range) return std::nullopt;
    return Channel{.lower = range->lowest, .middle = range->middle(), .upper = range->highest};
}

}  // namespace vt::indicators
