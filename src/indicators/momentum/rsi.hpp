#pragma once

#include "indicators/window/wilder_average.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Wilder's averages of the steps up and of the steps down, not negative.
struct GainAndLoss {
    double gain = 0;
    double loss = 0;
};

/// 100 gain / (gain + loss): 0 (only down) .. 100 (only up).
[[nodiscard]] inline double relative_strength(const GainAndLoss& of) { return 100 * (of.gain / (of.gain + of.loss)); }
/// 100 (gain - loss) / (gain + loss): -100 .. 100, twice the distance of the relative strength to 50.
[[nodiscard]] inline double chande_momentum(const GainAndLoss& of) {
    return 100 * ((of.gain - of.loss) / (of.gain + of.loss));
}

/// A score of gain against loss.
///   out:    as the score; absent until `period` + 1 values were seen, and while nothing ever moved (TA-Lib: 0)
///   cost:   O(1), does not allocate
template <double (*score)(const GainAndLoss&)>
class GainScore {
public:
    explicit GainScore(std::uint32_t period = 14) : gain_(period), loss_(period) {}

    std::optional<double> update(double value);
    void clear();

private:
    std::optional<double> previous_;
    std::optional<double> score_;
    WilderAverage gain_;
    WilderAverage loss_;
};

/// Relative strength index.
///   source: Wilder 1978; TA-Lib RSI
using Rsi = GainScore<relative_strength>;
/// Chande's momentum oscillator as TA-Lib has it, with Wilder's averages.
///   source: Chande, Kroll 1994; TA-Lib CMO
using Cmo = GainScore<chande_momentum>;

extern template class GainScore<relative_strength>;
extern template class GainScore<chande_momentum>;

}  // namespace vt::indicators
