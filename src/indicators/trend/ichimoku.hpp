#pragma once

#include "indicators/bar.hpp"
#include "indicators/window/delay.hpp"
#include "indicators/window/moving_range.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// In bars. The defaults are Hosoda's.
struct IchimokuPeriods {
    std::uint32_t conversion = 9;
    std::uint32_t base = 26;
    std::uint32_t span_b = 52;
    std::uint32_t displacement = 26;
};

/// Ichimoku Kinko Hyo. Each line is the middle of the range of so many bars.
///   out:    prices. conversion (9 bars), base (26), and the cloud that stands at this bar: span A, the mean of
///           conversion and base of `displacement` bars ago, and span B (52 bars) of then; lagging is the close of
///           `displacement` bars ago, with which this close is compared. Each absent until its bars were seen;
///           nothing looks ahead
///   cost:   O(1) amortised, allocates on construction only
///   source: Hosoda 1969
class Ichimoku {
public:
    struct Value {
        std::optional<double> conversion, base, span_a, span_b, lagging;
    };
    explicit Ichimoku(const IchimokuPeriods& periods = {});

    Value update(const Bar& bar);
    void clear();

private:
    MovingRange conversion_;
    MovingRange base_;
    MovingRange span_b_;
    Delay past_a_;
    Delay past_b_;
    Delay past_close_;
};

}  // namespace vt::indicators
