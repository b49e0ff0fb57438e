#pragma once

#include "base/ring.hpp"
#include "indicators/trend/cycle_period.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The length of the dominant cycle and its phasor (CyclePeriod, once more smoothed).
///   out:    `period` in bars, up to 50 (HT_DCPERIOD); `in_phase` and `quadrature` in the unit of the values
///           (HT_PHASOR); absent until 33 values were seen
///   cost:   as CyclePeriod, does not allocate
///   source: Ehlers 2001; TA-Lib HT_DCPERIOD, HT_PHASOR
class DominantCycle {
public:
    struct Value {
        double period = 0;
        double in_phase = 0;
        double quadrature = 0;
    };

    std::optional<Value> update(double value);
    void clear();

private:
    std::uint32_t bars_ = 0;
    CyclePeriod cycle_{12};
    double smoothed_period_ = 0;
};

/// Where in its cycle the price stands, and whether it cycles at all: the phase is that of the best fitting sine over
/// the last whole period of smoothed prices; the trend line is the mean over a period, smoothed by 4 3 2 1; a trend
/// is what has not crossed the sine waves for half a period, turns at another speed than the period, or is 1.5 % from
/// its line.
///   out:    phase in degrees, -45 .. 315 (HT_DCPHASE); sine and lead_sine, 45 degrees ahead, -1 .. 1 (HT_SINE);
///           trend_line in the unit of the values (HT_TRENDLINE); is_trend (HT_TRENDMODE); absent until 64 values
///           were seen. Prices that are equal over a whole period have no phase (TA-Lib: the last one, turned on):
///           there it and the sines are absent, and is_trend where the phase or the one before is
///   cost:   O(period), up to 50 sines and cosines; allocates on construction only
///   source: Ehlers 2001, ch. 9 to 11; TA-Lib HT_DCPHASE, HT_SINE, HT_TRENDLINE, HT_TRENDMODE
class CycleMode {
public:
    struct Value {
        std::optional<double> phase_degrees, sine, lead_sine;
        double trend_line = 0;
        std::optional<bool> is_trend;
    };

    std::optional<Value> update(double value);
    void clear();

private:
    static constexpr std::size_t kLongest = 50;

    struct Phase {
        double degrees = 0;
        double sine = 0;
        double lead_sine = 0;
    };
    [[nodiscard]] std::optional<Phase> find_phase(std::size_t period) const;
    [[nodiscard]] double find_trend_line(std::size_t period);
    [[nodiscard]] bool judge_trend(const Phase& now, const Phase& before, double distance);

    std::uint32_t bars_ = 0;
    CyclePeriod cycle_{37};
    Ring<double> prices_{kLongest};
    Ring<double> smoothed_{kLongest};
    double smoothed_period_ = 0;
    std::optional<Phase> phase_ = Phase{};
    std::array<double, 3> means_{};    // of the bars before, the newest first
    std::uint32_t bars_in_trend_ = 0;  // since the sine waves were seen to cross
};

/// MESA adaptive moving average: an EMA whose weight is `fast` / the degrees that the phase turned since the bar
/// before, within slow .. fast; FAMA follows it with half the weight. Both begin at 0, as in TA-Lib: the first values
/// are too low until that is forgotten, which `price_share` tells.
///   in:     0 < slow <= fast <= 1
///   out:    in the unit of the values; absent until 33 values were seen
///   cost:   as CyclePeriod and an arc tangent, does not allocate
///   source: Ehlers 2001; TA-Lib MAMA
class Mama {
public:
    struct Value {
        double mama = 0;
        double fama = 0;
        double price_share = 0;  ///< of fama, 0 .. 1, of mama more; the rest is the 0 that both began with
    };
    explicit Mama(double fast = 0.5, double slow = 0.05);

    std::optional<Value> update(double value);
    void clear();

private:
    double fast_;
    double slow_;
    std::uint32_t bars_ = 0;
    CyclePeriod cycle_{12};
    double phase_ = 0;
    double mama_ = 0;
    double fama_ = 0;
    double mama_share_ = 0;
    double fama_share_ = 0;
};

}  // namespace vt::indicators
