#include "indicators/momentum/stochastic.hpp"

namespace vt::indicators {

std::optional<double> PlaceInRange::update(double high, double low, double value) {
    const auto range = range_.update(high, low);
    if (!range || range->size() == 0) return std::nullopt;
    return (value - range->lowest) / (range->size() / 100);
}

std::optional<StochasticValue> FastStochastic::update(double high, double low, double value) {
    const auto k = place_.update(high, low, value);
    const auto d = k ? d_.update(*k) : std::nullopt;
    if (!d) return std::nullopt;
    return StochasticValue{.k = *k, .d = *d};
}

void FastStochastic::clear() {
    place_.clear();
    d_.clear();
}

std::optional<StochasticValue> SlowStochastic::update(const Bar& bar) {
    const auto fast = fast_.update(bar);
    const auto d = fast ? d_.update(fast->d) : std::nullopt;
    if (!d) return std::nullopt;
    return StochasticValue{.k = fast->d, .d = *d};
}

void SlowStochastic::clear() {
    fast_.clear();
    d_.clear();
}

std::optional<StochasticValue> StochasticRsi::update(double value) {
    const auto rsi = rsi_.update(value);
    if (!rsi) return std::nullopt;
    return stochastic_.update(*rsi, *rsi, *rsi);
}

void StochasticRsi::clear() {
    rsi_.clear();
    stochastic_.clear();
}

std::optional<double> WilliamsR::update(const Bar& bar) {
    const auto range = range_.update(bar.high, bar.low);
    if (!range || range->size() == 0) return std::nullopt;
    return (range->highest - bar.close) / (range->size() / -100);
}

}  // namespace vt::indicators
