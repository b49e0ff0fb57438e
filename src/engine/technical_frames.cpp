#include "engine/technical_frames.hpp"

#include <algorithm>

namespace vt::engine {
namespace {

void take(TechnicalFrames::Run& run, const market::Candle& candle) {
    run.set.update({.open_time = candle.open_time,
                    .open = candle.open,
                    .high = candle.high,
                    .low = candle.low,
                    .close = candle.close,
                    .volume = candle.volume_base});
    run.until = candle.open_time + candle.interval;
    ++run.bars;
}

}  // namespace

void TechnicalFrames::follow(const market::CandleFrames& candles) {
    for (const market::Timeframe frame : market::kTimeframes)
        follow(candles[frame], runs_[static_cast<std::size_t>(frame)]);
}

void TechnicalFrames::follow(const market::CandleSeries& series, Run& run) {
    std::size_t end = series.size();
    while (end > 0 && !series[end - 1].is_closed) --end;
    if (end == 0) return;
    const auto goes_on = [&](std::size_t index) {
        return series[index].open_time == series[index - 1].open_time + series.interval();
    };
    const std::size_t next = series.first_from(run.until);
    const bool is_joined = run.bars > 0 && (next >= end || series[next].open_time == run.until);
    const bool is_filled =
        run.bars > 0 && run.bars < kBarsKnown && series.at(run.begin - series.interval()).has_value();
    if (is_joined && !is_filled) {
        for (std::size_t i = next; i < end; ++i) {
            // A hole behind it: what comes after begins a run of its own.
            if (series[i].open_time != run.until) return follow(series, run);
            take(run, series[i]);
        }
        return;
    }
    std::size_t first = end - 1;
    while (first > 0 && end - first < kBarsKnown && goes_on(first)) --first;
    run.set.clear();
    run.begin = series[first].open_time;
    run.bars = 0;
    for (std::size_t i = first; i < end; ++i) take(run, series[i]);
}

}  // namespace vt::engine
