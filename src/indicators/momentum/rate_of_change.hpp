#pragma once

#include "indicators/window/delay.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The value against the value of `period` bars ago, in the four usual forms.
///   out:    absent until `period` + 1 values were seen, and where the value of then is 0 (TA-Lib: 0)
///   cost:   O(1), allocates on construction only
///   source: TA-Lib MOM, ROCP, ROCR, ROC
class RateOfChange {
public:
    struct Value {
        double difference = 0;  ///< x - x[period], in the unit of the values (MOM)
        double fraction = 0;    ///< difference / x[period] (ROCP)
        double ratio = 0;       ///< x / x[period] (ROCR)
        double percent = 0;     ///< 100 (ratio - 1) (ROC)
    };
    explicit RateOfChange(std::uint32_t period = 10) : past_(period) {}

    std::optional<Value> update(double value);
    void clear() { past_.clear(); }

private:
    Delay past_;
};

}  // namespace vt::indicators
