#include "indicators/volatility/range_volatility.hpp"

#include "base/math.hpp"

#include <cmath>
#include <numbers>
#include <utility>

namespace vt::indicators {
namespace {

double squared(double x) { return x * x; }

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

double parkinson_variance(const Bar& bar) {
    constexpr double kScale = 4 * std::numbers::ln2;
    return squared(math::log(bar.high / bar.low)) / kScale;
}

double garman_klass_variance(const Bar& bar) {
    constexpr double kBody = 2 * std::numbers::ln2 - 1;
    const double range = squared(math::log(bar.high / bar.low));
    return range / 2 - kBody * squared(math::log(bar.close / bar.open));
}

double rogers_satchell_variance(const Bar& bar) {
    return math::log(bar.high / bar.close) * math::log(bar.high / bar.open) +
           math::log(bar.low / bar.close) * math::log(bar.low / bar.open);
}

template <double (*variance)(const Bar&)>
std::optional<double> RangeVolatility<variance>::update(const Bar& bar) {
    const auto sum = sum_.update(variance(bar));
    if (!sum) return std::nullopt;
    return std::sqrt(*sum / static_cast<double>(sum_.size()));
}

template class RangeVolatility<parkinson_variance>;
template class RangeVolatility<garman_klass_variance>;
template class RangeVolatility<rogers_satchell_variance>;

YangZhangVolatility::YangZhangVolatility(std::uint32_t period) : between_(period), within_(period), range_(period) {
    VT_ASSERT(period >= 2);
}

std::optional<double> YangZhangVolatility::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before) return std::nullopt;
    const auto between = between_.update({.mean = math::log(bar.open / *before)});
    const auto within = within_.update({.mean = math::log(bar.close / bar.open)});
    const auto range = range_.update(rogers_satchell_variance(bar));
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
