#include "indicators/trend/supertrend.hpp"

#include <utility>

namespace vt::indicators {

std::optional<Supertrend::Value> Supertrend::update(const Bar& bar) {
    const auto range = range_.update(bar);
    const double close_before = std::exchange(previous_close_, bar.close);
    if (!range) return std::nullopt;
    const double median = median_price(bar);
    const double lower = median - width_ * *range;
    const double upper = median + width_ * *range;
    if (!std::exchange(has_lines_, true)) {
        lower_ = lower;
        upper_ = upper;
        is_rising_ = bar.close >= median;
    } else {
        if (lower > lower_ || close_before < lower_) lower_ = lower;
        if (upper < upper_ || close_before > upper_) upper_ = upper;
        is_rising_ = is_rising_ ? bar.close >= lower_ : bar.close > upper_;
    }
    return Value{.line = is_rising_ ? lower_ : upper_, .is_rising = is_rising_};
}

void Supertrend::clear() {
    range_.clear();
    has_lines_ = false;
}

}  // namespace vt::indicators
