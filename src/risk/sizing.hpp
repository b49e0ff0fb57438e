#pragma once

#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "risk/kelly.hpp"
#include "risk/params.hpp"
#include "signals/levels.hpp"
#include "trading/money.hpp"
#include "trading/order.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::risk {

/// What bounds the size of a trade.
enum class SizeRule : std::uint8_t {
    stop_risk,      ///< what is lost at the stop, costs included
    volatility,     ///< how much the market swings
    kelly,          ///< how sure the edge is
    position_room,  ///< what one market may be worth
    venue_maximum,  ///< the largest order that the venue takes
};
inline constexpr std::size_t kSizeRules = static_cast<std::size_t>(SizeRule::venue_maximum) + 1;
[[nodiscard]] std::string_view name(SizeRule rule);

/// What an order's quantity has to keep to at the venue, in lots.
struct QuantityLimits {
    Lots step{1};
    Lots least{1};             ///< a whole number of steps
    std::optional<Lots> most;  ///< likewise
    [[nodiscard]] Lots rounded_down(Lots quantity) const { return quantity - Lots{quantity.value() % step.value()}; }
};
/// out: absent where the venue's least size, least worth or steps are not known
[[nodiscard]] std::optional<QuantityLimits> quantity_limits(const market::Instrument& instrument,
                                                            trading::OrderKind kind);

/// A trade as it is planned.
struct TradePlan {
    market::Side side = market::Side::buy;
    Ticks entry;
    Ticks stop;
    signals::Costs costs;
    std::optional<WinChance> chance;  ///< absent: not calibrated, and no bound is made of it
};

/// What is lost where so many lots are bought or sold at the entry and closed at the stop: the way between them, and
/// the round trip's costs of the entry's worth, rounded up.
///   out: absent where it does not fit
[[nodiscard]] std::optional<trading::Money> loss_at_stop(const market::Instrument& instrument, const TradePlan& plan,
                                                         Lots quantity);

struct SizeInputs {
    const market::Instrument& instrument;
    const TradePlan& plan;
    QuantityLimits limits;
    trading::Money equity;
    double multiplier = 1;                    ///< 0..1, of what is risked: less after losses
    std::optional<double> annual_volatility;  ///< as a fraction
    Ticks mark;                               ///< what the room is measured with
    trading::Money room;                      ///< worth that this market may still take
    /// At risk already in markets that move with this one, on the same side. Absent: not known
    std::optional<trading::Money> related_risk = trading::Money{};
};

/// The size that each rule allows, and the smallest of them.
struct Sizing {
    std::array<std::optional<Lots>, kSizeRules> allowed;  ///< absent: the rule has nothing to go by
    Lots quantity;                                        ///< rounded down to the step; 0 where none fits
    SizeRule bound_by = SizeRule::stop_risk;
};

/// The largest quantity that every rule allows.
///   stop_risk: equity x risk_share / (|entry - stop| + entry x costs)
///   volatility: equity x min(target / volatility, weight_max) / entry
///   kelly: like stop_risk, with the share that Kelly's rule allows less what is risked already in markets that move
///   with this one: together they are one bet
///   in:   entry, stop and mark positive and entry apart from stop; equity not negative
///   cost: O(1), does not allocate
[[nodiscard]] Sizing size_of(const SizeInputs& in, const Params& params);

/// A deviation of returns over a span, as that of a year.
[[nodiscard]] double annualised(double deviation, Nanos span);

/// How far an order moves the price, as a fraction: coefficient x volatility x sqrt(order / volume), volatility and
/// volume of the same span.
///   in:     volume positive
///   source: the square-root law, Toth et al. 2011
[[nodiscard]] double square_root_impact(double volatility, double order, double volume, double coefficient = 1);

}  // namespace vt::risk
