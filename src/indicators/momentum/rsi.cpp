#include "indicators/momentum/rsi.hpp"

#include <algorithm>
#include <utility>

namespace vt::indicators {

std::optional<GainAndLoss::Value> GainAndLoss::update(double value) {
    const auto before = std::exchange(previous_, value);
    if (!before) return std::nullopt;
    const double step = value - *before;
    const auto gain = gain_.update(std::max(step, 0.0));
    const auto loss = loss_.update(std::max(-step, 0.0));
    if (!gain || !loss || *gain + *loss == 0) return std::nullopt;
    return Value{.gain = *gain, .loss = *loss};
}

void GainAndLoss::clear() {
    previous_.reset();
    gain_.clear();
    loss_.clear();
}

std::optional<double> Rsi::update(double value) {
    const auto steps = steps_.update(value);
    if (!steps) return std::nullopt;
    return 100 * (steps->gain / (steps->gain + steps->loss));
}

std::optional<double> Cmo::update(double value) {
    const auto steps = steps_.update(value);
    if (!steps) return std::nullopt;
    return 100 * ((steps->gain - steps->loss) / (steps->gain + steps->loss));
}

}  // namespace vt::indicators
