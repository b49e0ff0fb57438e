#include "indicators/momentum/ultimate_oscillator.hpp"

#include "indicators/volatility/true_range.hpp"

#include <algorithm>
#include <utility>

namespace vt::indicators {

UltimateOscillator::UltimateOscillator(const std::array<std::uint32_t, 3>& periods)
    : windows_{Window(periods[0]), Window(periods[1]), Window(periods[2])} {
    VT_ASSERT(std::ranges::is_sorted(periods));
}

std::optional<double> UltimateOscillator::update(const Bar& bar) {
    constexpr std::array kWeights{4.0, 2.0, 1.0};
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    const double pressure = bar.close - std::min(bar.low, *before);
    const double range = true_range(bar.high, bar.low, *before);
    double sum = 0;
    bool is_complete = true;
    for (std::size_t i = 0; i < windows_.size(); ++i) {
        const auto pressures = windows_[i].pressure.update(pressure);
        const auto ranges = windows_[i].range.update(range);
        if (pressures && ranges && *ranges > 0) {
            sum += kWeights[i] * (*pressures / *ranges);
        } else {
            is_complete = false;
        }
    }
    if (!is_complete) return std::nullopt;
    return 100 * (sum / 7);
}

void UltimateOscillator::clear() {
    previous_close_.reset();
    for (Window& window : windows_) {
        window.pressure.clear();
        window.range.clear();
    }
}

}  // namespace vt::indicators
