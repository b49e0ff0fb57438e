#include "indicators/confidence.hpp"

#include "base/math.hpp"

#include <cmath>

namespace vt::indicators {

double two_sided_p(double z) {
    constexpr double kRootHalf = 0.70710678118654752;
    return math::erfc(std::abs(z) * kRootHalf);
}

}  // namespace vt::indicators
