#include "indicators/trend/heikin_ashi.hpp"

#include <algorithm>

namespace vt::indicators {

Bar HeikinAshi::update(const Bar& bar) {
    const double close = average_price(bar);
    const double open = middle_.value_or((bar.open + bar.close) / 2);
    middle_ = (open + close) / 2;
    return {.open_time = bar.open_time,
            .open = open,
            .high = std::max({bar.high, open, close}),
            .low = std::min({bar.low, open, close}),
            .close = close,
            .volume = bar.volume};
}

}  // namespace vt::indicators
