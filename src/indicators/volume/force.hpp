#pragma once

#include "indicators/average/ema.hpp"
#include "indicators/average/sma.hpp"
#include "indicators/bar.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Force index: EMA of (close - close[1]) x volume.
///   out:    price x base units; absent until `period` + 1 bars were seen
///   cost:   O(1), does not allocate
///   source: Elder 1993
class ForceIndex {
public:
    explicit ForceIndex(std::uint32_t period = 13) : average_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_close_;
    Ema average_;
};

/// Ease of movement: SMA of (move of the median price) x (high - low) / volume.
///   out:    squared price a base unit; absent until `period` + 1 bars with volume were seen, and at a bar without,
///           which is left out of the mean
///   cost:   O(1) amortised, allocates on construction only
///   source: Arms; without his divisor of the volume, which only scales it
class EaseOfMovement {
public:
    explicit EaseOfMovement(std::uint32_t period = 14) : average_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear();

private:
    std::optional<double> previous_median_;
    Sma average_;
};

}  // namespace vt::indicators
