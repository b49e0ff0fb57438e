#include "indicators/momentum/oscillators.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <utility>

namespace vt::indicators {

std::optional<double> balance_of_power(const Bar& bar) {
    if (bar.high <= bar.low) return std::nullopt;
    return (bar.close - bar.open) / (bar.high - bar.low);
}

std::optional<double> AwesomeOscillator::update(const Bar& bar) {
    const auto fast = fast_.update(median_price(bar));
    const auto slow = slow_.update(median_price(bar));
    if (!fast || !slow) return std::nullopt;
    return *fast - *slow;
}

void AwesomeOscillator::clear() {
    fast_.clear();
    slow_.clear();
}

std::optional<double> CoppockCurve::update(double value) {
    const auto fast = fast_.update(value);
    const auto slow = slow_.update(value);
    if (!fast || !slow) return std::nullopt;
    return smooth_.update(fast->percent + slow->percent);
}

void CoppockCurve::clear() {
    fast_.clear();
    slow_.clear();
    smooth_.clear();
}

std::optional<FisherTransform::Value> FisherTransform::update(const Bar& bar) {
    constexpr double kBound = 0.999;
    const double price = median_price(bar);
    const auto range = range_.update(price, price);
    if (!range || range->size() == 0) return std::nullopt;
    const double place = (price - range->lowest) / range->size();
    smoothed_ = std::clamp(0.66 * (place - 0.5) + 0.67 * smoothed_, -kBound, kBound);
    const double fisher = math::log((1 + smoothed_) / (1 - smoothed_)) / 2 + fisher_.value_or(0) / 2;
    const auto trigger = std::exchange(fisher_, fisher);
    if (!trigger) return std::nullopt;
    return Value{.fisher = fisher, .trigger = *trigger};
}

void FisherTransform::clear() {
    range_.clear();
    smoothed_ = 0;
    fisher_.reset();
}

std::optional<ElderRay::Value> ElderRay::update(const Bar& bar) {
    const auto average = average_.update(bar.close);
    if (!average) return std::nullopt;
    return Value{.bull = bar.high - *average, .bear = bar.low - *average};
}

}  // namespace vt::indicators
