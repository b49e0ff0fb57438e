#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Ehlers' quadrature filter: 0.0962 x + 0.5769 x[2] - 0.5769 x[4] - 0.0962 x[6], times a gain; all before the first
/// is 0.
class QuadratureFilter {
public:
    double update(double value, double gain);
    void clear() { past_ = {}; }

private:
    std::array<double, 6> past_{};  // the newest first
};

/// Ehlers' homodyne discriminator: the price, smoothed by weights 4 3 2 1, is split into a part in phase and one in
/// quadrature by filters tuned to the period found before; how far their product with themselves of the bar before
/// turns is the period. A period moves by at most 0.67 to 1.5 times a bar, stays in 6 .. 50 and is smoothed by 0.2.
/// What DominantCycle, CycleMode and Mama are made of.
///   in:     `wait`: bars that are only smoothed, at least 4
///   out:    absent until wait + 1 values were seen; about 30 more bars until it depends on the price more than on
///           the zeros that it began with
///   cost:   O(1) with one or two arc tangents, does not allocate
///   source: Ehlers 2001, Rocket Science for Traders, ch. 7; TA-Lib's HT functions
class CyclePeriod {
public:
    struct Value {
        double smoothed = 0;    ///< in the unit of the values
        double in_phase = 0;    ///< about the size of the cycle, in the unit of the values
        double quadrature = 0;  ///< the same
        double period = 0;      ///< bars, up to 50
    };
    explicit CyclePeriod(std::uint32_t wait);

    std::optional<Value> update(double value);
    void clear();

private:
    void find_period(double in_phase, double quadrature);

    std::uint32_t wait_;
    std::uint32_t bars_ = 0;          // seen, up to wait_
    std::array<double, 3> prices_{};  // of the bars before, the newest first
    QuadratureFilter detrender_, quadrature_, turned_in_phase_, turned_quadrature_;
    std::array<double, 3> detrended_{};  // of the bars before, the newest first
    double in_phase_before_ = 0;
    double quadrature_before_ = 0;
    double real_ = 0;
    double imaginary_ = 0;
    double period_ = 0;
};

}  // namespace vt::indicators
