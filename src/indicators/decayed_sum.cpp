#include "indicators/decayed_sum.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>

namespace vt::indicators {

DecayedSum::DecayedSum(Nanos half_life) : half_life_(half_life) { VT_ASSERT(half_life > Nanos{0}); }

double DecayedSum::weight(Nanos age) const {
    return math::exp2(-static_cast<double>(age.count()) / static_cast<double>(half_life_.count()));
}

void DecayedSum::add(Timestamp at, double amount) {
    const Timestamp time = std::max(at, newest_);
    value_ = value_ > 0 ? value_ * weight(time - newest_) + amount : amount;
    newest_ = time;
}

void DecayedSum::remove(Timestamp at, double amount) {
    value_ = std::max(0.0, value_ - amount * weight(std::max(newest_ - at, Nanos{0})));
}

double DecayedSum::at(Timestamp u) const { return value_ > 0 ? value_ * weight(std::max(u - newest_, Nanos{0})) : 0; }

void DecayedSum::clear() {
    value_ = 0;
    newest_ = Timestamp{};
}

}  // namespace vt::indicators
