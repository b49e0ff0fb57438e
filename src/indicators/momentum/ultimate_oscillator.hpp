#pragma once

#include "indicators/bar.hpp"
#include "indicators/window/sliding_fold.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Williams' ultimate oscillator: buying pressure (close - true low) over true range, summed over three windows and
/// weighted 4 : 2 : 1 from the shortest to the longest.
///   in:     periods from short to long
///   out:    0 .. 100; absent until the longest period + 1 bars were seen, and where a window has no range (TA-Lib:
///           that window counts 0)
///   cost:   O(1) amortised, allocates on construction only
///   source: Williams 1985; TA-Lib ULTOSC
class UltimateOscillator {
public:
    explicit UltimateOscillator(const std::array<std::uint32_t, 3>& periods = {7, 14, 28});

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    struct Window {
        explicit Window(std::uint32_t period) : pressure(period), range(period) {}
        MovingSum pressure;
        MovingSum range;
    };
    std::optional<double> previous_close_;
    std::array<Window, 3> windows_;
};

}  // namespace vt::indicators
