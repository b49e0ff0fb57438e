#include "analysis/liquidity/liquidity_sweep.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis::liquidity {
namespace {

constexpr double kMaxBeyond = 0.5;  // ATR
constexpr std::uint32_t kMaxBars = 3;
constexpr double kVolumeFactor = 1.5;
constexpr Nanos kHalfLife = std::chrono::minutes{5} * 12;
constexpr Nanos kMaxAge = std::chrono::hours{24};
constexpr double kForgotten = 30;  // half-lives

}  // namespace

LiquiditySweep::LiquiditySweep() : volumes_(static_cast<std::size_t>(kMinBars)), events_(kMaxEvents) {
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

std::optional<double> LiquiditySweep::usual_volume() const {
    if (volumes_.size() < volumes_.capacity()) return std::nullopt;
    std::array<double, static_cast<std::size_t>(kMinBars)> sorted;
    for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = volumes_[i];
    std::sort(sorted.begin(), sorted.end());
    return (sorted[sorted.size() / 2 - 1] + sorted[sorted.size() / 2]) / 2;
}

void LiquiditySweep::look(std::vector<Level>& levels, double side, const PriceBar& bar, double atr,
                          double usual_volume) {
    std::erase_if(levels, [&](Level& level) {
        if (bar.close_time - level.confirmed > kMaxAge) return true;
        const double beyond = side > 0 ? bar.high - level.price : level.price - bar.low;
        if (level.bars_beyond == 0 && !(beyond > 0)) return false;
        if (beyond > kMaxBeyond * atr) return true;  // a break, not a sweep
        ++level.bars_beyond;
        level.volume = std::max(level.volume, bar.volume);
        if (side * (bar.close - level.price) < 0) {
            if (level.volume > kVolumeFactor * usual_volume) events_.push({bar.close_time, -side});
            return true;
        }
        return level.bars_beyond >= kMaxBars;
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
    const auto usual = usual_volume();
    const auto atr = atr_.value();
    if (usual && atr) {
        look(levels_[0], 1, bar, *atr, *usual);
        look(levels_[1], -1, bar, *atr, *usual);
    }
    atr_.update({bar.high, bar.low, bar.close});
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
    if (usual_volume() && atr_.value()) {
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
