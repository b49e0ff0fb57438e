#include "indicators/trend/cycle_period.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <numbers>

namespace vt::indicators {
namespace {

template <std::size_t N>
void push_front(std::array<double, N>& values, double newest) {
    std::shift_right(values.begin(), values.end(), 1);
    values.front() = newest;
}

double smooth(double value, double before) { return 0.2 * value + 0.8 * before; }

}  // namespace

double QuadratureFilter::update(double value, double gain) {
    constexpr double kOuter = 0.0962;
    constexpr double kInner = 0.5769;
    const double filtered = -kOuter * past_[5] + kOuter * value - kInner * past_[3] + kInner * past_[1];
    push_front(past_, value);
    return filtered * gain;
}

CyclePeriod::CyclePeriod(std::uint32_t wait) : wait_(wait) { VT_ASSERT(wait >= 4); }

std::optional<CyclePeriod::Value> CyclePeriod::update(double value) {
    const double smoothed = (4 * value + 3 * prices_[0] + 2 * prices_[1] + prices_[2]) * 0.1;
    push_front(prices_, value);
    if (bars_ < wait_) {
        ++bars_;
        return std::nullopt;
    }
    const double gain = 0.075 * period_ + 0.54;
    const double detrended = detrender_.update(smoothed, gain);
    const double quadrature = quadrature_.update(detrended, gain);
    const double in_phase = detrended_[2];
    push_front(detrended_, detrended);
    const double turned_in_phase = turned_in_phase_.update(in_phase, gain);
    const double turned_quadrature = turned_quadrature_.update(quadrature, gain);
    find_period(smooth(in_phase - turned_quadrature, in_phase_before_),
                smooth(quadrature + turned_in_phase, quadrature_before_));
    return Value{.smoothed = smoothed, .in_phase = in_phase, .quadrature = quadrature, .period = period_};
}

void CyclePeriod::find_period(double in_phase, double quadrature) {
    real_ = smooth(in_phase * in_phase_before_ + quadrature * quadrature_before_, real_);
    imaginary_ = smooth(in_phase * quadrature_before_ - quadrature * in_phase_before_, imaginary_);
    in_phase_before_ = in_phase;
    quadrature_before_ = quadrature;
    double found = period_;
    if (imaginary_ != 0 && real_ != 0) found = 2 * std::numbers::pi / math::atan(imaginary_ / real_);
    found = std::max(std::min(found, 1.5 * period_), 0.67 * period_);
    period_ = smooth(std::clamp(found, 6.0, 50.0), period_);
}

void CyclePeriod::clear() { *this = CyclePeriod(wait_); }

}  // namespace vt::indicators
