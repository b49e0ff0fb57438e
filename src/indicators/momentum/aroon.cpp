#include "indicators/momentum/aroon.hpp"

namespace vt::indicators {

std::optional<Aroon::Value> Aroon::update(const Bar& bar) {
    const auto extremes = extremes_.update(bar.high, bar.low);
    if (!extremes) return std::nullopt;
    const double factor = 100 / static_cast<double>(period_);
    const auto score = [&](std::uint32_t bars_ago) { return factor * static_cast<double>(period_ - bars_ago); };
    const double up = score(extremes->highest_bars_ago);
    const double down = score(extremes->lowest_bars_ago);
    return Value{.up = up, .down = down, .oscillator = up - down};
}

}  // namespace vt::indicators
