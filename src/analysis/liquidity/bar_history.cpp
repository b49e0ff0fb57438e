#include "analysis/liquidity/bar_history.hpp"

namespace vt::analysis::liquidity {

std::optional<BarSize> bar_size_of(Nanos interval) {
    for (const BarSize size : kBarSizes) {
        if (interval_of(size) == interval) return size;
    }
    return std::nullopt;
}

void BarHistory::put(const market::Candle& candle) {
    const auto size = bar_size_of(candle.interval);
    if (!size || !candle.is_closed) return;
    const PriceBar bar{.close_time = candle.open_time + candle.interval,
                       .open = candle.open,
                       .high = candle.high,
                       .low = candle.low,
                       .close = candle.close,
                       .volume = candle.volume_base,
                       .turnover = candle.turnover_quote};
    if (!bar.is_possible()) return;
    Bars& bars = bars_[index(*size)];
    if (const PriceBar* const known = bars.find(bar.close_time); known != nullptr && *known == bar) return;
    const bool is_kept = bars.put(bar);
    if (is_kept && visited_ && Turn{bar.close_time, *size} <= *visited_) must_restart_ = true;
}

std::size_t BarHistory::first_unvisited(BarSize size) const {
    if (!visited_) return 0;
    // Of the instant that was visited last, the longer bars are still to come.
    const bool is_before = size > visited_->size;
    return bars_[index(size)].lower_bound(visited_->close_time + Nanos{is_before ? 0 : 1});
}

std::optional<BarSize> BarHistory::next_due(Timestamp u) const {
    std::optional<Turn> next;
    for (const BarSize size : kBarSizes) {
        const Bars& bars = bars_[index(size)];
        const std::size_t first = first_unvisited(size);
        if (first >= bars.size() || bars[first].close_time + kSettle > u) continue;
        const Turn turn{bars[first].close_time, size};
        if (!next || turn < *next) next = turn;
    }
    if (!next) return std::nullopt;
    return next->size;
}

void BarHistory::clear() {
    for (Bars& bars : bars_) bars.clear();
    visited_.reset();
    must_restart_ = false;
}

}  // namespace vt::analysis::liquidity
