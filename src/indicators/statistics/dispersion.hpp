#pragma once

#include "base/ring.hpp"
#include "indicators/window/moments.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Mean and population variance of the last `period` values: sum of squared deviations from their mean / period.
///   out:    variance in squared units (VAR), deviation its root (STDDEV), not negative; absent until `period` values
///           were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib VAR, STDDEV, which take the mean of squares less the square of the mean and lose the digits
///           that the two share; this does not
class Variance {
public:
    struct Value {
        double mean = 0;
        double variance = 0;
        double deviation = 0;
    };
    explicit Variance(std::uint32_t period = 5) : moments_(period) {}

    std::optional<Value> update(double value);
    void clear() { moments_.clear(); }

private:
    MovingMoments moments_;
};

/// Mean absolute deviation of the last `period` values from their mean.
///   out:    in the unit of the values, not negative, exactly 0 where they are all equal; absent until `period`
///           values were seen
///   cost:   O(period): sums of absolute deviations from a mean that moves have no recurrence. Allocates on
///           construction only
///   source: TA-Lib AVGDEV
class MeanAbsoluteDeviation {
public:
    struct Value {
        double mean = 0;
        double deviation = 0;
    };
    explicit MeanAbsoluteDeviation(std::uint32_t period = 14) : values_(period) {}

    std::optional<Value> update(double value);
    void clear() { values_.clear(); }

private:
    Ring<double> values_;
};

}  // namespace vt::indicators
