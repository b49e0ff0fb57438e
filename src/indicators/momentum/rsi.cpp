#include "indicators/momentum/rsi.hpp"

#include <algorithm>
#include <utility>

namespace vt::indicators {

template <double (*score)(const GainAndLoss&)>
std::optional<double> GainScore<score>::update(double value) {
    const auto before = std::exchange(previous_, value);
    if (!before) return std::nullopt;
    const double step = value - *before;
    const auto gain = gain_.update(std::max(step, 0.0));
    const auto loss = loss_.update(std::max(-step, 0.0));
    if (!gain || !loss || *gain + *loss == 0) return std::nullopt;
    // Without a step both shrink alike and the score stays: not left to the rounding of the two, of which a
    // stochastic of the score would make anything.
    if (step != 0 || !score_) score_ = score({.gain = *gain, .loss = *loss});
    return score_;
}

template <double (*score)(const GainAndLoss&)>
void GainScore<score>::clear() {
    previous_.reset();
    score_.reset();
    gain_.clear();
    loss_.clear();
}

template class GainScore<relative_strength>;
template class GainScore<chande_momentum>;

}  // namespace vt::indicators
