#include "analysis/sentiment/oi_price.hpp"

#include "analysis/grid.hpp"
#include "base/math.hpp"

#include <algorithm>

namespace vt::analysis::sentiment {
namespace {

constexpr std::array<Frame, 3> kOwnFrames = {Frame::m5, Frame::m30, Frame::h4};

/// How much earlier than a frame ago its beginning may be known.
Nanos tolerance_of(Frame frame) { return frame == Frame::m5 ? Nanos{0} : OpenInterestPath::kHistoryStep; }

struct Change {
    double price = 0;
    double interest = 0;
    bool is_kline = false;
};

std::optional<Change> change_until(const InterestPoint& end, Frame frame, const OpenInterestPath& path) {
    const InterestPoint* begin = path.before(end.at - duration(frame), tolerance_of(frame));
    if (begin == nullptr) return std::nullopt;
    return Change{.price = end.log_price - begin->log_price,
                  .interest = end.log_interest - begin->log_interest,
                  .is_kline = begin->is_kline || end.is_kline};
}

}  // namespace

double quadrant_strength(double z_return, double z_interest) {
    return math::tanh(z_return / 2) * (1 + math::tanh(z_interest / 2)) / 2;
}

Component OiPrice::describe() {
    const ScoreMap map{.kind = MapKind::lb};
    return {.name = "oi_price",
            .unit = "1",
            .weight = 0.50,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m5, .weight = 0.3, .map = map},
                       {.frame = Frame::m30, .weight = 0.4, .map = map},
                       {.frame = Frame::h4, .weight = 0.3, .map = map}}};
}

void OiPrice::on_point(const InterestPoint& point, const OpenInterestPath& path, std::vector<float>& scratch) {
    for (std::size_t i = 0; i < pasts_.size(); ++i) {
        Past& past = pasts_[i];
        const bool is_aligned = floor_to(point.at, duration(kOwnFrames[i])) == point.at;
        if (!is_aligned || (past.sampled && point.at <= *past.sampled)) continue;
        const auto change = change_until(point, kOwnFrames[i], path);
        if (!change) continue;
        past.price.advance(point.at, scratch);
        past.interest.advance(point.at, scratch);
        past.price.offer(point.at, change->price);
        past.interest.offer(point.at, change->interest);
        past.sampled = point.at;
    }
}

OiPrice::Reading OiPrice::read(const Past& past, Frame frame, const OpenInterestPath& path) {
    Reading reading;
    const InterestPoint* end = path.newest();
    const auto change = end != nullptr ? change_until(*end, frame, path) : std::nullopt;
    if (!change) return reading;
    reading.is_kline = change->is_kline;
    reading.interest_z = clipped_z(past.interest.spread(), change->interest);
    const auto z_return = clipped_z(past.price.spread(), change->price);
    if (z_return && reading.interest_z) reading.strength = quadrant_strength(*z_return, *reading.interest_z);
    return reading;
}

void OiPrice::evaluate(const SentimentContext& context, const OpenInterestPath& path, Component& component) {
    const InterestPoint* newest = path.newest();
    interest_z_.reset();
    for (std::size_t i = 0; i < pasts_.size(); ++i) {
        Past& past = pasts_[i];
        past.price.advance(context.u(), context.second.scratch);
        past.interest.advance(context.u(), context.second.scratch);
        const Reading reading = read(past, kOwnFrames[i], path);
        Leaf& leaf = component.leaves[i];
        Observation seen{.value = reading.strength};
        if (reading.is_kline) seen.flags.set(Flag::kline_based);
        InputAge age{.input = Input::ticker, .age = context.ages.ticker};
        if (newest == nullptr) {
            age.age.reset();
        } else if (newest->is_kline) {
            age = {.input = Input::account_ratios, .age = context.u() - newest->at};
        } else if (age.age) {
            // The ticker lives, but the last whole minute is an old one: price or open interest was not there since.
            age.age = std::max(*age.age, context.u() - newest->at - kMinute);
        }
        score_by_histories(leaf, seen, {age}, {past.price, past.interest}, context.u());
        if (leaf.flags.has(Flag::warming)) continue;
        const bool is_flat = leaf.flags.has(Flag::degenerate);
        if (!is_flat && newest != nullptr && !reading.interest_z) leaf.flags.set(Flag::gap);
        if (reading.interest_z) interest_z_ = reading.interest_z;
    }
}

void OiPrice::clear() {
    for (Past& past : pasts_) {
        past.price.clear();
        past.interest.clear();
        past.sampled.reset();
    }
    interest_z_.reset();
}

}  // namespace vt::analysis::sentiment
