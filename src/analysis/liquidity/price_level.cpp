#include "analysis/liquidity/price_level.hpp"

#include <algorithm>

namespace vt::analysis::liquidity {

/// No touch is on: the level is armed once price is far enough from it.
void LevelWatch::rest(double level, double close, double atr) {
    phase_ = Phase::near;
    for (const double side : {1.0, -1.0}) {
        if (side * (close - level) < (kHalfWidth + kArmDistance) * atr) continue;
        phase_ = Phase::armed;
        side_ = side;
    }
}

std::optional<TouchOutcome> LevelWatch::update(double level, const PriceBar& bar, double atr) {
    if (phase_ == Phase::near) {
        rest(level, bar.close, atr);
        return std::nullopt;
    }
    // Seen from the level's side of the price: up is away from the level.
    const double reach = side_ > 0 ? bar.low - level : level - bar.high;
    const double close = side_ * (bar.close - level);
    if (phase_ == Phase::armed) {
        if (reach > kHalfWidth * atr) return std::nullopt;
        phase_ = Phase::touched;
        bars_ = 0;
        atr_ = atr;
        deepest_ = 0;
    }
    ++bars_;
    deepest_ = std::max(deepest_, kHalfWidth * atr_ - reach);
    const bool is_bounce = close >= (kHalfWidth + kDecideDistance) * atr_;
    const bool is_break = close <= -(kHalfWidth + kDecideDistance) * atr_;
    if (!is_bounce && !is_break && bars_ < kMaxBars) return std::nullopt;
    const TouchOutcome outcome{
        .is_bounce = is_bounce, .is_from_above = side_ > 0, .penetration_atr = deepest_ / atr_};
    rest(level, bar.close, atr);
    if (!is_bounce && !is_break) return std::nullopt;
    return outcome;
}

}  // namespace vt::analysis::liquidity
