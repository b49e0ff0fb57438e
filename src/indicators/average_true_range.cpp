#include "indicators/average_true_range.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

AverageTrueRange::AverageTrueRange(std::uint32_t period) : period_(period) { VT_ASSERT(period > 0); }

double AverageTrueRange::true_range(const HighLowClose& bar, double previous_close) {
    return std::max({bar.high - bar.low, std::abs(bar.high - previous_close), std::abs(bar.low - previous_close)});
}

std::optional<double> AverageTrueRange::update(const HighLowClose& bar) {
    if (previous_close_) {
        const double range = true_range(bar, *previous_close_);
        const auto period = static_cast<double>(period_);
        if (count_ < period_) {
            average_ += range;
            if (++count_ == period_) average_ /= period;
        } else {
            average_ = (average_ * (period - 1) + range) / period;
        }
    }
    previous_close_ = bar.close;
    return value();
}

std::optional<double> AverageTrueRange::value() const {
    if (count_ < period_) return std::nullopt;
    return average_;
}

void AverageTrueRange::clear() {
    previous_close_.reset();
    count_ = 0;
    average_ = 0;
}

}  // namespace vt::indicators
