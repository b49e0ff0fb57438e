#include "analysis/sentiment/liquidation_imbalance.hpp"

#include "analysis/grid.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::sentiment {

Component LiquidationImbalance::describe() {
    return {.name = "liquidation_imbalance",
            .unit = "1",
            .map = MapKind::lb,
            .is_shadow = true,
            .leaves = {{.frame = Frame::h1, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void LiquidationImbalance::forget_first() {
    const Event& event = events_[first_];
    (event.quote < 0 ? longs_ : shorts_).remove(event.at, std::abs(event.quote));
    ++first_;
}

void LiquidationImbalance::add(const LiquidationPrint& liquidation) {
    if (!(liquidation.notional > 0)) return;
    if (events_.size() == events_.capacity()) {
        if (first_ == 0) forget_first();
        --first_;
    }
    const Timestamp at = events_.empty() ? liquidation.time : std::max(liquidation.time, events_.back().at);
    events_.push({at, liquidation.is_long ? -liquidation.notional : liquidation.notional});
    (liquidation.is_long ? longs_ : shorts_).add(at, liquidation.notional);
}

void LiquidationImbalance::evaluate(const SentimentContext& context, Flags flags, Component& component) {
    while (first_ < events_.size() && events_[first_].at < context.u() - kWindow) forget_first();
    if (first_ == events_.size()) {  // what rounding left of the sums goes with the last event
        longs_.clear();
        shorts_.clear();
    }
    const bool is_watched = age_coverage(context.ages.liquidations, age_plan(Input::liquidations)).has_value();
    const double kept = math::exp2(-to_seconds(kSecond) / to_seconds(kHalfLife));
    unwatched_ = unwatched_ * kept + (is_watched ? 0 : 1 - kept);

    const double longs = longs_.at(context.u());
    const double shorts = shorts_.at(context.u());
    Observation seen{.value = longs + shorts > 0 ? (shorts - longs) / (shorts + longs) : 0,
                     .events = static_cast<double>(n()),
                     .events_min = kMinEvents,
                     .missing_share = unwatched_,
                     .flags = flags};
    if (n() == 0) seen.flags.set(Flag::no_event);
    score_by_strength(component.leaves.front(), seen, {{Input::liquidations, context.ages.liquidations}});
}

void LiquidationImbalance::skip(Nanos span) {
    unwatched_ = 1 - (1 - unwatched_) * math::exp2(-to_seconds(span) / to_seconds(kHalfLife));
}

LiquidationImbalance::Count LiquidationImbalance::since(Timestamp from) const {
    Count count;
    for (std::size_t i = events_.size(); i > first_ && events_[i - 1].at >= from; --i) {
        const double quote = events_[i - 1].quote;
        ++count.n;
        (quote < 0 ? count.long_quote : count.short_quote) += std::abs(quote);
    }
    return count;
}

}  // namespace vt::analysis::sentiment
