#include "indicators/swing_pivots.hpp"

#include "base/assert.hpp"

namespace vt::indicators {

SwingPivots::SwingPivots(std::size_t reach) : reach_(reach), bars_(2 * reach + 1) { VT_ASSERT(reach > 0); }

ConfirmedPivots SwingPivots::update(double high, double low, Timestamp close_time) {
    bars_.push({high, low, close_time});
    if (bars_.size() < bars_.capacity()) return {};
    const Bar& middle = bars_[reach_];
    bool is_high = true;
    bool is_low = true;
    for (std::size_t i = 0; i < reach_; ++i) {
        const Bar& before = bars_[i];
        const Bar& after = bars_[i + reach_ + 1];
        is_high = is_high && middle.high > before.high && middle.high >= after.high;
        is_low = is_low && middle.low < before.low && middle.low <= after.low;
    }
    ConfirmedPivots confirmed;
    if (is_high) confirmed.high = Pivot{middle.high, middle.close_time, close_time};
    if (is_low) confirmed.low = Pivot{middle.low, middle.close_time, close_time};
    return confirmed;
}

}  // namespace vt::indicators
