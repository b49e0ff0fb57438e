#pragma once

#include "indicators/window/moments.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Weighted moving average: weights 1 (oldest) to period (newest).
///   out:    in the unit of the values; absent until `period` values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: TA-Lib WMA
class Wma {
public:
    explicit Wma(std::uint32_t period) : tilt_(period) {}

    std::optional<double> update(double value);
    void clear() { tilt_.clear(); }

private:
    MovingTilt tilt_;
};

/// Hull moving average: WMA(round(sqrt(period))) of 2 WMA(period / 2) - WMA(period).
///   in:     period >= 2; the half is rounded down
///   out:    in the unit of the values; absent until period + round(sqrt(period)) - 1 values were seen
///   cost:   O(1) amortised, allocates on construction only
///   source: Hull 2005
class Hma {
public:
    explicit Hma(std::uint32_t period);

    std::optional<double> update(double value);
    void clear();

private:
    Wma half_;
    Wma whole_;
    Wma last_;
};

}  // namespace vt::indicators
