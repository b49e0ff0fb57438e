#include "statistics/partial_pooling.hpp"

#include "base/assert.hpp"
#include "statistics/beta_distribution.hpp"

namespace vt::statistics {

double pooled_rate(double hits, double trials, const PooledPrior& prior) {
    VT_ASSERT(hits >= 0);
    VT_ASSERT(hits <= trials);
    VT_ASSERT(prior.strength > 0);
    return (hits + prior.strength * prior.rate) / (trials + prior.strength);
}

Interval pooled_interval(double hits, double trials, const PooledPrior& prior, double confidence) {
    VT_ASSERT(hits >= 0);
    VT_ASSERT(hits <= trials);
    VT_ASSERT(confidence > 0);
    VT_ASSERT(confidence < 1);
    const double a = hits + prior.strength * prior.rate;
    const double b = trials - hits + prior.strength * (1 - prior.rate);
    const double tail = (1 - confidence) / 2;
    return {beta_quantile(a, b, tail), beta_quantile(a, b, 1 - tail)};
}

}  // namespace vt::statistics
