#pragma once

#include "indicators/average/ema.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Fast against slow exponential average. Unlike in the MACD each begins with its own first values.
///   in:     fast < slow
///   out:    difference = EMA(fast) - EMA(slow) in the unit of the values (APO), percent = 100 difference / EMA(slow)
///           (PPO); absent until `slow` values were seen, and where the slow average is 0 (TA-Lib: 0)
///   cost:   O(1), does not allocate
///   source: TA-Lib APO and PPO with EMA
class PriceOscillator {
public:
    struct Value {
        double difference = 0;
        double percent = 0;
    };
    explicit PriceOscillator(std::uint32_t fast = 12, std::uint32_t slow = 26);

    std::optional<Value> update(double value);
    void clear();

private:
    Ema fast_;
    Ema slow_;
};

/// TRIX: the percent that an EMA of an EMA of an EMA moved since the bar before.
///   out:    percent; absent until 3 period - 1 values were seen, and where the average before is 0 (TA-Lib: 0)
///   cost:   O(1), does not allocate
///   source: Hutson 1983; TA-Lib TRIX
class Trix {
public:
    explicit Trix(std::uint32_t period = 30) : chain_(period) {}

    std::optional<double> update(double value);
    void clear();

private:
    EmaChain<3> chain_;
    std::optional<double> previous_;
};

}  // namespace vt::indicators
