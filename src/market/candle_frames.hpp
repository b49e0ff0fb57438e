#pragma once

#include "market/candle_series.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::market {

/// The timeframes that are kept for every instrument.
enum class Timeframe : std::uint8_t { m1, m5, m30, h4 };
inline constexpr std::array kTimeframes{Timeframe::m1, Timeframe::m5, Timeframe::m30, Timeframe::h4};

[[nodiscard]] Nanos interval_of(Timeframe frame);
/// "1m", "5m", "30m", "4h".
[[nodiscard]] std::string_view name(Timeframe frame);
[[nodiscard]] std::optional<Timeframe> timeframe_of(std::string_view name);
[[nodiscard]] std::optional<Timeframe> timeframe_of(Nanos interval);

/// How many bars are kept.
struct CandleCapacity {
    std::size_t minutes = 1500;  ///< 25 hours
    std::size_t coarser = 1000;  ///< of each coarser timeframe
};

/// The candles of one instrument in all timeframes. Coarser bars are made of the minutes, so that a minute that the
/// venue corrects, or fills in after a gap, corrects them too; the venue's own closed 5m, 30m and 4h candles win over
/// that. The first bars after a start without a backfill hold what was seen of them.
class CandleFrames {
public:
    explicit CandleFrames(CandleCapacity capacity = {});

    /// cost: O(1); once a minute O(minutes of a 4h bar)
    CandleOutcome add_trade(Timestamp at, double price, double quantity);
    /// A venue's candle of any of the timeframes; of another interval it is refused.
    CandleOutcome put(const Candle& candle);
    /// Closes what ended at or before `now`. True when a minute was closed.
    bool close_until(Timestamp now);

    [[nodiscard]] const CandleSeries& operator[](Timeframe frame) const {
        return series_[static_cast<std::size_t>(frame)];
    }

private:
    /// The minutes of a coarser bar that are added up already: those before `until`.
    struct Settled {
        Timestamp open_time = Timestamp::min();
        Timestamp until = Timestamp::min();
        std::optional<Candle> sum;
    };
    [[nodiscard]] bool reach_back_to(Timestamp open_time) const;
    [[nodiscard]] std::optional<Candle> sum_of_minutes(Timestamp from, Timestamp until) const;
    void follow_newest_minute();
    void correct(Timestamp minute);

    std::array<CandleSeries, kTimeframes.size()> series_;
    std::array<Settled, kTimeframes.size()> settled_;
};

}  // namespace vt::market
