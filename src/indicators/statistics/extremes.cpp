#include "indicators/statistics/extremes.hpp"

namespace vt::indicators {

std::optional<Extremes::Value> Extremes::update(double high, double low) {
    const std::uint64_t now = bar_++;
    const auto highest = highest_.update({.value = high, .bar = now});
    const auto lowest = lowest_.update({.value = low, .bar = now});
    if (!highest || !lowest) return std::nullopt;
    return Value{.highest = highest->value,
                 .lowest = lowest->value,
                 .highest_bars_ago = static_cast<std::uint32_t>(now - highest->bar),
                 .lowest_bars_ago = static_cast<std::uint32_t>(now - lowest->bar)};
}

void Extremes::clear() {
    bar_ = 0;
    highest_.clear();
    lowest_.clear();
}

}  // namespace vt::indicators
