#include "indicators/trend/parabolic_sar.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::indicators {

ParabolicSar::ParabolicSar(const SarAcceleration& acceleration) : acceleration_(acceleration) {
    VT_ASSERT(acceleration.step > 0 && acceleration.step <= acceleration.maximum);
}

void ParabolicSar::keep_outside(const Bar& bar) {
    sar_ = is_long_ ? std::min({sar_, low_, bar.low}) : std::max({sar_, high_, bar.high});
}

void ParabolicSar::begin(const Bar& bar) {
    const double down = low_ - bar.low;
    is_long_ = !(down > 0 && bar.high - high_ < down);
    extreme_ = is_long_ ? bar.high : bar.low;
    sar_ = is_long_ ? low_ : high_;
    pace_ = acceleration_.step;
    high_ = bar.high;  // the first sar is kept outside of this bar only
    low_ = bar.low;
}

double ParabolicSar::turn(const Bar& bar) {
    is_long_ = !is_long_;
    sar_ = extreme_;
    keep_outside(bar);
    const double shown = sar_;
    pace_ = acceleration_.step;
    extreme_ = is_long_ ? bar.high : bar.low;
    return shown;
}

void ParabolicSar::go_on(const Bar& bar) {
    if (is_long_ ? bar.high > extreme_ : bar.low < extreme_) {
        extreme_ = is_long_ ? bar.high : bar.low;
        pace_ = std::min(pace_ + acceleration_.step, acceleration_.maximum);
    }
}

std::optional<ParabolicSar::Value> ParabolicSar::update(const Bar& bar) {
    if (bars_ == 0) {
        bars_ = 1;
        high_ = bar.high;
        low_ = bar.low;
        return std::nullopt;
    }
    if (bars_ == 1) {
        bars_ = 2;
        begin(bar);
    }
    double shown = sar_;
    if (is_long_ ? bar.low <= sar_ : bar.high >= sar_) {
        shown = turn(bar);
    } else {
        go_on(bar);
    }
    sar_ += pace_ * (extreme_ - sar_);
    keep_outside(bar);
    high_ = bar.high;
    low_ = bar.low;
    return Value{.sar = shown, .is_long = is_long_};
}

}  // namespace vt::indicators
