#include "engine/market_past.hpp"

#include "base/math.hpp"

#include <utility>
#include <vector>

namespace vt::engine {
namespace {

/// Between closed bars that follow each other: over a hole nothing is known of either end.
std::vector<risk::PastReturn> returns_of(const market::CandleSeries& bars) {
    std::vector<risk::PastReturn> returns;
    for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
        const market::Candle one = bars[i];
        const market::Candle next = bars[i + 1];
        if (!next.is_closed || next.open_time - one.open_time != risk::kMoveInterval) continue;
        returns.push_back({.interval = next.open_time.time_since_epoch() / risk::kMoveInterval,
                           .value = math::log(next.close / one.close)});
    }
    return returns;
}

}  // namespace

std::shared_ptr<const risk::MarketMoves> MarketPast::moves(market::InstrumentId instrument,
                                                           const market::CandleFrames& candles) {
    const market::CandleSeries& bars = candles[market::Timeframe::m30];
    std::size_t closed = bars.size();
    if (closed > 0 && !bars.back().is_closed) --closed;
    if (closed == 0) return nullptr;
    const Timestamp newest = bars[closed - 1].open_time;
    Made& made = made_[instrument];
    if (made.bars == closed && made.newest == newest) return made.moves;
    made = {.newest = newest, .bars = closed, .moves = risk::filtered_moves(returns_of(bars))};
    return made.moves;
}

}  // namespace vt::engine
