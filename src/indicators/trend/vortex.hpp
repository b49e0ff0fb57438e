#pragma once

#include "indicators/bar.hpp"
#include "indicators/volatility/true_range.hpp"
#include "indicators/window/moving_range.hpp"
#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Vortex: VI+ = sum |high - low[1]| / sum true range, VI- = sum |low - high[1]| / sum true range, over `period`
/// bars.
///   out:    not negative, about 1; absent until `period` + 1 bars were seen, and where there was no range
///   cost:   O(1) amortised, allocates on construction only
///   source: Botes, Siepman 2010
class Vortex {
public:
    struct Value {
        double plus = 0;
        double minus = 0;
    };
    explicit Vortex(std::uint32_t period = 14) : plus_(period), minus_(period), ranges_(period) {}

    std::optional<Value> update(const Bar& bar);
    void clear();

private:
    double high_ = 0, low_ = 0;  // of the bar before, if range_ has seen one
    TrueRange range_;
    MovingSum plus_;
    MovingSum minus_;
    MovingSum ranges_;
};

/// Choppiness: 100 log(sum of true ranges / (highest - lowest)) / log(period), over `period` bars.
///   in:     period >= 2
///   out:    from near 0 (straight) to 100 (each bar as wide as the whole, or more); absent until `period` + 1 bars
///           were seen, and where high = low throughout
///   cost:   O(1) amortised and two logarithms, allocates on construction only
///   source: Dreiss 1993
class Choppiness {
public:
    explicit Choppiness(std::uint32_t period = 14);

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    TrueRange range_;
    MovingSum ranges_;
    MovingRange whole_;
};

}  // namespace vt::indicators
