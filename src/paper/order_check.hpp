#pragma once

#include "market/instrument.hpp"
#include "trading/position.hpp"
#include "trading/report.hpp"

#include <optional>
#include <string_view>

namespace vt::paper {

/// Why a request is refused, as finely as the venues tell it apart.
enum class Refusal : std::uint8_t {
    malformed,       ///< a limit order without a price and the like
    unknown_market,  ///< not listed, or not a linear contract
    not_trading,     ///< halted, before its opening, or closed
    only_reducing,   ///< being delisted: positions can only be closed
    quantity_off_step,
    quantity_below_least,
    quantity_above_most,
    price_out_of_range,
    value_below_least,
    value_too_large,  ///< beyond what the account can count
    nothing_to_reduce,
    would_trigger,
    would_take,
    no_margin,
    too_many_orders,
    too_many_stops,
    too_many_requests,
    duplicate,
    not_found,
    leverage_out_of_range,
    leverage_below_margin,   ///< less of it than the wallet has margin for
    leverage_with_position,  ///< less of it, with a position
    would_liquidate,         ///< with so little margin the position would be closed at once
    no_cause,                ///< an injected fault
};
/// What can be done about it.
[[nodiscard]] trading::RefusalCode code_of(Refusal refusal);
/// The venue's code and words for it.
[[nodiscard]] std::string_view words_of(Refusal refusal, market::Venue venue);

/// What an order is held against. Prices are absent where none was seen yet; what cannot be judged is not refused.
struct OrderContext {
    const market::Instrument& instrument;
    const trading::Position& position;
    std::optional<double> last;
    std::optional<double> mark;
};
/// The first filter that an order fails, in the order in which the venues look. out: absent where it keeps to all
///   cost: O(1), does not allocate
[[nodiscard]] std::optional<Refusal> refusal_of(const trading::OrderRequest& order, const OrderContext& context);

/// True when a stop of that side is reached: a stop that sells waits below the price, one that buys above it.
[[nodiscard]] constexpr bool is_reached(market::Side side, double trigger, double price) {
    return side == market::Side::sell ? price <= trigger : price >= trigger;
}

}  // namespace vt::paper
