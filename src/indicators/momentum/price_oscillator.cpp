#include "indicators/momentum/price_oscillator.hpp"

#include "base/assert.hpp"

#include <utility>

namespace vt::indicators {

PriceOscillator::PriceOscillator(std::uint32_t fast, std::uint32_t slow) : fast_(fast), slow_(slow) {
    VT_ASSERT(fast < slow);
}

std::optional<PriceOscillator::Value> PriceOscillator::update(double value) {
    const auto fast = fast_.update(value);
    const auto slow = slow_.update(value);
    if (!fast || !slow || *slow == 0) return std::nullopt;
    return Value{.difference = *fast - *slow, .percent = (*fast - *slow) / *slow * 100};
}

void PriceOscillator::clear() {
    fast_.clear();
    slow_.clear();
}

std::optional<double> Trix::update(double value) {
    const auto chain = chain_.update(value);
    if (!chain) return std::nullopt;
    const auto before = std::exchange(previous_, chain->back());
    if (!before || *before == 0) return std::nullopt;
    return (chain->back() / *before - 1) * 100;
}

void Trix::clear() {
    chain_.clear();
    previous_.reset();
}

}  // namespace vt::indicators
