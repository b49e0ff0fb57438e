#pragma once

#include "indicators/average/ema.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// In bars, fast < slow. The defaults are Appel's.
struct MacdPeriods {
    std::uint32_t fast = 12;
    std::uint32_t slow = 26;
    std::uint32_t signal = 9;
};

/// Moving average convergence/divergence: line = EMA(fast) - EMA(slow), signal = EMA of the line,
/// histogram = line - signal. Both averages begin at the same bar: the fast one takes its first mean from the last
/// `fast` of the first `slow` values.
///   out:    in the unit of the values; absent until slow + signal - 1 values were seen
///   cost:   O(1), does not allocate
///   source: Appel 1979; TA-Lib MACD and, with `fixed`, MACDFIX
class Macd {
public:
    struct Value {
        double line = 0;
        double signal = 0;
        double histogram = 0;
    };
    explicit Macd(const MacdPeriods& periods = {});
    /// Appel's own weights, 0.15 and 0.075, for the averages of 12 and 26 values.
    [[nodiscard]] static Macd fixed(std::uint32_t signal_period = MacdPeriods{}.signal);

    std::optional<Value> update(double value);
    void clear();

private:
    Macd(const MacdPeriods& periods, const Ema& fast, const Ema& slow);

    Ema fast_;
    Ema slow_;
    Ema signal_;
    std::uint32_t wait_;  // values that the fast average leaves out
    std::uint32_t waited_ = 0;
};

}  // namespace vt::indicators
