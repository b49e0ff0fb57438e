#pragma once

#include "indicators/window/delay.hpp"
#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Kaufman's adaptive moving average: an EMA as quick as 2 bars where the price goes straight, as slow as 30 where it
/// goes to and fro. k = (e (2/3 - 2/31) + 2/31)^2, e = |x - x[period]| / sum of the last `period` |steps|; 1 where
/// nothing moved. Begins with the value before the first.
///   out:    in the unit of the values; absent until `period` + 1 values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Kaufman 1995; TA-Lib KAMA
class Kama {
public:
    explicit Kama(std::uint32_t period) : path_(period), past_(period) {}

    std::optional<double> update(double value);
    void clear();

private:
    MovingSum path_;
    Delay past_;
    std::optional<double> previous_;
    std::optional<double> average_;
};

}  // namespace vt::indicators
