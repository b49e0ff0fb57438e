#pragma once

#include "indicators/bar.hpp"
#include "indicators/volatility/average_true_range.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Supertrend: median price -+ `width` average true ranges, each line moving only towards the price until a close
/// passes it. Below the price while it rises, above while it falls; a close beyond the line turns the side. Begins on
/// the side of the first close to its median price.
///   out:    a price, and the side; absent until `period` + 1 bars were seen
///   cost:   O(1), does not allocate
///   source: Seban 2008
class Supertrend {
public:
    struct Value {
        double line = 0;
        bool is_rising = false;
    };
    explicit Supertrend(std::uint32_t period = 10, double width = 3) : range_(period), width_(width) {}

    std::optional<Value> update(const Bar& bar);
    void clear();

private:
    AverageTrueRange range_;
    double width_;
    bool has_lines_ = false;
    double lower_ = 0, upper_ = 0, previous_close_ = 0;
    bool is_rising_ = false;
};

}  // namespace vt::indicators
