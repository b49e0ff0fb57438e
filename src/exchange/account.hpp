#pragma once

#include "base/decimal.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What venues say about an account, in one form. Absent: the venue does not say there, which is never the same as
// zero.

namespace vt::exchange {

enum class OrderKind : std::uint8_t { limit, market };
enum class TimeInForce : std::uint8_t { gtc, ioc, fok, post_only, gtd };
enum class OrderState : std::uint8_t {
    waiting,  ///< for its trigger; no margin is used
    open,
    partly_filled,
    filled,     ///< final, as all below
    cancelled,  ///< perhaps filled in part
    rejected,
    expired,
};
[[nodiscard]] constexpr bool is_final(OrderState state) { return state >= OrderState::filled; }

/// Why an execution happened. Only a trade, a liquidation and an auto-deleveraging are fills of an order.
enum class ExecutionKind : std::uint8_t { trade, liquidation, deleveraging, settlement, delivery, funding, other };
[[nodiscard]] constexpr bool is_fill(ExecutionKind kind) { return kind <= ExecutionKind::deleveraging; }

/// Which of an instrument's positions: one-way accounts have one, hedging ones two.
enum class PositionSlot : std::uint8_t { net, long_side, short_side };

[[nodiscard]] std::string_view name(OrderKind kind);
[[nodiscard]] std::string_view name(TimeInForce time_in_force);
[[nodiscard]] std::string_view name(OrderState state);
[[nodiscard]] std::string_view name(ExecutionKind kind);

struct OrderReport {
    std::string symbol;
    std::string id;
    std::string client_id;
    market::Side side = market::Side::buy;
    OrderKind kind = OrderKind::limit;
    TimeInForce time_in_force = TimeInForce::gtc;
    OrderState state = OrderState::open;
    bool is_reduce_only = false;
    PositionSlot slot = PositionSlot::net;
    std::optional<Decimal> price;  ///< of a limit
    std::optional<Decimal> quantity;
    std::optional<Decimal> filled;
    std::optional<Decimal> trigger_price;
    std::optional<Decimal> take_profit;
    std::optional<Decimal> stop_loss;
    std::optional<double> average_price;  ///< of what was filled
    std::optional<double> filled_value;   ///< quote currency, or base currency of inverse contracts
    std::optional<Timestamp> created_at;
    std::optional<Timestamp> updated_at;
};

struct ExecutionReport {
    std::string symbol;
    std::string id;
    std::string order_id;
    std::string client_id;
    market::Side side = market::Side::buy;
    ExecutionKind kind = ExecutionKind::trade;
    std::optional<Decimal> price;
    std::optional<Decimal> quantity;
    std::optional<double> value;
    std::optional<double> fee;  ///< negative: a rebate
    std::string fee_currency;
    std::optional<bool> is_maker;
    std::optional<Timestamp> at;
};

struct PositionReport {
    std::string symbol;
    PositionSlot slot = PositionSlot::net;
    std::optional<market::Side> side;  ///< absent: flat
    std::optional<Decimal> quantity;   ///< not negative
    std::optional<double> entry_price;
    std::optional<double> mark_price;
    std::optional<double> liquidation_price;
    std::optional<double> unrealised;
    std::optional<double> leverage;
    std::optional<Timestamp> updated_at;
};

struct BalanceReport {
    std::string currency;
    std::optional<double> total;
    std::optional<double> locked;  ///< by open orders
    std::optional<double> free;
    std::optional<double> borrowed;
};

}  // namespace vt::exchange
