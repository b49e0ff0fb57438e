#pragma once

#include "base/time.hpp"
#include "indicators/technical_set.hpp"
#include "market/candle_frames.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::engine {

/// The technical indicators of one instrument on its timeframes, each over the newest run of closed candles without a
/// hole: a value never joins what lies on two sides of one. A hole that the venue's history fills later is closed in
/// hindsight, as long as fewer than kBarsKnown bars are behind it.
///   out:  docs/indicators/technical.md; absent while warming
///   cost: O(1) a bar, 2 to 3 microseconds; at the start, after a hole, and when one was filled, up to kBarsKnown
///         bars anew, about a millisecond; 27 kB a timeframe
class TechnicalFrames {
public:
    /// What is looked back on when a run is taken up. An average of 200 bars that never forgets, the slowest here,
    /// has forgotten all but 5 % of its first bar by then.
    static constexpr std::size_t kBarsKnown = 500;

    /// One timeframe. `bars` counts those that the values are made of, from the run's first on.
    struct Run {
        indicators::TechnicalSet set;
        Timestamp begin;  ///< the first bar's open
        Timestamp until;  ///< the last bar's close
        std::uint64_t bars = 0;
    };

    /// Takes the closed candles that were not taken yet.
    void follow(const market::CandleFrames& candles);
    [[nodiscard]] const Run& operator[](market::Timeframe frame) const {
        return runs_[static_cast<std::size_t>(frame)];
    }

private:
    static void follow(const market::CandleSeries& series, Run& run);

    std::array<Run, market::kTimeframes.size()> runs_;
};

}  // namespace vt::engine
