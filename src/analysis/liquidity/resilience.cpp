#include "analysis/liquidity/resilience.hpp"

#include "base/math.hpp"
#include "indicators/least_squares.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace vt::analysis::liquidity {
namespace {

constexpr double kShock = 0.3;
constexpr double kClosed = 0.02;
constexpr std::size_t kMinBefore = 30;
constexpr double kLn2 = 0.6931471805599453;

}  // namespace

Resilience::Resilience() : before_(kWindow), half_lives_(kShocksKept) { recovery_.reserve(kWindow); }

void Resilience::skip() {
    before_.clear();
    recovery_.clear();
}

void Resilience::add(const std::optional<double>& depth) {
    if (!depth) return skip();
    if (!recovery_.empty()) {
        const double gap = 1 - *depth / normal_;
        recovery_.push_back(gap);
        if (gap <= kClosed || recovery_.size() == kWindow) finish();
        return;
    }
    if (before_.size() >= kMinBefore) {
        double sum = 0;
        for (std::size_t i = 0; i < before_.size(); ++i) sum += before_[i];
        normal_ = sum / static_cast<double>(before_.size());
        if (normal_ > 0 && *depth < (1 - kShock) * normal_) {
            recovery_.push_back(1 - *depth / normal_);
            return;
        }
    }
    before_.push(*depth);
}

/// The recovery is over: one more half-life. The next mean starts behind it, so that shocks do not overlap.
void Resilience::finish() {
    std::array<double, kWindow> times;
    std::array<double, kWindow> logs;
    std::size_t count = 0;
    for (std::size_t i = 0; i < recovery_.size(); ++i) {
        if (recovery_[i] <= kClosed) break;
        times[count] = static_cast<double>(i);
        logs[count++] = math::log(recovery_[i]);
    }
    double half_life = 0;  // back before the second sample
    if (count >= 2) {
        constexpr auto kLongest = static_cast<double>(kWindow);
        const auto slope = indicators::least_squares_slope(std::span<const double>(times.data(), count),
                                                           std::span<const double>(logs.data(), count));
        half_life = *slope < 0 ? std::min(kLongest, -kLn2 / *slope) : kLongest;
    }
    half_lives_.push(static_cast<float>(half_life));
    ++recoveries_;
    skip();
}

std::optional<Resilience::HalfLife> Resilience::half_life_s() const {
    const std::size_t n = half_lives_.size();
    if (n < kMinShocks) return std::nullopt;
    std::array<float, kShocksKept> sorted;
    for (std::size_t i = 0; i < n; ++i) sorted[i] = half_lives_[i];
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(n));
    // The mean of the two samples around the rank, so that quartiles of few shocks are not lopsided.
    const auto quantile = [&](std::size_t quarter) {
        const std::size_t twice = (n - 1) * quarter;  // rank x 4
        return (static_cast<double>(sorted[twice / 4]) + static_cast<double>(sorted[(twice + 3) / 4])) / 2;
    };
    return HalfLife{.median = quantile(2), .lower_quartile = quantile(1), .upper_quartile = quantile(3)};
}

}  // namespace vt::analysis::liquidity
