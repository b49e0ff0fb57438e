#include "indicators/rolling_regression.hpp"

#include <algorithm>

namespace vt::indicators {

void RollingRegression::Sums::add(const Pair& pair, double sign) {
    x += sign * pair.x;
    y += sign * pair.y;
    xx += sign * (pair.x * pair.x);
    xy += sign * (pair.x * pair.y);
    yy += sign * (pair.y * pair.y);
}

void RollingRegression::recompute() {
    sums_ = {};
    for (std::size_t i = 0; i < pairs_.size(); ++i) sums_.add(pairs_[i], 1);
    pushes_ = 0;
}

void RollingRegression::push(double x, double y) {
    if (pairs_.size() == pairs_.capacity()) sums_.add(pairs_[0], -1);
    pairs_.push({x, y});
    sums_.add(pairs_.back(), 1);
    if (++pushes_ >= kRecomputeEvery) recompute();
}

void RollingRegression::clear() {
    pairs_.clear();
    recompute();
}

std::optional<LineFit> RollingRegression::line() const {
    const std::size_t size = pairs_.size();
    if (size < 3) return std::nullopt;
    const auto n = static_cast<double>(size);
    PairMoments moments{.n = size, .mean_x = sums_.x / n, .mean_y = sums_.y / n};
    moments.xx = sums_.xx - sums_.x * moments.mean_x;
    moments.xy = sums_.xy - sums_.x * moments.mean_y;
    moments.yy = std::max(0.0, sums_.yy - sums_.y * moments.mean_y);
    // What is left of a difference of equal sums is rounding.
    constexpr double kRounding = 1e-12;
    if (!(moments.xx > sums_.xx * kRounding)) return std::nullopt;
    return fit_line(moments, std::max(0.0, moments.yy - moments.xy * moments.xy / moments.xx));
}

void RollingRegression::copy_to(std::vector<double>& x, std::vector<double>& y) const {
    x.clear();
    y.clear();
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        x.push_back(pairs_[i].x);
        y.push_back(pairs_[i].y);
    }
}

}  // namespace vt::indicators
