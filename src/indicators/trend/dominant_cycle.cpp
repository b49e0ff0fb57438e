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

std::optional<CycleMode::Phase> CycleMode::find_phase(std::size_t period) const {
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
    if (real == 0 && imaginary == 0) return std::nullopt;
    // The quarter turns are the arc tangent's limits.
    double degrees = imaginary != 0 ? math::atan(real / imaginary) * kDegrees : (real < 0 ? -90.0 : 90.0);
    degrees += 90 + 360 / smoothed_period_;  // the smoothed price is a bar late
    if (imaginary < 0) degrees += 180;
    if (degrees > 315) degrees -= 360;
    return Phase{
        .degrees = degrees, .sine = math::sin(degrees / kDegrees), .lead_sine = math::sin((degrees + 45) / kDegrees)};
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

    const auto before = std::exchange(phase_, find_phase(period));
    const double line = find_trend_line(period);
    Value mode{.phase_degrees = {}, .sine = {}, .lead_sine = {}, .trend_line = line, .is_trend = {}};
    if (phase_) {
        mode.phase_degrees = phase_->degrees;
        mode.sine = phase_->sine;
        mode.lead_sine = phase_->lead_sine;
    }
    ++bars_in_trend_;
    if (phase_ && before) {
        mode.is_trend = judge_trend(*phase_, *before, line != 0 ? std::abs((cycle->smoothed - line) / line) : 0);
    }
    if (!is_warm) return std::nullopt;
    return mode;
}

/// `distance`: of the price from the trend line, as a fraction of it.
bool CycleMode::judge_trend(const Phase& now, const Phase& before, double distance) {
    bool is_trend = true;
    if ((now.sine > now.lead_sine && before.sine <= before.lead_sine) ||
        (now.sine < now.lead_sine && before.sine >= before.lead_sine)) {
        bars_in_trend_ = 1;
        is_trend = false;
    }
    if (bars_in_trend_ < 0.5 * smoothed_period_) is_trend = false;
    const double turn = now.degrees - before.degrees;
    const double usual = 360 / smoothed_period_;
    if (turn > 0.67 * usual && turn < 1.5 * usual) is_trend = false;
    return is_trend || distance >= 0.015;
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
    mama_share_ = weight + (1 - weight) * mama_share_;
    fama_share_ = weight / 2 * mama_share_ + (1 - weight / 2) * fama_share_;
    if (!is_warm) return std::nullopt;
    return Value{.mama = mama_, .fama = fama_, .price_share = fama_share_};
}

void Mama::clear() { *this = Mama(fast_, slow_); }

}  // namespace vt::indicators
