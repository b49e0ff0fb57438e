#pragma once

#include "base/decimal.hpp"
#include "market/instrument.hpp"
#include "trading/money.hpp"
#include "trading/position.hpp"

#include <optional>

namespace vt::paper {

inline constexpr int kLeverageMost = 200;  ///< what any venue offers

/// Isolated margin: each position has its own share of the wallet, and can lose no more than that.
struct MarginParams {
    int leverage = 10;          ///< of an instrument for which none was set
    Decimal maintenance{1, 2};  ///< where the venue does not state the highest leverage
};

/// The share of its value below which the margin of a position may not fall where the venue's tiers are not known:
/// half of what the highest leverage asks for, as the lowest tier has it (100 x: 0.5 %).
[[nodiscard]] Decimal maintenance_rate(const market::Instrument& instrument, const MarginParams& params);

/// A position's value at a price with more digits than its ticks have, as marks and settlements are.
///   out: rounded half to even; absent for a price that is not positive, or where it does not fit
[[nodiscard]] std::optional<trading::Money> value_at(const market::Instrument& instrument, double price,
                                                     Lots quantity);

/// What a position of this value has to hold as margin: by the tier of all of it, above the last by the last.
///   out: absent where it does not fit
[[nodiscard]] std::optional<trading::Money> maintenance_of(const market::Instrument& instrument,
                                                           const MarginParams& params, trading::Money value);

/// True when what the margin has left at this value of the position is below what must be held.
///   in: margin: what the position may lose; maintenance: see maintenance_of
[[nodiscard]] bool is_liquidated(const trading::Position& position, trading::Money margin, trading::Money value,
                                 trading::Money maintenance);

/// The price at which the margin is used up, rounded to the tick that loses less.
///   in: not flat
[[nodiscard]] Ticks bankruptcy_price(const market::Instrument& instrument, const trading::Position& position,
                                     trading::Money margin);
/// The mark price at which is_liquidated() begins to be true, on the way from the entry against the position, through
/// the tiers that its value passes. out: absent when flat, or when no price does it
///   cost: O(tiers)
[[nodiscard]] std::optional<double> liquidation_price(const market::Instrument& instrument,
                                                      const trading::Position& position, trading::Money margin,
                                                      const MarginParams& params);

}  // namespace vt::paper
