#pragma once

#include "indicators/bar.hpp"
#include "indicators/statistics/extremes.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Aroon: how lately the extremes of the last period + 1 bars were; of equal ones the latest counts.
///   out:    up = 100 (period - bars since the high) / period and down of the low, 0 .. 100 (now); oscillator =
///           up - down, -100 .. 100; absent until `period` + 1 bars were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Chande 1995; TA-Lib AROON, AROONOSC
class Aroon {
public:
    struct Value {
        double up = 0;
        double down = 0;
        double oscillator = 0;
    };
    explicit Aroon(std::uint32_t period = 14) : period_(period), extremes_(period + 1) {}

    std::optional<Value> update(const Bar& bar);
    void clear() { extremes_.clear(); }

private:
    std::uint32_t period_;
    Extremes extremes_;
};

}  // namespace vt::indicators
