#pragma once

#include "statistics/interval.hpp"

namespace vt::statistics {

/// What is believed of a group's rate before it has been seen: the rate of all, as if it had been seen so many
/// times.
struct PooledPrior {
    double rate = 0.5;     ///< 0..1, of all groups together
    double strength = 50;  ///< in observations, above 0
};

/// The rate of one group, drawn toward that of all as long as the group is small: (hits + strength rate) /
/// (trials + strength).
///   in:     0 <= hits <= trials; fractions are allowed
///   out:    0..1; the prior's rate without trials
///   source: Beta-Binomial model, Gelman et al., Bayesian Data Analysis 5.3
[[nodiscard]] double pooled_rate(double hits, double trials, const PooledPrior& prior);

/// Where the group's rate lies, with this confidence: equal tails of the posterior Beta distribution.
///   in:   0 < prior.rate < 1; 0 < confidence < 1
[[nodiscard]] Interval pooled_interval(double hits, double trials, const PooledPrior& prior, double confidence);

}  // namespace vt::statistics
