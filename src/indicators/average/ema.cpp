#include "indicators/average/ema.hpp"

#include "base/assert.hpp"

namespace vt::indicators {

Ema::Ema(std::uint32_t period, double weight) : period_(period), weight_(weight) {
    VT_ASSERT(period > 0 && weight > 0 && weight <= 1);
}

std::optional<double> Ema::update(double value) {
    if (count_ == period_) return average_ = (value - average_) * weight_ + average_;
    average_ += value;
    if (++count_ < period_) return std::nullopt;
    return average_ /= static_cast<double>(period_);
}

void Ema::clear() {
    count_ = 0;
    average_ = 0;
}

std::optional<double> Dema::update(double value) {
    const auto e = chain_.update(value);
    if (!e) return std::nullopt;
    return 2 * (*e)[0] - (*e)[1];
}

std::optional<double> Tema::update(double value) {
    const auto e = chain_.update(value);
    if (!e) return std::nullopt;
    return 3 * (*e)[0] - 3 * (*e)[1] + (*e)[2];
}

T3::T3(std::uint32_t period, double volume_factor) : chain_(period) {
    const double v = volume_factor;
    VT_ASSERT(v >= 0 && v <= 1);
    // (1 + v - v z)^3 written out in powers of z, one more EMA each
    weights_ = {1 + 3 * v + v * v * v + 3 * v * v, -6 * v * v - 3 * (v + v * v * v), 3 * (v * v + v * v * v),
                -v * v * v};
}

std::optional<double> T3::update(double value) {
    const auto e = chain_.update(value);
    if (!e) return std::nullopt;
    return weights_[3] * (*e)[5] + weights_[2] * (*e)[4] + weights_[1] * (*e)[3] + weights_[0] * (*e)[2];
}

}  // namespace vt::indicators
