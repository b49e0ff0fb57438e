#include "market/candle_series.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::market {
namespace {

/// 1970 to 2200: outside, adding an interval could overflow, and no venue means it.
constexpr Timestamp kTooLate{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};
bool is_plausible(Timestamp at) { return at >= Timestamp{} && at < kTooLate; }

}  // namespace

CandleSeries::CandleSeries(Nanos interval, std::size_t capacity) : interval_(interval), bars_(capacity) {
    VT_ASSERT(interval > Nanos{0});
}

CandleOutcome CandleSeries::late() {
    ++late_count_;
    return CandleOutcome::late;
}

CandleOutcome CandleSeries::refuse() {
    ++refused_count_;
    return CandleOutcome::refused;
}

CandleOutcome CandleSeries::add_trade(Timestamp at, double price, double quantity) {
    if (!is_plausible(at)) return refuse();
    const Timestamp open_time = floor_to(at, interval_);
    if (at < closed_until_ || (!bars_.empty() && open_time < bars_.back().open_time)) return late();
    if (bars_.empty() || bars_.back().open_time < open_time) {
        if (!bars_.empty()) bars_.back().is_closed = true;
        bars_.put(Bar{.open_time = open_time, .open = price, .high = price, .low = price, .close = price,
                      .volume_base = quantity, .turnover_quote = price * quantity});
        return CandleOutcome::opened;
    }
    Bar& bar = bars_.back();
    if (bar.is_closed) return late();
    bar.high = std::max(bar.high, price);
    bar.low = std::min(bar.low, price);
    bar.close = price;
    if (!bar.is_venues) {
        bar.volume_base += quantity;
        bar.turnover_quote += price * quantity;
    }
    return CandleOutcome::amended;
}

CandleOutcome CandleSeries::put(const Candle& candle) {
    if (!is_possible(candle)) return refuse();
    const Bar bar{.open_time = candle.open_time, .open = candle.open, .high = candle.high, .low = candle.low,
                  .close = candle.close, .volume_base = candle.volume_base, .turnover_quote = candle.turnover_quote,
                  .is_closed = candle.is_closed, .is_venues = true};
    const bool is_newest = bars_.empty() || bars_.back().open_time < candle.open_time;
    if (is_newest) {
        if (!candle.is_closed && candle.open_time < closed_until_) return late();
        if (!bars_.empty()) bars_.back().is_closed = true;
        bars_.put(bar);
        return candle.is_closed ? CandleOutcome::settled : CandleOutcome::opened;
    }
    if (Bar* known = bars_.find(candle.open_time)) {
        if (!candle.is_closed && known->is_closed) return late();
        const bool is_same = known->is_venues && candle_of(*known) == candle;
        if (is_same) return CandleOutcome::unchanged;
        *known = bar;
        return candle.is_closed ? CandleOutcome::settled : CandleOutcome::amended;
    }
    if (!candle.is_closed) return late();
    return bars_.put(bar) ? CandleOutcome::settled : late();
}

void CandleSeries::put_made(const Candle& candle, bool is_whole) {
    Bar bar{.open_time = candle.open_time, .open = candle.open, .high = candle.high, .low = candle.low,
            .close = candle.close, .volume_base = candle.volume_base, .turnover_quote = candle.turnover_quote,
            .is_closed = candle.is_closed};
    if (Bar* known = bars_.find(candle.open_time)) {
        if (known->is_venues && known->is_closed) return;
        if (known->is_venues && !is_whole) {
            known->high = std::max(known->high, bar.high);
            known->low = std::min(known->low, bar.low);
            known->close = bar.close;
            return;
        }
        bar.is_closed = bar.is_closed || known->is_closed;
        *known = bar;
        return;
    }
    if (!bars_.empty()) {
        if (bars_.back().open_time < bar.open_time) {
            bars_.back().is_closed = true;
        } else {
            bar.is_closed = true;
        }
    }
    (void)bars_.put(bar);  // older than all that are kept: not wanted
}

bool CandleSeries::close_until(Timestamp now) {
    closed_until_ = std::max(closed_until_, floor_to(now, interval_));
    if (bars_.empty() || bars_.back().is_closed || bars_.back().open_time + interval_ > now) return false;
    bars_.back().is_closed = true;
    return true;
}

std::optional<Candle> CandleSeries::at(Timestamp open_time) const {
    const std::size_t index = bars_.lower_bound(open_time);
    if (index == bars_.size() || bars_[index].open_time != open_time) return std::nullopt;
    return candle_of(bars_[index]);
}

Candle CandleSeries::candle_of(const Bar& bar) const {
    return Candle{.open_time = bar.open_time,
                  .interval = interval_,
                  .open = bar.open,
                  .high = bar.high,
                  .low = bar.low,
                  .close = bar.close,
                  .volume_base = bar.volume_base,
                  .turnover_quote = bar.turnover_quote,
                  .is_closed = bar.is_closed};
}

bool CandleSeries::is_possible(const Candle& candle) const {
    if (candle.interval != interval_ || !is_plausible(candle.open_time)) return false;
    if (floor_to(candle.open_time, interval_) != candle.open_time) return false;
    for (const double number : {candle.open, candle.high, candle.low, candle.close}) {
        if (!std::isfinite(number) || number <= 0 || number > candle.high || number < candle.low) return false;
    }
    return std::isfinite(candle.volume_base) && std::isfinite(candle.turnover_quote) && candle.volume_base >= 0 &&
           candle.turnover_quote >= 0;
}

void extend(Candle& sum, const Candle& next) {
    sum.high = std::max(sum.high, next.high);
    sum.low = std::min(sum.low, next.low);
    sum.close = next.close;
    sum.volume_base += next.volume_base;
    sum.turnover_quote += next.turnover_quote;
}

}  // namespace vt::market
