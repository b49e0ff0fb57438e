#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// How an alpha and a beta that wander are thought to move: each pair adds a random step to both.
struct KalmanParams {
    double alpha_step = 0;    ///< variance of alpha's step
    double beta_step = 1e-4;  ///< variance of beta's step
    double noise = 4e-6;      ///< variance of y about a + b x
    double alpha = 0;         ///< where they begin, and the variance of that
    double beta = 1;
    double alpha_variance = 1e-4;
    double beta_variance = 1;
};

/// A beta that follows a random walk, by the Kalman filter: after each pair, what is known of [a, b] from the pairs
/// so far.
///   cost:   push O(1)
///   source: Kalman 1960; oracle `beta_kalman_rw`
class KalmanBeta {
public:
    /// in: noise > 0, other variances not negative
    explicit KalmanBeta(const KalmanParams& params);
    void push(double x, double y);

    [[nodiscard]] double alpha() const { return alpha_; }
    [[nodiscard]] double beta() const { return beta_; }
    [[nodiscard]] double beta_variance() const { return p11_; }
    /// Of all pairs so far.
    [[nodiscard]] double log_likelihood() const { return log_likelihood_; }
    /// sum of v^2/S: with `noise` 1 and the other variances relative to it, n times the noise that fits best.
    [[nodiscard]] double squared_innovations() const { return squared_; }
    [[nodiscard]] std::size_t n() const { return n_; }

private:
    KalmanParams params_;
    double alpha_;
    double beta_;
    double p00_, p01_ = 0, p11_;  // covariance of [alpha, beta]
    double log_likelihood_ = 0;
    double squared_ = 0;
    std::size_t n_ = 0;
};

/// The step of beta (a fixed alpha) and the noise under which the pairs are likeliest, the step within bounds that
/// keep a short or quiet window from making beta jump: standard deviation 0.0001 to 0.1 a pair.
///   out:  absent for fewer than kMinKalmanPairs pairs and where the least-squares line does not exist or is exact
///   cost: 58 filters, O(n) each; does not allocate
[[nodiscard]] std::optional<KalmanParams> fit_kalman_beta(std::span<const double> x, std::span<const double> y);
inline constexpr std::size_t kMinKalmanPairs = 30;
inline constexpr double kMinBetaStep = 1e-8;
inline constexpr double kMaxBetaStep = 1e-2;

}  // namespace vt::indicators
