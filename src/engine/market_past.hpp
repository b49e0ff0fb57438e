#pragma once

#include "base/time.hpp"
#include "market/candle_frames.hpp"
#include "market/instrument.hpp"
#include "risk/expected_shortfall.hpp"

#include <cstddef>
#include <map>
#include <memory>

namespace vt::engine {

/// What markets did in the half hours that are kept, as risk asks for it: made anew when one of them closes.
class MarketPast {
public:
    /// out: null where too few of them are known
    ///   cost: O(1); after a close O(bars), and allocates
    [[nodiscard]] std::shared_ptr<const risk::MarketMoves> moves(market::InstrumentId instrument,
                                                                 const market::CandleFrames& candles);

private:
    struct Made {
        Timestamp newest;      ///< open time of the newest bar that is closed
        std::size_t bars = 0;  ///< and how many there were: older ones are filled in after a start
        std::shared_ptr<const risk::MarketMoves> moves;
    };
    std::map<market::InstrumentId, Made> made_;
};

}  // namespace vt::engine
