#include "analysis/bitcoin_beta/bar_returns.hpp"

namespace vt::analysis::bitcoin_beta {

BarReturns::BarReturns(const BetaFrame& frame)
    : interval_(duration(frame.frame)), bars_(frame.window), regression_(frame.window) {}

std::optional<Timestamp> BarReturns::newest() const {
    if (bars_.empty()) return std::nullopt;
    return bars_.back().close_time;
}

void BarReturns::put(const BarReturn& bar) {
    const BarReturn* known = bars_.find(bar.close_time);
    if (known != nullptr && (bar.is_kline_based || !known->is_kline_based)) return;
    const bool follows = known == nullptr && !bars_.empty() && bar.close_time == bars_.back().close_time + interval_;
    const bool is_full = n() == window();
    // A window with a hole loses its oldest bar to time, before there are too many.
    const bool slides = follows && (is_full || oldest_in_window().close_time > window_start(bar.close_time));
    if (slides && is_full && oldest_in_window().is_kline_based) --kline_based_;
    if (!bars_.put(bar)) return;
    ++revision_;
    if (!slides) return rebuild();
    regression_.push(bar.bitcoin, bar.own);
    if (bar.is_kline_based) ++kline_based_;
    line_ = regression_.line();
}

void BarReturns::rebuild() {
    regression_.clear();
    kline_based_ = 0;
    if (!bars_.empty()) {
        const Timestamp from = window_start(bars_.back().close_time);
        for (std::size_t i = bars_.lower_bound(from + Nanos{1}); i < bars_.size(); ++i) {
            regression_.push(bars_[i].bitcoin, bars_[i].own);
            if (bars_[i].is_kline_based) ++kline_based_;
        }
    }
    line_ = regression_.line();
}

void BarReturns::clear() {
    bars_.clear();
    rebuild();
}

void BarReturns::copy_unbroken(std::vector<double>& bitcoin, std::vector<double>& own) const {
    bitcoin.clear();
    own.clear();
    if (bars_.empty()) return;
    std::size_t first = bars_.size() - 1;
    while (first > 0 && bars_[first].close_time - bars_[first - 1].close_time == interval_) --first;
    for (std::size_t i = first; i < bars_.size(); ++i) {
        bitcoin.push_back(bars_[i].bitcoin);
        own.push_back(bars_[i].own);
    }
}

}  // namespace vt::analysis::bitcoin_beta
