#pragma once

#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// A value and the number of the bar that had it.
struct Extreme {
    double value = 0;
    std::uint64_t bar = 0;
};
struct LaterHigher {
    Extreme operator()(const Extreme& older, const Extreme& newer) const {
        return newer.value >= older.value ? newer : older;
    }
};
struct LaterLower {
    Extreme operator()(const Extreme& older, const Extreme& newer) const {
        return newer.value <= older.value ? newer : older;
    }
};

/// The highest and the lowest value of the last `period`, and how long ago each was; of equal ones the latest.
///   out:    in the unit of the values; bars ago 0 .. period - 1; absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib MAX, MIN, MINMAX, MAXINDEX, MININDEX, MINMAXINDEX, MIDPOINT
class Extremes {
public:
    struct Value {
        double highest = 0;
        double lowest = 0;
        std::uint32_t highest_bars_ago = 0;
        std::uint32_t lowest_bars_ago = 0;

        [[nodiscard]] double middle() const { return (highest + lowest) / 2; }
    };
    explicit Extremes(std::uint32_t period = 30) : highest_(period), lowest_(period) {}

    /// Of one series (MAX, MIN, MIDPOINT).
    std::optional<Value> update(double value) { return update(value, value); }
    /// Of highs and lows.
    std::optional<Value> update(double high, double low);
    void clear();

private:
    std::uint64_t bar_ = 0;
    SlidingFold<Extreme, LaterHigher> highest_;
    SlidingFold<Extreme, LaterLower> lowest_;
};

}  // namespace vt::indicators
