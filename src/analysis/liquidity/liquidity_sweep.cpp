#include "analysis/liquidity/liquidity_sweep.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis::liquidity {
namespace {

constexpr Nanos kHalfLife = std::chrono::minutes{5} * 12;
constexpr Nanos kMaxAge = std::chrono::hours{24};
constexpr double kForgotten = 30;  // half-lives

}  // namespace

LiquiditySweep::LiquiditySweep() : events_(kMaxEvents) {
    for (auto& side : levels_) side.reserve(kMaxLevels);
}

Component LiquiditySweep::describe() {
    return {.name = "liquidity_sweep",
            .unit = "1",
            .map = MapKind::lb,
            .is_shadow = true,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void LiquiditySweep::restart() {
    swings_.clear();
    atr_.clear();
    volumes_.clear();
    for (auto& side : levels_) side.clear();
    events_.clear();
    last_close_time_.reset();
}

void LiquiditySweep::look(std::vector<Level>& levels, double side, const PriceBar& bar,
                          const SweepWatch::Usual& usual) {
    std::erase_if(levels, [&](Level& level) {
        if (bar.close_time - level.confirmed > kMaxAge) return true;
        const SweepOutcome outcome = level.watch.update(level.price, side, bar, usual);
        if (outcome == SweepOutcome::swept) {
            events_.push({.began = bar.close_time - level.watch.time_beyond(interval_of(BarSize::m5)),
                          .confirmed = bar.close_time,
                          .direction = -side,
                          .price = level.price});
        }
        return outcome != SweepOutcome::untouched && outcome != SweepOutcome::beyond;
    });
}

void LiquiditySweep::on_bar(const PriceBar& bar) {
    const bool is_next = last_close_time_ && bar.close_time - *last_close_time_ == interval_of(BarSize::m5);
    last_close_time_ = bar.close_time;
    if (!is_next) {
        swings_.clear();
        atr_.skip_gap();
        for (auto& side : levels_) side.clear();  // the missing bars may have swept or broken them
    }
    const auto usual = volumes_.median();
    const auto atr = atr_.value();
    if (usual && atr) {
        look(levels_[0], 1, bar, {.atr = *atr, .volume = *usual});
        look(levels_[1], -1, bar, {.atr = *atr, .volume = *usual});
    }
    atr_.update(bar.high, bar.low, bar.close);
    volumes_.push(bar.volume);
    const auto confirmed = swings_.update(bar.high, bar.low, bar.close_time);
    const auto keep = [](std::vector<Level>& levels, const std::optional<indicators::Pivot>& pivot) {
        if (!pivot) return;
        if (levels.size() == kMaxLevels) levels.erase(levels.begin());
        levels.push_back({.price = pivot->price, .confirmed = pivot->t_confirm});
    };
    keep(levels_[0], confirmed.high);
    keep(levels_[1], confirmed.low);
}

void LiquiditySweep::evaluate(const LiquidityContext& context, Component& component) {
    Observation seen{.events = static_cast<double>(volumes_.size()), .events_min = kMinBars, .flags = {Flag::shadow}};
    std::optional<Nanos> age;
    if (last_close_time_) age = context.u() - *last_close_time_;
    if (volumes_.median() && atr_.value()) {
        double sum = 0;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const double half_lives = to_seconds(context.u() - events_[i].confirmed) / to_seconds(kHalfLife);
            if (half_lives < kForgotten) sum += events_[i].direction * math::exp2(-half_lives);
        }
        seen.value = math::tanh(sum);
        if (sum == 0) seen.flags.set(Flag::no_event);
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(component.leaves.front(), seen, {{Input::zones, age}});
}

}  // namespace vt::analysis::liquidity
