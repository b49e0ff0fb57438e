#include "indicators/average/sma.hpp"

namespace vt::indicators {

std::optional<double> Sma::update(double value) {
    const auto sum = sum_.update(value);
    if (!sum) return std::nullopt;
    return *sum / static_cast<double>(sum_.size());
}

std::optional<double> Trima::update(double value) {
    const auto mean = first_.update(value);
    return mean ? second_.update(*mean) : std::nullopt;
}

void Trima::clear() {
    first_.clear();
    second_.clear();
}

}  // namespace vt::indicators
