#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "sim/factor.hpp"
#include "sim/symbol.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::sim {

/// The factor's returns, minute by minute, backwards from the start of the session. Grows as far back as it is asked
/// for.
class FactorHistory {
public:
    FactorHistory(std::uint64_t seed, const FactorParams& params, Timestamp start);
    /// Log return of the minute that ended `minutes_back` minutes before the start.
    [[nodiscard]] double at(std::size_t minutes_back);

private:
    FactorNews news_;
    std::int64_t start_ns_;
    std::vector<float> returns_;
};

/// Sums over the last 24 hours, up to the last trade.
struct DayStatistics {
    Ticks open, high, low;
    Ticks hour_ago;
    double volume_base = 0;
    double turnover_quote = 0;
};

/// The candles of one symbol: made by trades since the start of the session, and before it made backwards from the
/// first price, following the factor's history with the symbol's beta. The last candle of the history closes at the
/// first price.
class Tape {
public:
    struct Params {
        Timestamp start;                          ///< a whole minute
        double mean_minute_quote = 1e6;           ///< mean turnover of a minute
        std::size_t history_minutes = 60 * 1440;  ///< minutes for the last three days, half hours before
    };
    /// `history` must outlive the tape.
    Tape(std::uint64_t seed, const SymbolParams& symbol, const Params& params, FactorHistory& history);

    void on_trade(Ticks price, Lots quantity);
    /// Ends every minute that is over at `now`. in: called before the trades of a new minute
    void advance(Timestamp now);

    [[nodiscard]] Ticks last_price() const { return current_.close; }
    [[nodiscard]] DayStatistics day() const;
    /// Candles of an interval (a whole number of minutes) that start in [from, to), oldest first; the last one may be
    /// open.
    ///   in:  shift: whole minutes between this tape's time and the calendar that candles are aligned to
    ///   out: at most `limit`, the newest ones; nothing before the history begins, and nothing shorter than half an
    ///        hour
    ///        before its last three days
    [[nodiscard]] std::vector<market::Candle> candles(Nanos interval, Timestamp from, Timestamp to, std::size_t limit,
                                                      Nanos shift = Nanos{0});
    /// The open minute.
    [[nodiscard]] market::Candle current() const { return candle(current_, current_minute_); }
    [[nodiscard]] market::Candle last_closed() const;
    [[nodiscard]] Timestamp earliest() const;

private:
    struct Bar {
        Ticks open, high, low, close;
        double volume_base = 0;
        double turnover_quote = 0;
    };
    void extend_history(std::size_t minutes);
    void extend_half_hours(std::size_t count);
    [[nodiscard]] Bar older_bar(double factor_move, double own, double minutes, Ticks close, std::int64_t minute);
    [[nodiscard]] std::optional<Bar> bar(std::int64_t minute);
    [[nodiscard]] std::optional<Bar> half_hour(std::int64_t minute);
    [[nodiscard]] market::Candle whole(std::int64_t open, std::int64_t width);
    [[nodiscard]] market::Candle candle(const Bar& bar, std::int64_t minute) const;
    void close_minute();

    Params params_;
    double tick_;
    double lot_;
    double beta_;
    double idio_;
    double calm_;
    FactorHistory& factor_;
    Prng returns_;
    Prng volumes_;
    std::int64_t start_minute_;
    std::int64_t current_minute_;
    Bar current_;
    std::size_t minute_tier_;      // so many minutes before the start are kept one by one
    std::vector<Bar> history_;     // [0] is the minute before the start
    std::vector<Bar> half_hours_;  // [0] is the half hour before the oldest minute
    double oldest_log_price_;
    std::vector<Bar> session_;  // since the start
    Ticks day_high_, day_low_;  // of the closed minutes of the last 24 hours
    double day_volume_ = 0;
    double day_turnover_ = 0;
};

}  // namespace vt::sim
