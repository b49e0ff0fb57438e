#pragma once

#include "indicators/bar.hpp"
#include "indicators/volatility/true_range.hpp"
#include "indicators/window/delay.hpp"
#include "indicators/window/wilder_average.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Wilder's directional movement system. A bar's +DM is the rise of the high over the high before where that is
/// positive and more than the fall of the low, -DM the reverse. Both and the true range are summed over period - 1
/// bars and from then on s <- s - s / period + x.
///   in:     period >= 2
///   out:    plus_dm, minus_dm: price units, not negative, from bar `period` on
///           plus_di, minus_di = 100 DM / true range: 0 .. 100, from bar period + 1 on
///           dx = 100 |+DI - -DI| / (+DI + -DI): 0 .. 100, from bar period + 1 on
///           adx, Wilder's average of dx: 0 .. 100, from bar 2 period on
///           adxr, the mean of adx and the adx of period - 1 bars ago: from bar 3 period - 1 on
///           Where there was no range, the DI and what is made of them are absent; with no movement dx and what is
///           made of it (TA-Lib: 0, and for dx, adx and adxr the last value); such bars are left out of the averages
///   cost:   O(1), allocates on construction only
///   source: Wilder 1978; TA-Lib PLUS_DM, MINUS_DM, PLUS_DI, MINUS_DI, DX, ADX, ADXR
class DirectionalMovement {
public:
    struct Value {
        double plus_dm = 0;
        double minus_dm = 0;
        std::optional<double> plus_di, minus_di, dx, adx, adxr;
    };
    explicit DirectionalMovement(std::uint32_t period = 14);

    std::optional<Value> update(const Bar& bar);
    void clear();

private:
    void take_step(const Bar& bar, double range);
    void add_indices(Value& value);

    std::uint32_t period_;
    std::uint32_t steps_ = 0;    // bars seen, up to period + 1
    double high_ = 0, low_ = 0;  // of the bar before
    TrueRange true_range_;
    double plus_ = 0, minus_ = 0, range_ = 0;
    WilderAverage adx_;
    Delay past_adx_;
};

}  // namespace vt::indicators
