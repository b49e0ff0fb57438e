#include "statistics/binomial.hpp"

#include "base/assert.hpp"
#include "statistics/beta_distribution.hpp"

namespace vt::statistics {

double binomial_upper_tail(double successes, double trials, double rate) {
    VT_ASSERT(successes >= 0);
    VT_ASSERT(successes <= trials);
    if (successes == 0) return 1;
    return beta_cdf(successes, trials - successes + 1, rate);
}

Interval clopper_pearson(double successes, double trials, double confidence) {
    VT_ASSERT(successes >= 0);
    VT_ASSERT(successes <= trials);
    VT_ASSERT(confidence > 0);
    VT_ASSERT(confidence < 1);
    if (!(trials > 0)) return {};
    const double tail = (1 - confidence) / 2;
    const double failures = trials - successes;
    return {successes > 0 ? beta_quantile(successes, failures + 1, tail) : 0,
            failures > 0 ? beta_quantile(successes + 1, failures, 1 - tail) : 1};
}

}  // namespace vt::statistics
