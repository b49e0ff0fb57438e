#include "indicators/volatility/range_volatility.hpp"

#include "base/math.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace vt::indicators {
namespace {

double squared(double x) { return x * x; }

/// Not negative: the high is not below, the low not above, open and close.
double rogers_satchell(const Bar& bar) {
    return math::log(bar.high / bar.close) * math::log(bar.high / bar.open) +
           math::log(bar.low / bar.close) * math::log(bar.low / bar.open);
}

std::optional<double> root_of_mean(const std::optional<double>& sum, std::uint32_t count) {
    if (!sum) return std::nullopt;
    return std::sqrt(*sum / static_cast<double>(count));
}

double sample_variance(const Moments& moments) { return moments.squares / (moments.count - 1); }

}  // namespace

CloseToCloseVolatility::CloseToCloseVolatility(std::uint32_t period) : returns_(period) { VT_ASSERT(period >= 2); }

std::optional<double> CloseToCloseVolatility::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    const auto moments = returns_.update({.mean = math::log(bar.close / *before)});
    if (!moments) return std::nullopt;
    return std::sqrt(sample_variance(*moments));
}

void CloseToCloseVolatility::clear() {
    previous_close_.reset();
    returns_.clear();
}

std::optional<double> ParkinsonVolatility::update(const Bar& bar) {
    constexpr double kScale = 4 * std::numbers::ln2;
    return root_of_mean(sum_.update(squared(math::log(bar.high / bar.low)) / kScale), sum_.size());
}

std::optional<double> GarmanKlassVolatility::update(const Bar& bar) {
    constexpr double kBody = 2 * std::numbers::ln2 - 1;
    const double range = squared(math::log(bar.high / bar.low));
    return root_of_mean(sum_.update(range / 2 - kBody * squared(math::log(bar.close / bar.open))), sum_.size());
}

std::optional<double> RogersSatchellVolatility::update(const Bar& bar) {
    return root_of_mean(sum_.update(rogers_satchell(bar)), sum_.size());
}

YangZhangVolatility::YangZhangVolatility(std::uint32_t period) : between_(period), within_(period), range_(period) {
    VT_ASSERT(period >= 2);
}

std::optional<double> YangZhangVolatility::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    const auto between = between_.update({.mean = math::log(bar.open / *before)});
    const auto within = within_.update({.mean = math::log(bar.close / bar.open)});
    const auto range = range_.update(rogers_satchell(bar));
    if (!between || !within || !range) return std::nullopt;
    const auto n = static_cast<double>(range_.size());
    const double k = 0.34 / (1.34 + (n + 1) / (n - 1));
    return std::sqrt(sample_variance(*between) + k * sample_variance(*within) + (1 - k) * (*range / n));
}

void YangZhangVolatility::clear() {
    previous_close_.reset();
    between_.clear();
    within_.clear();
    range_.clear();
}

}  // namespace vt::indicators
