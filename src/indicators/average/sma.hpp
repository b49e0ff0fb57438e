#pragma once

#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Simple moving average: the sum of the last `period` values / period.
///   out:    in the unit of the values; absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib SMA
class Sma {
public:
    explicit Sma(std::uint32_t period) : sum_(period) {}

    std::optional<double> update(double value);
    void clear() { sum_.clear(); }

private:
    MovingSum sum_;
};

/// Triangular moving average: the weights rise to the middle of the window and fall again; the SMA of half the
/// period of an SMA of half the period, which are one apart where the period is even.
///   out:    in the unit of the values; absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib TRIMA
class Trima {
public:
    explicit Trima(std::uint32_t period) : first_(period / 2 + 1), second_((period + 1) / 2) {}

    std::optional<double> update(double value);
    void clear();

private:
    Sma first_;
    Sma second_;
};

}  // namespace vt::indicators
