#include "indicators/momentum/directional_movement.hpp"

#include <cmath>

namespace vt::indicators {

DirectionalMovement::DirectionalMovement(std::uint32_t period)
    : period_(period), adx_(period), past_adx_(period - 1) {
    VT_ASSERT(period >= 2);
}

void DirectionalMovement::take_step(const Bar& bar, double range) {
    const double up = bar.high - high_;
    const double down = low_ - bar.low;
    if (steps_ >= period_) {
        const auto period = static_cast<double>(period_);
        plus_ -= plus_ / period;
        minus_ -= minus_ / period;
        range_ -= range_ / period;
    }
    if (down > 0 && up < down) {
        minus_ += down;
    } else if (up > 0 && up > down) {
        plus_ += up;
    }
    range_ += range;
}

std::optional<DirectionalMovement::Value> DirectionalMovement::update(const Bar& bar) {
    if (const auto range = true_range_.update(bar)) take_step(bar, *range);
    if (steps_ <= period_) ++steps_;
    high_ = bar.high;
    low_ = bar.low;
    if (steps_ < period_) return std::nullopt;
    Value value{.plus_dm = plus_, .minus_dm = minus_, .plus_di = {}, .minus_di = {}, .dx = {}, .adx = {}, .adxr = {}};
    if (steps_ > period_ && range_ > 0) add_indices(value);
    return value;
}

void DirectionalMovement::add_indices(Value& value) {
    const double plus = 100 * (plus_ / range_);
    const double minus = 100 * (minus_ / range_);
    value.plus_di = plus;
    value.minus_di = minus;
    if (plus + minus == 0) return;
    const double dx = 100 * (std::abs(minus - plus) / (plus + minus));
    value.dx = dx;
    value.adx = adx_.update(dx);
    if (!value.adx) return;
    if (const auto past = past_adx_.update(*value.adx)) value.adxr = (*value.adx + *past) / 2;
}

void DirectionalMovement::clear() {
    steps_ = 0;
    true_range_.clear();
    plus_ = minus_ = range_ = 0;
    adx_.clear();
    past_adx_.clear();
}

}  // namespace vt::indicators
