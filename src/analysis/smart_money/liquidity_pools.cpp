#include "analysis/smart_money/liquidity_pools.hpp"

#include <algorithm>

namespace vt::analysis::smart_money {

using liquidity::PriceBar;
using liquidity::SweepOutcome;
using liquidity::SweepWatch;

LiquidityPools::LiquidityPools() {
    for (auto& side : pivots_) side.reserve(kMaxPivots);
    pools_.reserve(kMaxPools);
}

void LiquidityPools::on_bar(const PriceBar& bar, const std::optional<SweepWatch::Usual>& usual) {
    std::erase_if(pivots_[0], [&](const Single& high) { return bar.high > high.price; });
    std::erase_if(pivots_[1], [&](const Single& low) { return bar.low < low.price; });
    if (!usual) return;
    for (LiquidityPool& pool : pools_) {
        if (pool.end != PoolEnd::open) continue;
        switch (pool.watch.update(pool.level(), pool.side, bar, *usual)) {
            case SweepOutcome::untouched:
            case SweepOutcome::beyond: continue;
            case SweepOutcome::swept: pool.end = PoolEnd::swept; break;
            case SweepOutcome::returned: pool.end = PoolEnd::returned; break;
            case SweepOutcome::broken: pool.end = PoolEnd::broken; break;
        }
        pool.t_ended = bar.close_time;
    }
}

void LiquidityPools::add(double side, const indicators::Pivot& pivot, double atr) {
    const double near = kNear * atr;
    for (LiquidityPool& pool : pools_) {
        if (pool.side != side || pool.end != PoolEnd::open) continue;
        const double low = std::min(pool.low, pivot.price);
        const double high = std::max(pool.high, pivot.price);
        if (high - low > near) continue;
        pool.low = low;
        pool.high = high;
        ++pool.pivots;
        pool.t_event = pivot.t_event;
        return;
    }
    std::vector<Single>& singles = pivots(side);
    const auto other = std::find_if(singles.rbegin(), singles.rend(), [&](const Single& one) {
        return std::max(one.price, pivot.price) - std::min(one.price, pivot.price) <= near;
    });
    if (other == singles.rend()) {
        if (singles.size() == kMaxPivots) singles.erase(singles.begin());
        singles.push_back({pivot.price});
        return;
    }
    if (pools_.size() == kMaxPools) {
        const auto over =
            std::find_if(pools_.begin(), pools_.end(), [](const auto& pool) { return pool.end != PoolEnd::open; });
        pools_.erase(over == pools_.end() ? pools_.begin() : over);
    }
    pools_.push_back({.side = side,
                      .low = std::min(other->price, pivot.price),
                      .high = std::max(other->price, pivot.price),
                      .pivots = 2,
                      .t_event = pivot.t_event,
                      .t_confirm = pivot.t_confirm});
    singles.erase(std::next(other).base());
}

void LiquidityPools::add(const indicators::ConfirmedPivots& confirmed, double atr) {
    if (confirmed.high) add(1, *confirmed.high, atr);
    if (confirmed.low) add(-1, *confirmed.low, atr);
}

void LiquidityPools::clear() {
    for (auto& side : pivots_) side.clear();
    pools_.clear();
}

}  // namespace vt::analysis::smart_money
