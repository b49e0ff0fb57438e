#include "analysis/sentiment/open_interest_path.hpp"

#include "analysis/grid.hpp"
#include "base/assert.hpp"
#include "base/math.hpp"

#include <utility>

namespace vt::analysis::sentiment {

OpenInterestPath::OpenInterestPath() : points_(kMinutes), closes_(kHalves), samples_(kHalves) {}

std::size_t OpenInterestPath::slot(Timestamp at) {
    return static_cast<std::size_t>(at.time_since_epoch() / kMinute) % kMinutes;
}

std::size_t OpenInterestPath::half_slot(Timestamp at) {
    return static_cast<std::size_t>(at.time_since_epoch() / kHistoryStep) % kHalves;
}

void OpenInterestPath::place(const InterestPoint& point) {
    points_[slot(point.at)] = point;
    if (!newest_ || point.at > *newest_) newest_ = point.at;
}

InterestPoint OpenInterestPath::put(Timestamp at, double price, double interest) {
    VT_ASSERT(floor_to(at, kMinute) == at);
    const InterestPoint point{.at = at, .log_price = math::log(price), .log_interest = math::log(interest)};
    if (std::exchange(joins_to_next_, false)) move_to(point);
    place(point);
    return point;
}

void OpenInterestPath::move_to(const InterestPoint& next) {
    const InterestPoint* last = newest();
    if (last == nullptr) return;
    const double price = next.log_price - last->log_price;
    const double interest = next.log_interest - last->log_interest;
    for (InterestPoint& point : points_) {
        if (point.at == Timestamp{}) continue;
        point.log_price += price;
        point.log_interest += interest;
    }
}

std::optional<InterestPoint> OpenInterestPath::put_close(Timestamp at, double price) {
    if (floor_to(at, kHistoryStep) != at || !(price > 0)) return std::nullopt;
    closes_[half_slot(at)] = {at, price};
    return join(at);
}

std::optional<InterestPoint> OpenInterestPath::put_sample(Timestamp at, double interest) {
    if (floor_to(at, kHistoryStep) != at || !(interest > 0)) return std::nullopt;
    samples_[half_slot(at)] = {at, interest};
    return join(at);
}

std::optional<InterestPoint> OpenInterestPath::join(Timestamp at) {
    const Half& close = closes_[half_slot(at)];
    const Half& sample = samples_[half_slot(at)];
    if (close.at != at || sample.at != at || points_[slot(at)].at >= at) return std::nullopt;
    const InterestPoint point{
        .at = at, .log_price = math::log(close.value), .log_interest = math::log(sample.value), .is_kline = true};
    place(point);
    return point;
}

const InterestPoint* OpenInterestPath::at(Timestamp time) const {
    const InterestPoint& point = points_[slot(time)];
    return point.at == time && time != Timestamp{} && !joins_to_next_ ? &point : nullptr;
}

const InterestPoint* OpenInterestPath::before(Timestamp time, Nanos tolerance) const {
    for (Nanos back{0}; back <= tolerance; back += kMinute) {
        if (const InterestPoint* point = at(time - back)) return point;
    }
    return nullptr;
}

void OpenInterestPath::clear() {
    points_.assign(kMinutes, {});
    closes_.assign(kHalves, {});
    samples_.assign(kHalves, {});
    newest_.reset();
    joins_to_next_ = false;
}

void OpenInterestPath::join_to_next() {
    closes_.assign(kHalves, {});
    samples_.assign(kHalves, {});
    joins_to_next_ = true;
}

}  // namespace vt::analysis::sentiment
