#include "analysis/order_flow/vpin.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::analysis::order_flow {

void VpinMeter::set_bucket_volume(double volume) {
    if (!(volume > 0)) return;
    bucket_volume_ = volume;
    filled_ = net_ = 0;
}

void VpinMeter::add(double quantity, market::Side aggressor) {
    if (!bucket_volume_) return;
    const double volume = *bucket_volume_;
    const double sign = market::sign(aggressor);
    // More than fills every bucket once makes all of them one-sided: the rest changes nothing.
    double left = std::min(quantity, volume * static_cast<double>(shares_.capacity() + 2));
    while (left > 0) {
        const double taken = std::min(left, volume - filled_);
        filled_ += taken;
        net_ += sign * taken;
        left -= taken;
        if (filled_ < volume) break;
        shares_.push(std::abs(net_) / volume);
        filled_ = net_ = 0;
    }
}

void VpinMeter::clear() {
    shares_.clear();
    bucket_volume_.reset();
    filled_ = net_ = 0;
}

std::optional<double> VpinMeter::value() const {
    if (shares_.size() < shares_.capacity()) return std::nullopt;
    double sum = 0;
    for (std::size_t i = 0; i < shares_.size(); ++i) sum += shares_[i];
    return sum / static_cast<double>(shares_.size());
}

Component Vpin::describe() {
    return {.name = "vpin",
            .unit = "1",
            .map = MapKind::pr,
            .is_shadow = true,
            .leaves = {{.frame = Frame::h4, .weight = 1, .map = {.kind = MapKind::pr}}}};
}

void Vpin::begin_day(Timestamp day, const std::optional<double>& volume_24h_base) {
    constexpr double kBucketsADay = kBuckets;
    const bool is_next_day = day_ && day - *day_ == std::chrono::hours{24};
    if (is_next_day && day_is_whole_ && day_volume_ > 0) {
        meter_.set_bucket_volume(day_volume_ / kBucketsADay);
    } else if (volume_24h_base && *volume_24h_base > 0) {
        meter_.set_bucket_volume(*volume_24h_base / kBucketsADay);
    }
    day_is_whole_ = is_next_day;
    day_ = day;
    day_volume_ = 0;
}

void Vpin::add(const Print& print, const std::optional<double>& volume_24h_base) {
    const Timestamp day = floor_to(print.time, std::chrono::hours{24});
    if (!day_ || day > *day_) begin_day(day, volume_24h_base);
    if (!meter_.bucket_volume() && volume_24h_base) {
        meter_.set_bucket_volume(*volume_24h_base / static_cast<double>(kBuckets));
    }
    day_volume_ += print.quantity;
    meter_.add(print.quantity, print.aggressor);
}

void Vpin::evaluate(const FlowContext& context, Component& component) {
    Leaf& leaf = component.leaves.front();
    leaf.value = meter_.value();
    leaf.n = meter_.n();
    leaf.n_min = kBuckets;
    leaf.events = context.trades_1m.n();
    leaf.age = context.ages.trades;
    leaf.source_sequence = context.trades.last_sequence();
    leaf.flags = {Flag::shadow, Flag::non_directional};
    if (!leaf.value) leaf.flags.set(Flag::warming);
    if (!leaf.age) leaf.flags.set(Flag::no_input);
}

void Vpin::clear() {
    meter_.clear();
    day_.reset();
    day_volume_ = 0;
    day_is_whole_ = false;
}

}  // namespace vt::analysis::order_flow
