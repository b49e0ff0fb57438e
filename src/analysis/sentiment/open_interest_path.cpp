#include "analysis/sentiment/open_interest_path.hpp"

#include "analysis/grid.hpp"
#include "base/assert.hpp"
#include "base/math.hpp"

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
    place(point);
    return point;
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
    return point.at == time && time != Timestamp{} ? &point : nullptr;
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
}

}  // namespace vt::analysis::sentiment
