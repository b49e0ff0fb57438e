#pragma once

#include "indicators/window/wilder_average.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Wilder's averages of the steps up and of the steps down.
class GainAndLoss {
public:
    struct Value {
        double gain = 0;  ///< not negative, as is
        double loss = 0;
    };
    explicit GainAndLoss(std::uint32_t period) : gain_(period), loss_(period) {}

    /// Absent until `period` + 1 values were seen, and while nothing ever moved.
    std::optional<Value> update(double value);
    void clear();

private:
    std::optional<double> previous_;
    WilderAverage gain_;
    WilderAverage loss_;
};

/// Relative strength index: 100 gain / (gain + loss).
///   out:    0 (only down) .. 100 (only up); absent until `period` + 1 values were seen, and while nothing ever moved
///           (TA-Lib: 0)
///   cost:   O(1), does not allocate
///   source: Wilder 1978; TA-Lib RSI
class Rsi {
public:
    explicit Rsi(std::uint32_t period = 14) : steps_(period) {}
    std::optional<double> update(double value);
    void clear() { steps_.clear(); }

private:
    GainAndLoss steps_;
};

/// Chande's momentum oscillator as TA-Lib has it, with Wilder's averages: 100 (gain - loss) / (gain + loss).
///   out:    -100 .. 100; absent as the RSI is, of which it is twice the distance to 50
///   cost:   O(1), does not allocate
///   source: Chande, Kroll 1994; TA-Lib CMO
class Cmo {
public:
    explicit Cmo(std::uint32_t period = 14) : steps_(period) {}
    std::optional<double> update(double value);
    void clear() { steps_.clear(); }

private:
    GainAndLoss steps_;
};

}  // namespace vt::indicators
