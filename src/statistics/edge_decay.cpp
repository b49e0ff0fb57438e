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
    level_ = std::clamp(level_ + weight * (shortfall - limits_.allowance), 0.0, limits_.threshold);
    if (level_ >= limits_.threshold) is_decayed_ = true;
    if (level_ <= recovery_level()) is_decayed_ = false;
    ++count_;
}

}  // namespace vt::statistics
