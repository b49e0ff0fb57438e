#include "paper/order_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::paper {
namespace {

using trading::OrderKind;
using trading::OrderRequest;
using trading::RefusalCode;
using Wide = __int128;

struct Words {
    Refusal refusal;
    RefusalCode code;
    std::string_view bybit;
    std::string_view binance;
};
constexpr std::array kWords{
    Words{Refusal::malformed, RefusalCode::invalid, "10001: params error", "-1102: mandatory parameter missing"},
    Words{Refusal::unknown_market, RefusalCode::invalid, "10001: symbol invalid", "-1121: invalid symbol"},
    Words{Refusal::not_trading, RefusalCode::not_trading, "110074: this contract is not live",
          "-4140: invalid symbol status for opening position"},
    Words{Refusal::only_reducing, RefusalCode::not_trading, "30228: no new positions during delisting",
          "-4140: invalid symbol status for opening position"},
    Words{Refusal::quantity_off_step, RefusalCode::invalid, "10001: qty invalid",
          "-4023: quantity not increased by step size"},
    Words{Refusal::quantity_below_least, RefusalCode::invalid, "10001: the number of contracts is below the minimum",
          "-4003: quantity less than or equal to the minimum"},
    Words{Refusal::quantity_above_most, RefusalCode::invalid, "10001: the number of contracts exceeds the maximum",
          "-4005: quantity greater than the maximum"},
    Words{Refusal::price_out_of_range, RefusalCode::invalid, "110003: order price is out of permissible range",
          "-4024: price is out of the permitted band"},
    Words{Refusal::value_below_least, RefusalCode::invalid, "110094: order does not meet minimum order value",
          "-4164: order's notional below the minimum"},
    Words{Refusal::value_too_large, RefusalCode::invalid, "110013: risk limit exceeded",
          "-2027: exceeded the maximum allowable position"},
    Words{Refusal::nothing_to_reduce, RefusalCode::reduce_only,
          "110017: reduce-only rule not satisfied: nothing to reduce", "-2022: reduce-only order is rejected"},
    Words{Refusal::would_trigger, RefusalCode::would_trigger, "110093: the trigger price is reached already",
          "-2021: order would immediately trigger"},
    Words{Refusal::would_take, RefusalCode::would_take, "EC_PostOnlyWillTakeLiquidity",
          "-5022: post-only order would be executed as taker"},
    Words{Refusal::no_margin, RefusalCode::no_margin, "110007: available balance is insufficient",
          "-2019: margin is insufficient"},
    Words{Refusal::too_many_orders, RefusalCode::too_many, "110020: not allowed to have more active orders",
          "-2025: reached the maximum of open orders"},
    Words{Refusal::too_many_stops, RefusalCode::too_many, "110021: not allowed to have more conditional orders",
          "-4045: reached the maximum of stop orders"},
    Words{Refusal::too_many_requests, RefusalCode::too_many, "10006: too many visits", "-1015: too many new orders"},
    Words{Refusal::duplicate, RefusalCode::duplicate, "110072: orderLinkId is duplicate",
          "-4116: client order id is duplicated"},
    Words{Refusal::not_found, RefusalCode::not_found, "110001: order does not exist, or too late",
          "-2011: unknown order sent"},
    Words{Refusal::leverage_out_of_range, RefusalCode::invalid, "10001: leverage invalid",
          "-4028: leverage is not valid"},
    Words{Refusal::leverage_below_margin, RefusalCode::no_margin, "110012: available balance is not enough",
          "-2028: leverage is smaller than permitted: insufficient margin balance"},
    Words{Refusal::leverage_with_position, RefusalCode::no_margin, "110012: available balance is not enough",
          "-4161: leverage cannot be reduced in isolated margin mode with a position"},
    Words{Refusal::would_liquidate, RefusalCode::no_margin, "110011: any adjustment will trigger a liquidation",
          "-2027: exceeded the maximum allowable position at this leverage"},
    Words{Refusal::no_cause, RefusalCode::other, "10001: refused", "-1000: refused"},
};
constexpr const Words& entry_of(Refusal refusal) { return kWords[static_cast<std::size_t>(refusal)]; }
static_assert([] {
    for (std::size_t i = 0; i < kWords.size(); ++i)
        if (kWords[i].refusal != static_cast<Refusal>(i)) return false;
    return kWords.size() == static_cast<std::size_t>(Refusal::no_cause) + 1;
}());

Wide power_of_ten(int exponent) {
    Wide power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

struct Compared {
    Wide counted;
    Wide bound;
};
/// `count` steps and a bound in the same unit. in: count below 10^15, so that 10^18 of it still fit
Compared compared(std::int64_t count, Decimal step, Decimal bound) {
    const int finer = step.scale - bound.scale;
    return {Wide{count} * step.mantissa * power_of_ten(std::max(0, -finer)),
            Wide{bound.mantissa} * power_of_ten(std::max(0, finer))};
}
bool is_below(std::int64_t count, Decimal step, const std::optional<Decimal>& bound) {
    if (!bound) return false;
    const auto [counted, least] = compared(count, step, *bound);
    return counted < least;
}
bool is_above(std::int64_t count, Decimal step, const std::optional<Decimal>& bound) {
    if (!bound) return false;
    const auto [counted, most] = compared(count, step, *bound);
    return counted > most;
}
bool is_off_step(Lots quantity, Decimal lot, const std::optional<Decimal>& step) {
    if (!step || step->mantissa <= 0) return false;
    const auto [counted, whole] = compared(quantity.value(), lot, *step);
    return counted % whole != 0;
}

bool is_malformed(const OrderRequest& order) {
    constexpr std::int64_t kMost = 1'000'000'000'000'000;
    const auto is_price = [](Ticks price) { return price > Ticks{} && price < Ticks{kMost}; };
    if (order.quantity <= Lots{} || order.quantity >= Lots{kMost}) return true;
    if (order.kind == OrderKind::limit && (!order.price || !is_price(*order.price))) return true;
    if (order.kind != OrderKind::limit && order.time_in_force == trading::TimeInForce::post_only) return true;
    return order.kind == OrderKind::stop_market && (!order.trigger || !is_price(*order.trigger));
}

std::optional<Refusal> by_quantity(const OrderRequest& order, const market::Instrument& instrument) {
    const auto& limits = instrument.limits;
    const bool is_market = order.kind != OrderKind::limit;
    const Decimal lot = instrument.lot_size;
    if (is_off_step(order.quantity, lot, limits.quantity_step) ||
        (is_market && is_off_step(order.quantity, lot, limits.market_lot_size)))
        return Refusal::quantity_off_step;
    if (is_below(order.quantity.value(), lot, limits.quantity_min)) return Refusal::quantity_below_least;
    const auto& most = is_market && limits.market_quantity_max ? limits.market_quantity_max : limits.quantity_max;
    if (is_above(order.quantity.value(), lot, most)) return Refusal::quantity_above_most;
    return std::nullopt;
}

bool is_out_of_range(Ticks price, const market::Instrument& instrument) {
    return is_below(price.value(), instrument.tick_size, instrument.limits.price_min) ||
           is_above(price.value(), instrument.tick_size, instrument.limits.price_max);
}

/// A purchase too far above the mark price, or a sale too far below: the other ends only wait for ever.
bool is_out_of_band(const OrderRequest& order, const OrderContext& context) {
    if (!context.mark) return false;
    const auto& limits = context.instrument.limits;
    const double ratio = context.instrument.price(*order.price) / *context.mark;
    return order.side == market::Side::buy ? limits.price_ratio_max && ratio > limits.price_ratio_max->to_double()
                                           : limits.price_ratio_min && ratio < limits.price_ratio_min->to_double();
}

std::optional<Refusal> by_price(const OrderRequest& order, const OrderContext& context) {
    if (order.kind == OrderKind::limit &&
        (is_out_of_range(*order.price, context.instrument) || is_out_of_band(order, context)))
        return Refusal::price_out_of_range;
    if (order.kind == OrderKind::stop_market && is_out_of_range(*order.trigger, context.instrument))
        return Refusal::price_out_of_range;
    return std::nullopt;
}

/// By what the order is worth: at its own price, or at the last.
std::optional<Refusal> by_value(const OrderRequest& order, const OrderContext& context) {
    const auto& instrument = context.instrument;
    std::optional<Ticks> price = order.kind == OrderKind::limit ? order.price : order.trigger;
    if (!price && context.last)
        price = Ticks{static_cast<std::int64_t>(std::nearbyint(*context.last / instrument.tick()))};
    if (!price) return std::nullopt;
    const auto value = trading::notional_of(instrument, *price, order.quantity);
    if (!value) return Refusal::value_too_large;
    if (order.is_reduce_only) return std::nullopt;
    if (is_below(value->value(), Decimal{1, trading::kMoneyScale}, instrument.limits.notional_min))
        return Refusal::value_below_least;
    return std::nullopt;
}

std::optional<Refusal> by_status(const OrderRequest& order, market::TradingStatus status) {
    switch (status) {
        case market::TradingStatus::trading: return std::nullopt;
        case market::TradingStatus::delivering:
            if (order.is_reduce_only) return std::nullopt;
            return Refusal::only_reducing;
        case market::TradingStatus::pre_launch:
        case market::TradingStatus::halted:
        case market::TradingStatus::closed: return Refusal::not_trading;
    }
    return Refusal::not_trading;
}

bool would_trigger(const OrderRequest& order, const OrderContext& context) {
    const auto& price = order.trigger_by == trading::TriggerBy::mark ? context.mark : context.last;
    return price && is_reached(order.side, context.instrument.price(*order.trigger), *price);
}

}  // namespace

RefusalCode code_of(Refusal refusal) { return entry_of(refusal).code; }

std::string_view words_of(Refusal refusal, market::Venue venue) {
    return venue == market::Venue::bybit ? entry_of(refusal).bybit : entry_of(refusal).binance;
}

std::optional<Refusal> refusal_of(const OrderRequest& order, const OrderContext& context) {
    if (context.instrument.category != market::Category::linear) return Refusal::unknown_market;
    if (const auto refusal = by_status(order, context.instrument.status)) return refusal;
    if (is_malformed(order)) return Refusal::malformed;
    if (const auto refusal = by_quantity(order, context.instrument)) return refusal;
    if (const auto refusal = by_price(order, context)) return refusal;
    if (const auto refusal = by_value(order, context)) return refusal;
    const auto& position = context.position;
    if (order.is_reduce_only && (position.is_flat() || position.side() == order.side))
        return Refusal::nothing_to_reduce;
    if (order.kind == OrderKind::stop_market && would_trigger(order, context)) return Refusal::would_trigger;
    return std::nullopt;
}

}  // namespace vt::paper
