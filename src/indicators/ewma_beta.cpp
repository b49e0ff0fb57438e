#include "indicators/ewma_beta.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

EwmaBeta::EwmaBeta(double lambda) : lambda_(lambda) {
    VT_ASSERT(lambda > 0);
    VT_ASSERT(lambda < 1);
}

void EwmaBeta::push(double x, double y) {
    const double old = n_ == 0 ? 0 : lambda_;
    xx_ = old * xx_ + (1 - old) * (x * x);
    xy_ = old * xy_ + (1 - old) * (x * y);
    yy_ = old * yy_ + (1 - old) * (y * y);
    ++n_;
}

std::optional<double> EwmaBeta::beta() const {
    if (!(xx_ > 0)) return std::nullopt;
    return xy_ / xx_;
}

std::optional<double> EwmaBeta::correlation() const {
    if (!(xx_ > 0) || !(yy_ > 0)) return std::nullopt;
    return xy_ / std::sqrt(xx_ * yy_);
}

std::optional<double> EwmaBeta::error() const {
    const auto slope = beta();
    if (!slope || n_ < 3) return std::nullopt;
    return std::sqrt(std::max(0.0, yy_ / xx_ - *slope * *slope) * (1 - lambda_) / (1 + lambda_));
}

double ewma_half_life(double lambda) { return math::log(0.5) / math::log(lambda); }

double ewma_mean_age(double lambda) { return lambda / (1 - lambda); }

}  // namespace vt::indicators
