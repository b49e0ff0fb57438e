#include "indicators/volume/vwap.hpp"

#include <cmath>

namespace vt::indicators {

std::optional<AnchoredVwap::Value> AnchoredVwap::update(const Bar& bar) {
    if (bar.volume > 0) {
        const double price = typical_price(bar);
        const double apart = price - mean_;
        volume_ += bar.volume;
        mean_ += apart * (bar.volume / volume_);
        squares_ += bar.volume * apart * (price - mean_);
    }
    if (volume_ == 0) return std::nullopt;
    return Value{.price = mean_, .deviation = std::sqrt(squares_ / volume_)};
}

std::optional<AnchoredVwap::Value> SessionVwap::update(const Bar& bar) {
    const Timestamp begin = floor_to(bar.open_time, session_);
    if (begin_ != begin) vwap_.anchor();
    begin_ = begin;
    return vwap_.update(bar);
}

void SessionVwap::clear() {
    begin_.reset();
    vwap_.clear();
}

}  // namespace vt::indicators
