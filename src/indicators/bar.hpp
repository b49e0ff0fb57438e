#pragma once

#include "base/time.hpp"

namespace vt::indicators {

/// A closed bar. Low <= open, close <= high; prices in one unit, volume in units of the base asset, not negative.
struct Bar {
    Timestamp open_time{};
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;
};

// One price to stand for a bar, in its unit; O(1). TA-Lib MEDPRICE, TYPPRICE, WCLPRICE, AVGPRICE.
/// (high + low) / 2.
[[nodiscard]] constexpr double median_price(const Bar& bar) { return (bar.high + bar.low) / 2; }
/// (high + low + close) / 3.
[[nodiscard]] constexpr double typical_price(const Bar& bar) { return (bar.high + bar.low + bar.close) / 3; }
/// (high + low + 2 close) / 4.
[[nodiscard]] constexpr double weighted_price(const Bar& bar) { return (bar.high + bar.low + bar.close * 2) / 4; }
/// (open + high + low + close) / 4.
[[nodiscard]] constexpr double average_price(const Bar& bar) {
    return (bar.high + bar.low + bar.close + bar.open) / 4;
}

}  // namespace vt::indicators
