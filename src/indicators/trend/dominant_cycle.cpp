#include "indicators/trend/dominant_cycle.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace vt::indicators {
namespace {

constexpr std::uint32_t kBarsBeforeCycle = 32;
constexpr std::uint32_t kBarsBeforeMode = 63;
constexpr double kDegrees = 180 / std::numbers::pi;

double smooth_period(double period, double before) { return 0.33 * period + 0.67 * before; }

/// True from the bar after the first `count` on.
bool is_past(std::uint32_t& bars, std::uint32_t count) {
    if (bars == count) return true;
    ++bars;
    return false;
}

}  // namespace

std::optional<DominantCycle::Value> DominantCycle::update(double value) {
    const bool is_warm = is_past(bars_, kBarsBeforeCycle);
    const auto cycle = cycle_.update(value);
    if (!cycle) return std::nullopt;
    smoothed_period_ = smooth_period(cycle->period, smoothed_period_);
    if (!is_warm) return std::nullopt;
    return Value{.period = smoothed_period_, .in_phase = cycle->in_phase, .quadrature = cycle->quadrature};
}

void DominantCycle::clear() { *this = DominantCycle(); }

void CycleMode::find_phase(std::size_t period) {
    double real = 0;
    double imaginary = 0;
    // Over a whole period sines add up to nothing: what all prices have in common only costs digits. TA-Lib leaves
    // it, and counts bars before the first as prices of 0, which makes a difference as long as there are such.
    const double level = period <= smoothed_.size() ? smoothed_.back() : 0;
    for (std::size_t i = 0; i < period && i < smoothed_.size(); ++i) {
        const double angle = static_cast<double>(i) * (2 * std::numbers::pi) / static_cast<double>(period);
        const double price = smoothed_[smoothed_.size() - 1 - i] - level;
        real += math::sin(angle) * price;
        imaginary += math::cos(angle) * price;
    }
    if (imaginary != 0) {
        phase_ = math::atan(real / imaginary) * kDegrees;
    } else if (real != 0) {
        phase_ += real < 0 ? -90 : 90;
    }
    phase_ += 90 + 360 / smoothed_period_;  // the smoothed price is a bar late
    if (imaginary < 0) phase_ += 180;
    if (phase_ > 315) phase_ -= 360;
}

double CycleMode::find_trend_line(std::size_t period) {
    double sum = 0;
    for (std::size_t i = 0; i < period; ++i) sum += prices_[prices_.size() - 1 - i];
    const double mean = period > 0 ? sum / static_cast<double>(period) : 0;
    const double line = (4 * mean + 3 * means_[0] + 2 * means_[1] + means_[2]) / 10;
    means_ = {mean, means_[0], means_[1]};
    return line;
}

std::optional<CycleMode::Value> CycleMode::update(double value) {
    const bool is_warm = is_past(bars_, kBarsBeforeMode);
    prices_.push(value);
    const auto cycle = cycle_.update(value);
    if (!cycle) return std::nullopt;
    smoothed_.push(cycle->smoothed);
    smoothed_period_ = smooth_period(cycle->period, smoothed_period_);
    const auto period = static_cast<std::size_t>(smoothed_period_ + 0.5);

    const double phase_before = phase_;
    find_phase(period);
    const double sine_before = std::exchange(sine_, math::sin(phase_ / kDegrees));
    const double lead_before = std::exchange(lead_sine_, math::sin((phase_ + 45) / kDegrees));
    const double line = find_trend_line(period);

    bool is_trend = true;
    if ((sine_ > lead_sine_ && sine_before <= lead_before) || (sine_ < lead_sine_ && sine_before >= lead_before)) {
        bars_in_trend_ = 0;
        is_trend = false;
    }
    ++bars_in_trend_;
    if (bars_in_trend_ < 0.5 * smoothed_period_) is_trend = false;
    const double turn = phase_ - phase_before;
    const double usual = 360 / smoothed_period_;
    if (turn > 0.67 * usual && turn < 1.5 * usual) is_trend = false;
    if (line != 0 && std::abs((cycle->smoothed - line) / line) >= 0.015) is_trend = true;
    if (!is_warm) return std::nullopt;
    return Value{
        .phase_degrees = phase_, .sine = sine_, .lead_sine = lead_sine_, .trend_line = line, .is_trend = is_trend};
}

void CycleMode::clear() { *this = CycleMode(); }

Mama::Mama(double fast, double slow) : fast_(fast), slow_(slow) { VT_ASSERT(slow > 0 && slow <= fast && fast <= 1); }

std::optional<Mama::Value> Mama::update(double value) {
    const bool is_warm = is_past(bars_, kBarsBeforeCycle);
    const auto cycle = cycle_.update(value);
    if (!cycle) return std::nullopt;
    const double phase = cycle->in_phase != 0 ? math::atan(cycle->quadrature / cycle->in_phase) * kDegrees : 0;
    const double turn = std::max(std::exchange(phase_, phase) - phase, 1.0);
    const double weight = std::max(fast_ / turn, slow_);
    mama_ = weight * value + (1 - weight) * mama_;
    fama_ = weight / 2 * mama_ + (1 - weight / 2) * fama_;
    if (!is_warm) return std::nullopt;
    return Value{.mama = mama_, .fama = fama_};
}

void Mama::clear() { *this = Mama(fast_, slow_); }

}  // namespace vt::indicators
