#pragma once

#include "base/ring.hpp"
#include "base/time.hpp"
#include "market/candle_frames.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "market/order_book.hpp"
#include "market/recent_trade_ids.hpp"
#include "market/time_ring.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::market {

/// What an event did to the state.
enum class Applied : std::uint8_t {
    changed,
    unchanged,  ///< nothing new in it
    ignored,    ///< a book delta while there is no snapshot
    duplicate,  ///< a trade that was seen already: not counted anywhere
    late,       ///< a trade or candle for a closed bar: shown in the tape, not in the candles
    refused,    ///< impossible values; for a book see `gap`
};

/// The outcome of InstrumentState::apply.
struct ApplyOutcome {
    Applied applied = Applied::changed;
    /// The update itself was bad and the book was emptied: ask for a snapshot. (A BookInvalid event does not set it.)
    std::optional<BookGap> gap;

    [[nodiscard]] bool is_change() const { return applied == Applied::changed || applied == Applied::late; }
};

/// How much of the past is kept. The defaults cost about 0.4 MB for an instrument whose rings are full.
struct InstrumentLimits {
    CandleCapacity candles;
    std::size_t trades = 100;
    std::size_t liquidations = 512;
    std::size_t book_window_ticks = OrderBook::kWindowTicks;
};

struct TimedTrade {
    Timestamp at;
    Trade trade;
};
struct TimedLiquidation {
    Timestamp at;
    Liquidation liquidation;
};
struct TimedOpenInterest {
    Timestamp at;
    double base = 0;
};
struct TimedFunding {
    Timestamp at;
    double rate = 0;
};
struct TimedRatio {
    Timestamp at;
    LongShortRatio ratio;
};
struct TimedQuote {
    Timestamp at;
    BestQuote quote;
};

/// Everything that is known about one instrument, made of market events alone.
class InstrumentState {
public:
    explicit InstrumentState(Instrument instrument, InstrumentLimits limits = {});

    /// Takes one event of this instrument (see CandleFrames and OrderBook for the rules of theirs).
    ///   cost: O(1), O(levels) for a book update; does not allocate in steady state
    ApplyOutcome apply(const Event& event);
    /// Time has passed: closes the candles that ended at or before `now`. True when a minute was closed.
    bool close_candles_until(Timestamp now) { return candles_.close_until(now); }
    /// The connection is gone: the book is emptied; what was seen of the past stays.
    void invalidate_book() { book_.invalidate(); }
    /// The venue changed the instrument. Another tick or lot size gives the book and the tape other units: both are
    /// emptied.
    void relist(Instrument instrument);

    [[nodiscard]] const Instrument& instrument() const { return instrument_; }
    [[nodiscard]] const OrderBook& book() const { return book_; }
    [[nodiscard]] const CandleFrames& candles() const { return candles_; }
    /// Merged over all updates: a value once seen stays until the venue changes it.
    [[nodiscard]] const Ticker& ticker() const { return ticker_; }
    /// The last prints, in the order of their arrival.
    [[nodiscard]] const Ring<TimedTrade>& trades() const { return trades_; }
    [[nodiscard]] const Ring<TimedLiquidation>& liquidations() const { return liquidations_; }
    [[nodiscard]] const std::optional<TimedQuote>& best_quote() const { return best_quote_; }
    [[nodiscard]] const std::optional<TimedFunding>& last_settlement() const { return last_settlement_; }
    /// The newest of each kind; a kind that the venue does not publish stays empty.
    [[nodiscard]] const std::optional<TimedRatio>& long_short_ratio(RatioOf of = RatioOf::accounts) const {
        return long_short_ratios_[static_cast<std::size_t>(of)];
    }

    /// The price in quote currency: last trade, else the ticker's last price.
    [[nodiscard]] std::optional<double> last_price() const;
    /// Half-way between the best bid and ask of a valid book, in quote currency.
    [[nodiscard]] std::optional<double> mid() const;
    /// One side, base currency; of the newest sample.
    [[nodiscard]] std::optional<double> open_interest_base() const;
    /// Against the newest sample that is between 60 and 70 minutes older than `now`, as a fraction. Coins, not money:
    /// a price that moves makes no open interest.
    [[nodiscard]] std::optional<double> open_interest_change_1h(Timestamp now) const;

    /// The venue's time of the newest event of a stream, and when it was received.
    [[nodiscard]] std::optional<Timestamp> last_exchange_time(Stream stream) const;
    [[nodiscard]] std::optional<Timestamp> last_receive_time(Stream stream) const;

    struct Counts {
        std::uint64_t trades = 0, duplicate_trades = 0, late_trades = 0, crossed_books = 0, refused = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

private:
    Applied take(const Trade& trade, const Event& event);
    Applied take(const BookUpdate& update, const Event& event);
    Applied take(const BookInvalid& invalid, const Event& event);
    Applied take(const BestQuote& quote, const Event& event);
    Applied take(const Ticker& changed, const Event& event);
    Applied take(const Liquidation& liquidation, const Event& event);
    Applied take(const Candle& candle, const Event& event);
    Applied take(const FundingSettlement& settlement, const Event& event);
    Applied take(const OpenInterestSample& sample, const Event& event);
    Applied take(const LongShortRatio& ratio, const Event& event);
    void saw(Stream stream, const Event& event);
    Applied refuse();

    Instrument instrument_;
    Units units_;
    OrderBook book_;
    CandleFrames candles_;
    Ticker ticker_;
    Ring<TimedTrade> trades_;
    Ring<TimedLiquidation> liquidations_;
    RecentTradeIds trade_ids_;
    TimeRing<TimedOpenInterest, &TimedOpenInterest::at> open_interest_;
    std::optional<TimedQuote> best_quote_;
    std::optional<TimedFunding> last_settlement_;
    std::array<std::optional<TimedRatio>, kRatioCount> long_short_ratios_;
    std::array<std::optional<Timestamp>, kStreamCount> exchange_times_;
    std::array<std::optional<Timestamp>, kStreamCount> receive_times_;
    std::optional<BookGap> gap_;  // of the event in hand
    Counts counts_;
};

}  // namespace vt::market
