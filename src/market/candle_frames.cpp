#include "market/candle_frames.hpp"

namespace vt::market {
namespace {

constexpr std::size_t index_of(Timeframe frame) { return static_cast<std::size_t>(frame); }
constexpr std::array kCoarser{Timeframe::m5, Timeframe::m30, Timeframe::h4};

/// The same candle as the beginning of a bar of `interval`.
Candle begin_bar(Candle minute, Timestamp open_time, Nanos interval) {
    minute.open_time = open_time;
    minute.interval = interval;
    minute.is_closed = false;
    return minute;
}

}  // namespace

Nanos interval_of(Timeframe frame) {
    switch (frame) {
        case Timeframe::m1: return std::chrono::minutes{1};
        case Timeframe::m5: return std::chrono::minutes{5};
        case Timeframe::m30: return std::chrono::minutes{30};
        case Timeframe::h4: return std::chrono::hours{4};
    }
    return std::chrono::minutes{1};
}

std::string_view name(Timeframe frame) {
    switch (frame) {
        case Timeframe::m1: return "1m";
        case Timeframe::m5: return "5m";
        case Timeframe::m30: return "30m";
        case Timeframe::h4: return "4h";
    }
    return "unknown";
}

std::optional<Timeframe> timeframe_of(std::string_view name_of_frame) {
    for (const Timeframe frame : kTimeframes) {
        if (name(frame) == name_of_frame) return frame;
    }
    return std::nullopt;
}

std::optional<Timeframe> timeframe_of(Nanos interval) {
    for (const Timeframe frame : kTimeframes) {
        if (interval_of(frame) == interval) return frame;
    }
    return std::nullopt;
}

CandleFrames::CandleFrames(CandleCapacity capacity)
    : series_{CandleSeries{interval_of(Timeframe::m1), capacity.minutes},
              CandleSeries{interval_of(Timeframe::m5), capacity.coarser},
              CandleSeries{interval_of(Timeframe::m30), capacity.coarser},
              CandleSeries{interval_of(Timeframe::h4), capacity.coarser}} {}

CandleOutcome CandleFrames::add_trade(Timestamp at, double price, double quantity) {
    const CandleOutcome outcome = series_[index_of(Timeframe::m1)].add_trade(at, price, quantity);
    if (outcome == CandleOutcome::amended || outcome == CandleOutcome::opened) follow_newest_minute();
    return outcome;
}

CandleOutcome CandleFrames::put(const Candle& candle) {
    const auto frame = timeframe_of(candle.interval);
    if (!frame) return CandleOutcome::refused;
    const CandleOutcome outcome = series_[index_of(*frame)].put(candle);
    if (*frame != Timeframe::m1) return outcome;
    switch (outcome) {
        case CandleOutcome::amended:
        case CandleOutcome::opened:
        case CandleOutcome::settled: correct(candle.open_time); break;
        case CandleOutcome::unchanged:
        case CandleOutcome::late:
        case CandleOutcome::refused: break;
    }
    return outcome;
}

bool CandleFrames::close_until(Timestamp now) {
    const bool is_minute_closed = series_[index_of(Timeframe::m1)].close_until(now);
    for (const Timeframe frame : kCoarser) (void)series_[index_of(frame)].close_until(now);
    return is_minute_closed;
}

bool CandleFrames::reach_back_to(Timestamp open_time) const {
    const CandleSeries& minutes = series_[index_of(Timeframe::m1)];
    return !minutes.empty() && minutes[0].open_time <= open_time;
}

std::optional<Candle> CandleFrames::sum_of_minutes(Timestamp from, Timestamp until) const {
    const CandleSeries& minutes = series_[index_of(Timeframe::m1)];
    std::optional<Candle> sum;
    for (std::size_t index = minutes.first_from(from); index < minutes.size(); ++index) {
        const Candle minute = minutes[index];
        if (minute.open_time >= until) break;
        if (sum) {
            extend(*sum, minute);
        } else {
            sum = minute;
        }
    }
    return sum;
}

void CandleFrames::follow_newest_minute() {
    const Candle minute = series_[index_of(Timeframe::m1)].back();
    for (const Timeframe frame : kCoarser) {
        const Nanos interval = interval_of(frame);
        const Timestamp open_time = floor_to(minute.open_time, interval);
        Settled& settled = settled_[index_of(frame)];
        if (settled.open_time != open_time || settled.until != minute.open_time) {
            settled = {open_time, minute.open_time, sum_of_minutes(open_time, minute.open_time)};
        }
        Candle bar = begin_bar(settled.sum.value_or(minute), open_time, interval);
        if (settled.sum) extend(bar, minute);
        series_[index_of(frame)].put_made(bar, reach_back_to(open_time));
    }
}

/// The minute that begins at `minute` has changed: so have the bars that hold it.
void CandleFrames::correct(Timestamp minute) {
    const Timestamp newest = series_[index_of(Timeframe::m1)].back().open_time;
    for (const Timeframe frame : kCoarser) {
        const Nanos interval = interval_of(frame);
        const Timestamp open_time = floor_to(minute, interval);
        Settled& settled = settled_[index_of(frame)];
        if (open_time == floor_to(newest, interval)) {
            if (minute != newest) settled.until = Timestamp::min();  // add it up anew, below
            continue;
        }
        if (!reach_back_to(open_time)) continue;  // a part of a past bar is no bar
        Candle bar = begin_bar(*sum_of_minutes(open_time, open_time + interval), open_time, interval);
        bar.is_closed = true;
        series_[index_of(frame)].put_made(bar, true);
    }
    follow_newest_minute();
}

}  // namespace vt::market
