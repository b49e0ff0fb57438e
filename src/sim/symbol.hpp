#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt::sim {

/// A fact planted in one symbol's market, so that an analysis can be judged by whether it finds it. Times count from
/// Params::truths_start. What each does is written beside its place in truth.cpp.
enum class Truth : std::uint8_t {
    none,
    lagged,       ///< beta 1.40, 2 s behind the factor
    in_step,      ///< beta 1.80, no lag
    beta_break,   ///< beta 1.5 until +120 min, .5 from then on
    reverting,    ///< the own part of the price reverts with a half-life of 30 min
    flow,         ///< P(buy) + .30 from +20 to +35 min
    absorption,   ///< +40 to +45 min: a seller of 10 mean minutes meets a bid that refills; the price stands
    iceberg,      ///< from +55 min: a bid that shows 1/20 of itself and refills 12 times within 50-250 ms
    spoof,        ///< +60 to +65 min: every 20 s a large ask at rank 3 that is cancelled after 2 s, untraded
    wall,         ///< +30 to +35 min: a large ask that rests and is then traded through
    whale,        ///< four very large buys within 3 min from +70 min
    thin,         ///< +75 to +85 min: spread x 6, depth / 5
    new_listing,  ///< nothing before +30 min
    no_edge,      ///< beta 0, independent sides, no metaorders, no impact: the control
    cascade,      ///< longs stacked just below the price, which jumps by -4 sigma at +90 min
    crowded,      ///< crowding, and with it the premium, ramps from +100 to +160 min
    decoupled,    ///< beta 1.5 until +60 min; from then on it goes up by itself and follows no more
    quadrants,    ///< four phases of 30 min from +0: (price, open interest) up/up, down/up, up/down, down/down
};
[[nodiscard]] std::string_view name(Truth truth);

/// How one symbol trades.
struct SymbolParams {
    std::string symbol;  ///< "SOLUSDT"
    std::string base;    ///< "SOL"
    Decimal tick_size;
    Decimal lot_size;
    double price = 0;       ///< where the session starts
    double activity = 1;    ///< rate of orders, relative to the factor's symbol
    double size_scale = 1;  ///< size of orders, relative to the factor's symbol (median 2 000 in quote currency)
    double beta = 1;        ///< to the factor
    Nanos lag{0};           ///< behind the factor, at most 15 s
    double idio_bps = 6;    ///< sd of the own part of the return of one minute
    double open_interest_days = .25;  ///< open interest (one side) at the start, in mean turnovers of a day
    Truth truth = Truth::none;
};

/// The parameters with the truth's own values (betas, lags) put in.
[[nodiscard]] SymbolParams with_truth(SymbolParams params, Truth truth);

/// A symbol like BTCUSDT: the factor itself.
[[nodiscard]] SymbolParams bitcoin_like();

}  // namespace vt::sim
