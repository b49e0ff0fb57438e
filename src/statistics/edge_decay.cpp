#include "statistics/edge_decay.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {

void EdgeDecay::add(bool came, double probability, double weight) {
    VT_ASSERT(probability > 0);
    VT_ASSERT(probability < 1);
    VT_ASSERT(weight > 0);
    VT_ASSERT(weight <= 1);
    const double shortfall = (probability - (came ? 1 : 0)) / std::sqrt(probability * (1 - probability));
    level_ = std::max(0.0, level_ + weight * (shortfall - limits_.allowance));
    ++count_;
}

}  // namespace vt::statistics
