#include "statistics/sharpe.hpp"

#include "base/assert.hpp"
#include "statistics/moments.hpp"
#include "statistics/normal.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

/// n - 1 times the variance of the observed ratio.
double scaled_variance(const SharpeSample& sample) {
    return 1 - sample.skewness * sample.ratio + (sample.kurtosis - 1) / 4 * sample.ratio * sample.ratio;
}

}  // namespace

std::optional<SharpeSample> sharpe_of(std::span<const double> returns) {
    const auto found = moments(returns);
    if (!found) return std::nullopt;
    return SharpeSample{.ratio = found->mean / found->sd,
                        .n = static_cast<double>(found->n),
                        .skewness = found->skewness,
                        .kurtosis = found->kurtosis};
}

std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) {
    const double variance = scaled_variance(sample);
    if (!(variance > 0) || !(sample.n > 1)) return std::nullopt;
    return normal_cdf((sample.ratio - benchmark) * std::sqrt(sample.n - 1) / std::sqrt(variance));
}

double expected_maximum_sharpe(double trials, double variance) {
    constexpr double kEuler = 0.57721566490153286;
    constexpr double kE = 2.7182818284590452;
    VT_ASSERT(trials >= 1);
    VT_ASSERT(variance >= 0);
    if (trials == 1) return 0;
    const double largest =
        (1 - kEuler) * normal_quantile(1 - 1 / trials) + kEuler * normal_quantile(1 - 1 / (trials * kE));
    return std::sqrt(variance) * std::max(0.0, largest);
}

std::optional<double> deflated_sharpe(const SharpeSample& sample, double trials, double variance) {
    return probabilistic_sharpe(sample, expected_maximum_sharpe(trials, variance));
}

std::optional<double> minimum_track_record(const SharpeSample& sample, double benchmark, double confidence) {
    const double variance = scaled_variance(sample);
    if (!(sample.ratio > benchmark) || !(variance > 0)) return std::nullopt;
    const double errors = normal_quantile(confidence) / (sample.ratio - benchmark);
    return 1 + variance * errors * errors;
}

}  // namespace vt::statistics
