#include "indicators/statistics/dispersion.hpp"

#include <cmath>

namespace vt::indicators {

std::optional<Variance::Value> Variance::update(double value) {
    const auto moments = moments_.update({.mean = value});
    if (!moments) return std::nullopt;
    const double variance = moments->squares / moments->count;
    return Value{.mean = moments->mean, .variance = variance, .deviation = std::sqrt(variance)};
}

std::optional<MeanAbsoluteDeviation::Value> MeanAbsoluteDeviation::update(double value) {
    values_.push(value);
    if (values_.size() < values_.capacity()) return std::nullopt;
    const auto count = static_cast<double>(values_.size());
    // From the oldest on: of equal values the mean is that value to the last bit, and nothing deviates from it.
    const double oldest = values_[0];
    double beyond = 0;
    for (std::size_t i = 1; i < values_.size(); ++i) beyond += values_[i] - oldest;
    const double mean = oldest + beyond / count;
    double away = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) away += std::abs(values_[i] - mean);
    return Value{.mean = mean, .deviation = away / count};
}

}  // namespace vt::indicators
