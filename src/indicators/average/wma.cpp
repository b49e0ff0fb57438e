#include "indicators/average/wma.hpp"

#include <cmath>

namespace vt::indicators {

std::optional<double> Wma::update(double value) {
    const auto tilt = tilt_.update({.mean = value});
    if (!tilt) return std::nullopt;
    // sum of i x_i over sum of i, i = 1 .. n, with x_i = mean + deviation
    return tilt->mean + tilt->products / (tilt->count * (tilt->count + 1) / 2);
}

Hma::Hma(std::uint32_t period)
    : half_(period / 2), whole_(period), last_(static_cast<std::uint32_t>(std::lround(std::sqrt(period)))) {}

std::optional<double> Hma::update(double value) {
    const auto half = half_.update(value);
    const auto whole = whole_.update(value);
    if (!half || !whole) return std::nullopt;
    return last_.update(2 * *half - *whole);
}

void Hma::clear() {
    half_.clear();
    whole_.clear();
    last_.clear();
}

}  // namespace vt::indicators
