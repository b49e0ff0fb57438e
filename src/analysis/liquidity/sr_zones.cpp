#include "analysis/liquidity/sr_zones.hpp"

#include <cstdint>

namespace vt::analysis::liquidity {

Component SrZones::describe() {
    return {.name = "sr_zones",
            .unit = "1",
            .weight = 0.20,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m30, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void SrZones::restart() {
    map_.clear();
    last_close_.reset();
    last_close_time_ = {};
    balance_ = 0;
}

void SrZones::on_bar(BarSize size, const PriceBar& bar, const BarHistory& history) {
    map_.on_bar(size, bar, history);
    if (size != BarSize::m5) return;
    last_close_ = bar.close;
    last_close_time_ = bar.close_time;
    balance_ = map_.balance_at(bar.close);
}

void SrZones::evaluate(const LiquidityContext& context, const BarHistory& history, Component& component) {
    const Nanos bar = interval_of(BarSize::m30);
    const Timestamp until = floor_to(context.u(), bar);
    double bars = 0;
    history.visit_span(BarSize::m30, until, bar * static_cast<std::int64_t>(kMinBars),
                       [&](const PriceBar&) { bars += 1; });

    Observation seen{.events = bars, .events_min = kMinBars};
    std::optional<Nanos> age;
    if (last_close_) {
        age = context.u() - last_close_time_;
        seen.value = balance_;
    }
    if (bars < kMinBars) seen.flags.set(Flag::warming);
    if (bars >= kMinBars && balance_ == 0) seen.flags.set(Flag::no_event);
    Leaf& leaf = component.leaves.front();
    score_by_strength(leaf, seen, {{Input::zones, age}});
    if (bars < kMinBars) leaf.ready_in = bar * static_cast<std::int64_t>(kMinBars - bars);
}

}  // namespace vt::analysis::liquidity
