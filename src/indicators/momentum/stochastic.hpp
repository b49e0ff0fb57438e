#pragma once

#include "indicators/average/sma.hpp"
#include "indicators/bar.hpp"
#include "indicators/momentum/rsi.hpp"
#include "indicators/window/moving_range.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// %K and its average %D, 0 (at the low of the window) .. 100 (at its high).
struct StochasticValue {
    double k = 0;
    double d = 0;
};

/// Where the value stands between the lowest low and the highest high of the last `period` bars, in percent.
class PlaceInRange {
public:
    explicit PlaceInRange(std::uint32_t period) : range_(period) {}

    /// Absent until `period` bars were seen, and while high = low throughout.
    std::optional<double> update(double high, double low, double value);
    void clear() { range_.clear(); }

private:
    MovingRange range_;
};

/// Fast stochastic: %K = 100 (close - lowest) / (highest - lowest) of the last `k` bars, %D its SMA over `d`.
///   out:    0 .. 100; absent until k + d - 1 bars were seen. A bar of a window without range has no value
///           (TA-Lib: 0) and is left out of %D
///   cost:   O(1) amortised, allocates on construction only
///   source: Lane 1984; TA-Lib STOCHF
class FastStochastic {
public:
    explicit FastStochastic(std::uint32_t k = 5, std::uint32_t d = 3) : place_(k), d_(d) {}

    std::optional<StochasticValue> update(const Bar& bar) { return update(bar.high, bar.low, bar.close); }
    std::optional<StochasticValue> update(double high, double low, double value);
    void clear();

private:
    PlaceInRange place_;
    Sma d_;
};

/// Slow stochastic: %K is the %D of the fast one over `slow_k`, %D the SMA of that over `slow_d`.
///   out:    0 .. 100; absent until k + slow_k + slow_d - 2 bars were seen, and as FastStochastic
///   cost:   O(1) amortised, allocates on construction only
///   source: Lane 1984; TA-Lib STOCH
class SlowStochastic {
public:
    explicit SlowStochastic(std::uint32_t k = 5, std::uint32_t slow_k = 3, std::uint32_t slow_d = 3)
        : fast_(k, slow_k), d_(slow_d) {}

    std::optional<StochasticValue> update(const Bar& bar);
    void clear();

private:
    FastStochastic fast_;
    Sma d_;
};

/// Stochastic RSI: the fast stochastic of the RSI instead of the price.
///   out:    0 .. 100; absent until period + k + d - 1 values were seen, and as FastStochastic
///   cost:   O(1) amortised, allocates on construction only
///   source: Chande, Kroll 1994; TA-Lib STOCHRSI
class StochasticRsi {
public:
    explicit StochasticRsi(std::uint32_t period = 14, std::uint32_t k = 5, std::uint32_t d = 3)
        : rsi_(period), stochastic_(k, d) {}

    std::optional<StochasticValue> update(double value);
    void clear();

private:
    Rsi rsi_;
    FastStochastic stochastic_;
};

/// Williams %R: -100 (highest - close) / (highest - lowest) of the last `period` bars.
///   out:    -100 (at the low) .. 0 (at the high); absent until `period` bars were seen, and while high = low
///           throughout (TA-Lib: 0)
///   cost:   O(1) amortised, allocates on construction only
///   source: Williams 1973; TA-Lib WILLR
class WilliamsR {
public:
    explicit WilliamsR(std::uint32_t period = 14) : range_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear() { range_.clear(); }

private:
    MovingRange range_;
};

}  // namespace vt::indicators
