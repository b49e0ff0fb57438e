#pragma once

#include "indicators/average/ema.hpp"
#include "indicators/average/sma.hpp"
#include "indicators/average/wma.hpp"
#include "indicators/bar.hpp"
#include "indicators/momentum/rate_of_change.hpp"
#include "indicators/window/moving_range.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Balance of power: (close - open) / (high - low) of one bar.
///   out:    -1 .. 1; absent where high = low (TA-Lib: 0)
///   cost:   O(1), does not allocate
///   source: Livshin 2001; TA-Lib BOP
[[nodiscard]] std::optional<double> balance_of_power(const Bar& bar);

/// Awesome oscillator: SMA(fast) - SMA(slow) of the median price.
///   out:    in the unit of the prices; absent until `slow` bars were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Williams 1998
class AwesomeOscillator {
public:
    explicit AwesomeOscillator(std::uint32_t fast = 5, std::uint32_t slow = 34) : fast_(fast), slow_(slow) {}

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    Sma fast_;
    Sma slow_;
};

/// Coppock curve: WMA of the sum of two rates of change in percent.
///   in:     fast < slow, in bars (Coppock's are months)
///   out:    percent; absent until slow + smooth bars were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Coppock 1965
class CoppockCurve {
public:
    explicit CoppockCurve(std::uint32_t fast = 11, std::uint32_t slow = 14, std::uint32_t smooth = 10)
        : fast_(fast), slow_(slow), smooth_(smooth) {}

    std::optional<double> update(double value);
    void clear();

private:
    RateOfChange fast_;
    RateOfChange slow_;
    Wma smooth_;
};

/// Fisher transform of where the median price stands in its range: x <- 0.66 (place - 1/2) + 0.67 x, kept inside of
/// +-0.999, fisher <- ln((1 + x) / (1 - x)) / 2 + fisher / 2; place 0 .. 1 in the last `period` median prices.
///   out:    no unit, mostly -3 .. 3; trigger is the fisher of the bar before. Absent until `period` + 1 bars were
///           seen, and where the prices are all equal; such bars leave x and fisher alone
///   cost:   O(1) amortised and a logarithm, allocates on construction only
///   source: Ehlers 2002
class FisherTransform {
public:
    struct Value {
        double fisher = 0;
        double trigger = 0;
    };
    explicit FisherTransform(std::uint32_t period = 10) : range_(period) {}

    std::optional<Value> update(const Bar& bar);
    void clear();

private:
    MovingRange range_;
    double smoothed_ = 0;
    std::optional<double> fisher_;
};

/// Elder ray: bull power = high - EMA(close), bear power = low - EMA(close).
///   out:    in the unit of the prices; absent until `period` bars were seen
///   cost:   O(1), does not allocate
///   source: Elder 1993
class ElderRay {
public:
    struct Value {
        double bull = 0;
        double bear = 0;
    };
    explicit ElderRay(std::uint32_t period = 13) : average_(period) {}

    std::optional<Value> update(const Bar& bar);
    void clear() { average_.clear(); }

private:
    Ema average_;
};

}  // namespace vt::indicators
