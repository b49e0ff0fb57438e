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
    if (begin_ != begin) {
        is_whole_ = bar.open_time == begin;
        vwap_.anchor();
    }
    begin_ = begin;
    const auto value = vwap_.update(bar);
    return is_whole_ ? value : std::nullopt;
}

void SessionVwap::clear() {
    begin_.reset();
    vwap_.clear();
}

std::optional<SwingVwap::Value> SwingVwap::update(const Bar& bar) {
    recent_.push(bar);
    const ConfirmedPivots proven = pivots_.update(bar.high, bar.low, bar.open_time);  // which bar, not when
    std::optional<AnchoredVwap::Value> value;
    if (proven.high || proven.low) {
        vwap_.anchor();
        for (std::size_t i = 0; i < recent_.size(); ++i) value = vwap_.update(recent_[i]);
        bars_ago_ = static_cast<std::uint32_t>(recent_.size() - 1);
    } else if (bars_ago_) {
        value = vwap_.update(bar);
        ++*bars_ago_;
    }
    if (!value) return std::nullopt;
    return Value{*value, *bars_ago_};
}

void SwingVwap::clear() {
    pivots_.clear();
    recent_.clear();
    bars_ago_.reset();
    vwap_.clear();
}

}  // namespace vt::indicators
