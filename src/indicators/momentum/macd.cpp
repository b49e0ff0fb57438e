#include "indicators/momentum/macd.hpp"

#include "base/assert.hpp"

namespace vt::indicators {

Macd::Macd(const MacdPeriods& periods) : Macd(periods, Ema(periods.fast), Ema(periods.slow)) {}

Macd::Macd(const MacdPeriods& periods, const Ema& fast, const Ema& slow)
    : fast_(fast), slow_(slow), signal_(periods.signal), wait_(periods.slow - periods.fast) {
    VT_ASSERT(periods.fast < periods.slow);
}

Macd Macd::fixed(std::uint32_t signal_period) {
    constexpr double kFastWeight = 0.15;
    constexpr double kSlowWeight = 0.075;
    const MacdPeriods periods{.signal = signal_period};
    return {periods, Ema(periods.fast, kFastWeight), Ema(periods.slow, kSlowWeight)};
}

std::optional<Macd::Value> Macd::update(double value) {
    const auto slow = slow_.update(value);
    if (waited_ < wait_) {
        ++waited_;
        return std::nullopt;
    }
    const auto fast = fast_.update(value);
    if (!fast || !slow) return std::nullopt;
    const double line = *fast - *slow;
    const auto signal = signal_.update(line);
    if (!signal) return std::nullopt;
    return Value{.line = line, .signal = *signal, .histogram = line - *signal};
}

void Macd::clear() {
    fast_.clear();
    slow_.clear();
    signal_.clear();
    waited_ = 0;
}

}  // namespace vt::indicators
