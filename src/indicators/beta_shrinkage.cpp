#include "indicators/beta_shrinkage.hpp"

#include "base/assert.hpp"

#include <cmath>

namespace vt::indicators {

ShrunkBeta vasicek(double beta, double error, const BetaPrior& prior) {
    VT_ASSERT(error >= 0);
    VT_ASSERT(prior.sd >= 0);
    const double between = prior.sd * prior.sd;
    const double within = error * error;
    const double weight = within > 0 ? between / (between + within) : 1;
    return {.weight = weight, .beta = weight * beta + (1 - weight) * prior.mean, .error = std::sqrt(weight * within)};
}

double blume(double beta) { return 1.0 / 3 + 2.0 / 3 * beta; }

}  // namespace vt::indicators
