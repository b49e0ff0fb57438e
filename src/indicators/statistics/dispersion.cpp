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
    double sum = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) sum += values_[i];
    const double mean = sum / count;
    double away = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) away += std::abs(values_[i] - mean);
    return Value{.mean = mean, .deviation = away / count};
}

}  // namespace vt::indicators
