#pragma once

#include "base/time.hpp"
#include "market/candle_series.hpp"
#include "signals/signal.hpp"

#include <optional>
#include <span>
#include <vector>

namespace vt::signals {

/// What the venue settled at an instant: a fraction of the notional, paid by the long side where it is positive.
struct Settlement {
    Timestamp at;
    double rate = 0;
};

/// What each second says to those who follow signals.
struct SecondFacts {
    Timestamp at;                        ///< a whole second
    bool are_trades_live = false;        ///< every trade before `at` was seen
    bool is_by_candles = false;          ///< no trade is ever seen: each minute is a hole, filled at its end
    bool is_listed = true;               ///< false: the venue delivers or has closed the market
    std::optional<double> funding_rate;  ///< settled since the second before, as a fraction of the notional
    const market::CandleSeries* minutes = nullptr;  ///< what a hole is filled from; null: nothing
    // Of the time before this run, in which nobody charged what was settled:
    std::optional<Timestamp> began;         ///< the run's first second
    std::span<const Settlement> missed;     ///< settled until then, as the venue's history has it; oldest first
    std::optional<Nanos> funding_interval;  ///< at whose whole multiples one is due; absent: none is waited for
};

/// A hole in the trades is waited for so long, after they came back, to be filled with the venue's minutes.
inline constexpr Nanos kHoleWait = std::chrono::minutes{10};

// How a signal is followed: a pure function of trades and seconds, in their order. Barriers are judged by trades. A
// stop is filled at its price or, where the market jumped over it, at the first price beyond; a target at its own
// price and never better. Within a minute's candle, which is all that is known of a hole, the stop counts first.
// After the first target the stop moves to where the rest comes out even, costs included. A hole that
// reaches back before the run is filled when the settlements due in it are known, too. Each function appends what
// is new to `changes`.

/// One trade. in: `price` positive, quote currency. cost: O(1), does not allocate but for changes
void follow_trade(Signal& signal, Timestamp at, double price, std::vector<Change>& changes);
/// Time has passed, with or without trades. cost: O(1); O(minutes of the hole) when one is filled
void follow_second(Signal& signal, const SecondFacts& facts, std::vector<Change>& changes);
/// Nothing more will be written about it: the position ended and the last horizon is over.
[[nodiscard]] bool is_followed_to_the_end(const Signal& signal);

}  // namespace vt::signals
