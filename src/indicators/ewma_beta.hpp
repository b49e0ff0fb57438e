#pragma once

#include <cstddef>
#include <optional>

namespace vt::indicators {

/// Beta by exponentially weighted moments about zero: C = l C + (1 - l) x y, V = l V + (1 - l) x^2, begun with the
/// first pair's own products.
///   cost:   push O(1)
///   source: RiskMetrics 1996; oracle `beta_ewma_094_zero_mean`
class EwmaBeta {
public:
    static constexpr double kLambda = 0.94;

    /// in: `lambda` in (0, 1)
    explicit EwmaBeta(double lambda = kLambda);
    void push(double x, double y);

    [[nodiscard]] std::size_t n() const { return n_; }
    /// out: absent before the first pair, and where x was always 0
    [[nodiscard]] std::optional<double> beta() const;
    /// out: likewise where y was always 0
    [[nodiscard]] std::optional<double> correlation() const;
    /// Of beta as a mean of 1/sum w^2 = (1 + l)/(1 - l) independent pairs: sqrt((yy/xx - beta^2) (1 - l)/(1 + l)).
    [[nodiscard]] std::optional<double> error() const;

private:
    double lambda_;
    double xx_ = 0, xy_ = 0, yy_ = 0;
    std::size_t n_ = 0;
};

/// The age, in periods, at which a pair counts half: ln .5/ln lambda; 11.20 for .94.
[[nodiscard]] double ewma_half_life(double lambda);
/// The mean age of the pairs by their weights, the newest being of age 0: lambda/(1 - lambda); 15.67 for .94.
[[nodiscard]] double ewma_mean_age(double lambda);

}  // namespace vt::indicators
