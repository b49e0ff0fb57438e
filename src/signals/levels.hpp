#pragma once

#include "market/event.hpp"
#include "signals/params.hpp"

#include <array>
#include <optional>

namespace vt::signals {

/// What a trade costs beside where the price goes, in bps of the price.
struct Costs {
    double fee_bps = 0;    ///< of one fill
    double entry_bps = 0;  ///< half the spread and the impact of the order that opens, against the mid
    double exit_bps = 0;   ///< the same of one that closes at the market
    [[nodiscard]] double round_trip_bps() const { return 2 * fee_bps + entry_bps + exit_bps; }
};

/// What levels are made of.
struct LevelInputs {
    market::Side side = market::Side::buy;
    double mid = 0;                   ///< quote currency
    double atr = 0;                   ///< Wilder's over 14 bars of 30 minutes, quote currency
    std::optional<double> structure;  ///< price of the last confirmed swing on the stop's side; absent: none
    Costs costs;
    double tick = 0;  ///< price step
};

struct Levels {
    double entry = 0;  ///< what a market order would have paid: mid and slippage
    double stop = 0;
    double stop_distance = 0;      ///< D, quote currency; rounded outward to the tick
    double market_distance = 0;    ///< what ATR and structure alone ask for
    double stop_atr = 0;           ///< D in ATR
    double liquidation_share = 0;  ///< D in ways to liquidation at the leverage of the parameters
    std::array<double, kTargetCount> targets{};
};

/// Stop and targets of a signal.
///   D = max(2 ATR, structure + ATR/4 where structure lies within 1..3 ATR, 5 round trips), all as distances from the
///   entry; targets at 1.5, 2.5 and 4 D. Stop and targets are rounded to the tick away from the entry: a stop is
/// never
///   nearer, a target never easier than the formula's.
///   in:   mid, atr and tick positive
///   out:  absent where a level would not be positive
///   cost: O(1)
///   source: docs/signals.md; the liquidation estimate is that of an isolated position, entry (1/leverage - 0.5 %)
[[nodiscard]] std::optional<Levels> levels_of(const LevelInputs& in, const Params& params);

/// The position, as a share of the equity, that loses `risk_share` of it at the stop, costs included.
///   size = risk / (D/entry + costs); above 1 it needs leverage
[[nodiscard]] double size_share(const Levels& levels, const Costs& costs, const Params& params);

}  // namespace vt::signals
