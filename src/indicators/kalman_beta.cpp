#include "indicators/kalman_beta.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "indicators/least_squares.hpp"

#include <algorithm>

namespace vt::indicators {
namespace {

constexpr double kLogTwoPi = 1.8378770664093453;

/// The likelihood of the pairs for one step of beta, at the noise that suits it best.
struct Candidate {
    double log_likelihood = 0;
    KalmanParams params;
};

Candidate judge(std::span<const double> x, std::span<const double> y, double log_step, double noise) {
    Candidate found;
    found.params.beta_step = math::exp(log_step);
    // Everything relative to a noise of 1: then the best noise follows in closed form from one pass.
    KalmanParams relative = found.params;
    relative.beta_step /= noise;
    relative.alpha_variance /= noise;
    relative.beta_variance /= noise;
    relative.noise = 1;
    KalmanBeta filter(relative);
    for (std::size_t i = 0; i < x.size(); ++i) filter.push(x[i], y[i]);
    const double scale = filter.squared_innovations() / static_cast<double>(x.size());
    found.params.noise = std::clamp(scale, noise / 16, noise * 16);
    KalmanBeta exact(found.params);
    for (std::size_t i = 0; i < x.size(); ++i) exact.push(x[i], y[i]);
    found.log_likelihood = exact.log_likelihood();
    return found;
}

}  // namespace

KalmanBeta::KalmanBeta(const KalmanParams& params)
    : params_(params),
      alpha_(params.alpha),
      beta_(params.beta),
      p00_(params.alpha_variance),
      p11_(params.beta_variance) {
    VT_ASSERT(params.noise > 0);
    VT_ASSERT(params.alpha_step >= 0 && params.beta_step >= 0);
    VT_ASSERT(params.alpha_variance >= 0 && params.beta_variance >= 0);
}

void KalmanBeta::push(double x, double y) {
    p00_ += params_.alpha_step;
    p11_ += params_.beta_step;
    const double to_alpha = p00_ + p01_ * x;  // P H'
    const double to_beta = p01_ + p11_ * x;
    const double spread = to_alpha + x * to_beta + params_.noise;
    const double surprise = y - alpha_ - beta_ * x;
    alpha_ += to_alpha / spread * surprise;
    beta_ += to_beta / spread * surprise;
    p00_ -= to_alpha * to_alpha / spread;
    p01_ -= to_alpha * to_beta / spread;
    p11_ -= to_beta * to_beta / spread;
    const double squared = surprise * surprise / spread;
    squared_ += squared;
    log_likelihood_ -= (kLogTwoPi + math::log(spread) + squared) / 2;
    ++n_;
}

std::optional<KalmanParams> fit_kalman_beta(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.size() < kMinKalmanPairs) return std::nullopt;
    const auto line = least_squares(x, y, 0);
    if (!line) return std::nullopt;
    const double noise = line->residual_sd * line->residual_sd;
    if (!(noise > 0)) return std::nullopt;

    // The likelihood is smooth in the logarithm of the step and may have two humps: a grid finds the right one, and
    // thirds narrow it.
    constexpr int kGrid = 12;
    constexpr int kRefinements = 8;
    const double low = math::log(kMinBetaStep);
    const double width = (math::log(kMaxBetaStep) - low) / kGrid;
    Candidate best = judge(x, y, low, noise);
    double centre = low;
    const auto try_at = [&](double log_step) {
        const Candidate other = judge(x, y, std::clamp(log_step, low, low + kGrid * width), noise);
        if (!(other.log_likelihood > best.log_likelihood)) return;
        best = other;
        centre = log_step;
    };
    for (int i = 1; i <= kGrid; ++i) try_at(low + i * width);
    double reach = width / 2;
    for (int i = 0; i < kRefinements; ++i, reach /= 2) {
        const double from = centre;
        try_at(from - reach);
        try_at(from + reach);
    }
    return best.params;
}

}  // namespace vt::indicators
