#include "analysis/smart_money/market_structure.hpp"

#include <array>

namespace vt::analysis::smart_money {

Swing* MarketStructure::last_of(double side) {
    for (std::size_t i = swings_.size(); i-- > 0;) {
        if (swings_[i].side == side) return &swings_[i];
    }
    return nullptr;
}

int MarketStructure::direction() const {
    // The last two of each side, newest first.
    std::array<const Swing*, 2> highs{};
    std::array<const Swing*, 2> lows{};
    std::size_t n_highs = 0;
    std::size_t n_lows = 0;
    for (std::size_t i = swings_.size(); i-- > 0;) {
        const Swing& swing = swings_[i];
        if (swing.side > 0 && n_highs < 2) highs[n_highs++] = &swing;
        if (swing.side < 0 && n_lows < 2) lows[n_lows++] = &swing;
    }
    // L1 < L2 < H1 with H1 between the two lows; since highs and lows take turns, that is the newest high before L2.
    const auto between = [](const Swing* first, const Swing* second, const std::array<const Swing*, 2>& others,
                            std::size_t n) -> const Swing* {
        for (std::size_t i = 0; i < n; ++i) {
            const Timestamp at = others[i]->pivot.t_event;
            if (at >= first->pivot.t_event && at <= second->pivot.t_event) return others[i];
        }
        return nullptr;
    };
    bool is_up = false;
    bool is_down = false;
    if (n_lows == 2 && lows[1]->pivot.price < lows[0]->pivot.price) {
        const Swing* high = between(lows[1], lows[0], highs, n_highs);
        is_up = high != nullptr && lows[0]->pivot.price < high->pivot.price;
    }
    if (n_highs == 2 && highs[1]->pivot.price > highs[0]->pivot.price) {
        const Swing* low = between(highs[1], highs[0], lows, n_lows);
        is_down = low != nullptr && highs[0]->pivot.price > low->pivot.price;
    }
    return (is_up ? 1 : 0) - (is_down ? 1 : 0);
}

std::optional<StructureBreak> MarketStructure::on_close(double close) {
    const int before = direction();
    for (const double side : {1.0, -1.0}) {
        Swing* swing = last_of(side);
        if (swing == nullptr || swing->is_broken || side * (close - swing->pivot.price) <= 0) continue;
        swing->is_broken = true;
        BreakKind kind = BreakKind::without_structure;
        if (before != 0) kind = (before > 0) == (side > 0) ? BreakKind::with_structure : BreakKind::against_structure;
        return StructureBreak{.kind = kind, .direction = side, .swing = *swing};
    }
    return std::nullopt;
}

void MarketStructure::add(double side, const indicators::Pivot& pivot) {
    if (swings_.empty() || swings_.back().side != side) {
        swings_.push({.side = side, .pivot = pivot});
    } else if (side * (pivot.price - swings_.back().pivot.price) > 0) {
        swings_.back() = {.side = side, .pivot = pivot};
    }
}

void MarketStructure::add(const indicators::ConfirmedPivots& confirmed) {
    // One bar may hold both: first the one whose turn it is.
    const bool is_high_next = swings_.empty() || swings_.back().side < 0;
    if (is_high_next && confirmed.high) add(1, *confirmed.high);
    if (confirmed.low) add(-1, *confirmed.low);
    if (!is_high_next && confirmed.high) add(1, *confirmed.high);
}

}  // namespace vt::analysis::smart_money
