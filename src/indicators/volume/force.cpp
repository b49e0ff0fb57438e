#include "indicators/volume/force.hpp"

#include <utility>

namespace vt::indicators {

std::optional<double> ForceIndex::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    return average_.update((bar.close - *before) * bar.volume);
}

void ForceIndex::clear() {
    previous_close_.reset();
    average_.clear();
}

std::optional<double> EaseOfMovement::update(const Bar& bar) {
    const auto before = std::exchange(previous_median_, median_price(bar));
    if (!before || bar.volume == 0) return std::nullopt;
    return average_.update((*previous_median_ - *before) * ((bar.high - bar.low) / bar.volume));
}

void EaseOfMovement::clear() {
    previous_median_.reset();
    average_.clear();
}

}  // namespace vt::indicators
