#include "sim/tape.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <cmath>

namespace vt::sim {

using market::Candle;

namespace {

constexpr std::int64_t kDayMinutes = 1440;
constexpr std::int64_t kHalfHour = 30;
constexpr std::size_t kMaxSessionMinutes = 21 * 1440;

}  // namespace

FactorHistory::FactorHistory(std::uint64_t seed, const FactorParams& params, Timestamp start)
    : news_(seed, "factor history", params), start_ns_(to_ns(start)) {}

double FactorHistory::at(std::size_t minutes_back) {
    while (returns_.size() <= minutes_back) {
        const auto back = static_cast<std::int64_t>(returns_.size());
        returns_.push_back(static_cast<float>(news_.next_minute(start_ns_ - back * kMinuteNs)));
    }
    return static_cast<double>(returns_[minutes_back]);
}

Tape::Tape(std::uint64_t seed, const SymbolParams& symbol, const Params& params, FactorHistory& history)
    : params_(params),
      tick_(symbol.tick_size.to_double()),
      lot_(symbol.lot_size.to_double()),
      beta_(symbol.beta),
      idio_(symbol.idio_bps * 1e-4),
      calm_(FactorParams{}.calm_bps * 1e-4),
      factor_(history),
      returns_(seed, stream_name(symbol.symbol, "history returns")),
      volumes_(seed, stream_name(symbol.symbol, "history volumes")),
      start_minute_(to_ns(params.start) / kMinuteNs),
      current_minute_(start_minute_),
      minute_tier_(3 * 1440 + static_cast<std::size_t>(start_minute_ % kHalfHour)),
      oldest_log_price_(math::log(symbol.price)) {
    VT_ASSERT(to_ns(params.start) % kMinuteNs == 0);
    const Ticks first{std::llround(symbol.price / tick_)};
    current_ = Bar{.open = first, .high = first, .low = first, .close = first};
    extend_history(kDayMinutes);
    day_high_ = first;
    day_low_ = first;
    const std::size_t known = std::min<std::size_t>(history_.size(), kDayMinutes);
    for (std::size_t k = 0; k < known; ++k) {
        day_high_ = std::max(day_high_, history_[k].high);
        day_low_ = std::min(day_low_, history_[k].low);
        day_volume_ += history_[k].volume_base;
        day_turnover_ += history_[k].turnover_quote;
    }
}

/// The bar that ends where the oldest one begins. in: its own return is `own`; `minute`: its first minute
Tape::Bar Tape::older_bar(double factor_move, double own, double minutes, Ticks close, std::int64_t minute) {
    const double move = beta_ * factor_move + own;
    const double older = oldest_log_price_ - move;
    const double open_price = math::exp(older);
    Bar bar{.open = Ticks{std::max<std::int64_t>(1, std::llround(open_price / tick_))}, .close = close};
    // How far the price went beyond its ends within the bar: half-normal, with the symbol's volatility.
    const double sd = std::sqrt((beta_ * beta_ * calm_ * calm_ + idio_ * idio_) * minutes) * .45;
    const double over = std::abs(returns_.normal()) * sd;
    const double under = std::abs(returns_.normal()) * sd;
    const double ticks = open_price / tick_;
    const Ticks up{static_cast<std::int64_t>(over * ticks)};
    const Ticks down{static_cast<std::int64_t>(under * ticks)};
    bar.high = std::max(bar.open, bar.close) + up;
    bar.low = std::max(Ticks{1}, std::min(bar.open, bar.close) - down);
    const double busy = (.7 + .3 * std::abs(move) / std::max(1e-6, sd)) * math::exp(.5 * volumes_.normal() - .125);
    const double quote = params_.mean_minute_quote * minutes * intraday_factor(minute * kMinuteNs) * busy;
    bar.volume_base = std::round(quote / open_price / lot_) * lot_;
    bar.turnover_quote = bar.volume_base * open_price;
    oldest_log_price_ = older;
    return bar;
}

void Tape::extend_history(std::size_t minutes) {
    minutes = std::min({minutes, params_.history_minutes, minute_tier_});
    while (history_.size() < minutes) {
        const std::size_t back = history_.size();
        const Ticks close = back == 0 ? current_.open : history_[back - 1].open;
        history_.push_back(older_bar(factor_.at(back), student_t4(returns_) * idio_, 1, close,
                                     start_minute_ - 1 - static_cast<std::int64_t>(back)));
    }
}

void Tape::extend_half_hours(std::size_t count) {
    extend_history(minute_tier_);
    while (half_hours_.size() < count) {
        const std::size_t back = half_hours_.size();
        const std::size_t first = minute_tier_ + back * kHalfHour;  // in minutes before the start
        double moved = 0;
        for (std::size_t k = 0; k < kHalfHour; ++k) moved += factor_.at(first + k);
        const double own = student_t4(returns_) * idio_ * std::sqrt(static_cast<double>(kHalfHour));
        const Ticks close = back == 0 ? history_.back().open : half_hours_[back - 1].open;
        half_hours_.push_back(
            older_bar(moved, own, kHalfHour, close, start_minute_ - static_cast<std::int64_t>(first) - kHalfHour));
    }
}

Timestamp Tape::earliest() const {
    return from_ns((start_minute_ - static_cast<std::int64_t>(params_.history_minutes)) * kMinuteNs);
}

void Tape::on_trade(Ticks price, Lots quantity) {
    current_.high = std::max(current_.high, price);
    current_.low = std::min(current_.low, price);
    current_.close = price;
    const double base = static_cast<double>(quantity.value()) * lot_;
    current_.volume_base += base;
    current_.turnover_quote += base * static_cast<double>(price.value()) * tick_;
}

void Tape::advance(Timestamp now) {
    const std::int64_t minute = to_ns(now) / kMinuteNs;
    while (current_minute_ < minute) close_minute();
}

void Tape::close_minute() {
    session_.push_back(current_);
    const Bar closed = current_;
    ++current_minute_;
    current_ = Bar{.open = closed.close, .high = closed.close, .low = closed.close, .close = closed.close};
    day_volume_ += closed.volume_base;
    day_turnover_ += closed.turnover_quote;
    const auto leaving = bar(current_minute_ - kDayMinutes - 1);
    if (leaving) {
        day_volume_ -= leaving->volume_base;
        day_turnover_ -= leaving->turnover_quote;
    }
    day_high_ = std::max(day_high_, closed.high);
    day_low_ = std::min(day_low_, closed.low);
    if (leaving && (leaving->high >= day_high_ || leaving->low <= day_low_)) {
        day_high_ = closed.high;
        day_low_ = closed.low;
        for (std::int64_t m = current_minute_ - kDayMinutes; m < current_minute_; ++m) {
            const auto one = bar(m);
            if (!one) continue;
            day_high_ = std::max(day_high_, one->high);
            day_low_ = std::min(day_low_, one->low);
        }
    }
    if (session_.size() > kMaxSessionMinutes) {  // three weeks of session are kept; the history before it goes
        session_.erase(session_.begin(), session_.begin() + kDayMinutes);
        start_minute_ += kDayMinutes;
        history_.clear();
        half_hours_.clear();
        params_.history_minutes = 0;
    }
}

std::optional<Tape::Bar> Tape::bar(std::int64_t minute) {
    if (minute == current_minute_) return current_;
    if (minute > current_minute_) return std::nullopt;
    if (minute >= start_minute_) return session_[static_cast<std::size_t>(minute - start_minute_)];
    const auto back = static_cast<std::size_t>(start_minute_ - 1 - minute);
    if (back >= std::min(params_.history_minutes, minute_tier_)) return std::nullopt;
    extend_history(back + 1);
    return history_[back];
}

/// The half hour that starts at `minute`, before the minutes that are kept one by one.
std::optional<Tape::Bar> Tape::half_hour(std::int64_t minute) {
    const auto minutes_back = static_cast<std::size_t>(start_minute_ - minute);
    if (minutes_back > params_.history_minutes || minutes_back <= minute_tier_) return std::nullopt;
    const std::size_t back = (minutes_back - minute_tier_) / kHalfHour - 1;
    extend_half_hours(back + 1);
    return half_hours_[back];
}

Candle Tape::candle(const Bar& bar, std::int64_t minute) const {
    const auto price = [this](Ticks ticks) { return static_cast<double>(ticks.value()) * tick_; };
    return Candle{.open_time = from_ns(minute * kMinuteNs),
                  .interval = Nanos{kMinuteNs},
                  .open = price(bar.open),
                  .high = price(bar.high),
                  .low = price(bar.low),
                  .close = price(bar.close),
                  .volume_base = bar.volume_base,
                  .turnover_quote = bar.turnover_quote,
                  .is_closed = minute < current_minute_};
}

Candle Tape::last_closed() const {
    if (!session_.empty()) return candle(session_.back(), current_minute_ - 1);
    return candle(history_.front(), current_minute_ - 1);
}

DayStatistics Tape::day() const {
    // Everything needed lies within the day that the constructor made and the session since.
    const auto open_of = [this](std::int64_t minute) {
        if (minute >= start_minute_) return session_[static_cast<std::size_t>(minute - start_minute_)].open;
        const auto back = static_cast<std::size_t>(start_minute_ - 1 - minute);
        return back < history_.size() ? history_[back].open : current_.open;
    };
    return DayStatistics{.open = open_of(current_minute_ - kDayMinutes),
                         .high = std::max(day_high_, current_.high),
                         .low = std::min(day_low_, current_.low),
                         .hour_ago = open_of(current_minute_ - 60),
                         .volume_base = day_volume_ + current_.volume_base,
                         .turnover_quote = day_turnover_ + current_.turnover_quote};
}

/// The candle of `width` minutes that starts at minute `open`, of what is known of it.
Candle Tape::whole(std::int64_t open, std::int64_t width) {
    Candle sum{.open_time = from_ns(open * kMinuteNs), .interval = Nanos{width * kMinuteNs}};
    sum.is_closed = open + width <= current_minute_;
    const std::int64_t tier_start = start_minute_ - static_cast<std::int64_t>(minute_tier_);
    bool is_first = true;
    for (std::int64_t minute = open; minute < std::min(open + width, current_minute_ + 1);) {
        const bool is_coarse = minute < tier_start;
        const auto one = is_coarse ? half_hour(minute) : bar(minute);
        if (!one) break;
        const Candle part = candle(*one, minute);
        if (is_first) {
            sum.open = part.open;
            sum.high = part.high;
            sum.low = part.low;
            is_first = false;
        }
        sum.high = std::max(sum.high, part.high);
        sum.low = std::min(sum.low, part.low);
        sum.close = part.close;
        sum.volume_base += part.volume_base;
        sum.turnover_quote += part.turnover_quote;
        minute += is_coarse ? kHalfHour : 1;
    }
    return sum;
}

std::vector<Candle> Tape::candles(Nanos interval, Timestamp from, Timestamp to, std::size_t limit, Nanos shift) {
    const std::int64_t width = interval.count() / kMinuteNs;
    VT_ASSERT(width >= 1);
    VT_ASSERT(shift.count() % kMinuteNs == 0);
    std::vector<Candle> found;
    const auto floored = [](std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); };
    const std::int64_t monday = width == 7 * kDayMinutes ? 4 * kDayMinutes : 0;  // 1970-01-01 was a Thursday
    const std::int64_t origin = monday - shift.count() / kMinuteNs;
    // Half hours of the history lie on this tape's own grid.
    const bool is_coarse = (width % kHalfHour == 0) && (origin % kHalfHour == 0);
    const std::size_t reach = is_coarse ? params_.history_minutes : std::min(params_.history_minutes, minute_tier_);
    const auto first_known = start_minute_ - static_cast<std::int64_t>(reach);
    const std::int64_t first_wanted = std::max(first_known, floored(to_ns(from) + kMinuteNs - 1, kMinuteNs));
    const std::int64_t last = std::min(current_minute_, floored(to_ns(to) - 1, kMinuteNs));
    std::int64_t open = floored(last - origin, width) * width + origin;
    for (; open >= first_wanted && found.size() < limit; open -= width) found.push_back(whole(open, width));
    std::reverse(found.begin(), found.end());
    return found;
}

}  // namespace vt::sim
