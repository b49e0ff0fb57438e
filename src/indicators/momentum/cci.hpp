#pragma once

#include "indicators/bar.hpp"
#include "indicators/statistics/dispersion.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Commodity channel index: (typical price - its mean) / (0.015 mean absolute deviation), over the last `period`
/// bars.
///   out:    no unit, mostly -100 .. 100; absent until `period` bars were seen, and where all typical prices are
///           equal (TA-Lib: 0, or what its rounding leaves)
///   cost:   O(period), see MeanAbsoluteDeviation; allocates on construction only
///   source: Lambert 1980; TA-Lib CCI
class Cci {
public:
    explicit Cci(std::uint32_t period = 14) : deviation_(period) {}

    std::optional<double> update(const Bar& bar);
    void clear() { deviation_.clear(); }

private:
    MeanAbsoluteDeviation deviation_;
};

}  // namespace vt::indicators
