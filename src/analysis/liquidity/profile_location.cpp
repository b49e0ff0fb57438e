#include "analysis/liquidity/profile_location.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis::liquidity {
namespace {

constexpr double kProfileRowsPerAtr = 50;

}  // namespace

Component ProfileLocation::describe() {
    return {.name = "profile_location",
            .unit = "1",
            .map = MapKind::lb,
            .is_shadow = true,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void ProfileLocation::restart() {
    area_.reset();
    profile_.reset();
    bars_ = 0;
    last_close_ = 0;
    last_close_time_.reset();
}

void ProfileLocation::update(const PriceBar& last, const BarHistory& history, const std::optional<double>& atr_30m) {
    last_close_ = last.close;
    last_close_time_ = last.close_time;
    area_.reset();
    bars_ = fill_rows(history, atr_30m);
    if (profile_) area_ = profile_->value_area();
}

std::uint32_t ProfileLocation::fill_rows(const BarHistory& history, const std::optional<double>& atr_30m) {
    profile_.reset();
    if (!last_close_time_ || !atr_30m || !(*atr_30m > 0)) return 0;
    std::uint32_t bars = 0;
    profile_.emplace(std::max(tick_, *atr_30m / kProfileRowsPerAtr));
    history.visit_span(BarSize::m5, *last_close_time_, kDay, [&](const PriceBar& bar) {
        if (profile_->add_range(bar.low, bar.high, bar.volume)) ++bars;
    });
    return bars;
}

void ProfileLocation::restore_rows(const BarHistory& history, const std::optional<double>& atr_30m) {
    (void)fill_rows(history, atr_30m);
}

void ProfileLocation::evaluate(const LiquidityContext& context, Component& component) {
    Observation seen{.events = static_cast<double>(bars_), .events_min = kMinBars, .flags = {Flag::shadow}};
    std::optional<Nanos> age;
    if (last_close_time_) age = context.u() - *last_close_time_;
    if (area_) {
        const double height = area_->high - area_->low;
        const double middle = (area_->high + area_->low) / 2;
        seen.value = height > 0 ? std::clamp(2 * (last_close_ - middle) / height, -1.0, 1.0) : 0;
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(component.leaves.front(), seen, {{Input::zones, age}});
}

}  // namespace vt::analysis::liquidity
