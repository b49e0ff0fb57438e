#pragma once

#include "base/time.hpp"
#include "market/event.hpp"
#include "market/time_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::market {

/// What a trade or a venue's candle did to a series.
enum class CandleOutcome : std::uint8_t {
    amended,   ///< the open bar changed
    opened,    ///< a new bar began; the one before it is closed
    settled,   ///< the venue's closed candle took its place (replaced ours, or filled a hole)
    unchanged,
    late,      ///< for a bar that is closed already: not applied, counted
    refused,   ///< not a candle of this series (wrong interval, not aligned, impossible prices or time): counted
};

/// The newest candles of one interval, oldest first, from trades, from the venue's candles, or from both.
///
/// Bars begin at whole multiples of the interval since 1970-01-01 00:00 UTC and hold the trades with
/// open_time <= time < open_time + interval, by the venue's matching time. An interval without a trade has no bar:
/// none is invented. Only the newest bar can be open; a trade for a closed one is late. The venue's closed candle
/// always wins over ours. Once the venue has spoken about the open bar, its volume is the venue's alone (trades would
/// be counted twice) and trades only move its prices.
class CandleSeries {
public:
    CandleSeries(Nanos interval, std::size_t capacity);

    /// in: `price` and `quantity` positive, in quote and base currency. cost: O(1)
    CandleOutcome add_trade(Timestamp at, double price, double quantity);
    /// A candle of this interval from the venue, still open or closed.
    CandleOutcome put(const Candle& candle);
    /// A bar made of finer candles: gives way to a closed one of the venue. `is_whole` false: the finer candles do
    /// not reach back to its start, so of a bar that the venue has given only the prices follow.
    void put_made(const Candle& candle, bool is_whole);
    /// Closes the open bar if it ended at or before `now`; later trades for it are late. True when it did.
    bool close_until(Timestamp now);

    [[nodiscard]] Nanos interval() const { return interval_; }
    [[nodiscard]] std::size_t size() const { return bars_.size(); }
    [[nodiscard]] bool empty() const { return bars_.empty(); }
    /// index 0 is the oldest.
    [[nodiscard]] Candle operator[](std::size_t index) const { return candle_of(bars_[index]); }
    [[nodiscard]] Candle back() const { return candle_of(bars_.back()); }
    /// The bar that began at exactly `open_time`.
    [[nodiscard]] std::optional<Candle> at(Timestamp open_time) const;
    /// The index of the first bar that begins at or after `time`; size() when there is none.
    [[nodiscard]] std::size_t first_from(Timestamp time) const { return bars_.lower_bound(time); }
    /// True when the venue, not our trades, settled the bar's values.
    [[nodiscard]] bool is_venues(std::size_t index) const { return bars_[index].is_venues; }

    [[nodiscard]] std::uint64_t late_count() const { return late_count_; }
    [[nodiscard]] std::uint64_t refused_count() const { return refused_count_; }

private:
    struct Bar {
        Timestamp open_time;
        double open = 0, high = 0, low = 0, close = 0;
        double volume_base = 0;
        double turnover_quote = 0;
        bool is_closed = false;
        bool is_venues = false;
    };
    [[nodiscard]] Candle candle_of(const Bar& bar) const;
    [[nodiscard]] bool is_possible(const Candle& candle) const;
    CandleOutcome late();
    CandleOutcome refuse();

    Nanos interval_;
    TimeRing<Bar, &Bar::open_time> bars_;
    Timestamp closed_until_ = Timestamp::min();
    std::uint64_t late_count_ = 0;
    std::uint64_t refused_count_ = 0;
};

/// Adds the later candle `next` to `sum`, in order of time: the way finer candles make a coarser one.
void extend(Candle& sum, const Candle& next);

}  // namespace vt::market
