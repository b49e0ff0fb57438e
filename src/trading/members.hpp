#pragma once

#include "base/member_codec.hpp"
#include "market/event.hpp"
#include "trading/order.hpp"
#include "trading/position.hpp"
#include "trading/report.hpp"

#include <concepts>
#include <cstdint>
#include <type_traits>

// The members of what is kept of trading, in the order of their binary form (base/member_codec.hpp). The instrument
// is no part of them: its number is of one run only.

namespace vt::market {
constexpr std::uint8_t value_count(Side) { return 2; }
}  // namespace vt::market

namespace vt::trading {
constexpr std::uint8_t value_count(OrderKind) { return 3; }
constexpr std::uint8_t value_count(TimeInForce) { return 4; }
constexpr std::uint8_t value_count(TriggerBy) { return 2; }
constexpr std::uint8_t value_count(Purpose) { return 5; }
constexpr std::uint8_t value_count(OrderState) { return 8; }
constexpr std::uint8_t value_count(ExecutionKind) { return 4; }

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, ClientOrderId>
void members(T& id, Archive& archive) {
    archive(id.boot, id.sequence);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, OrderRequest>
void members(T& order, Archive& archive) {
    archive(order.id, order.side, order.kind, order.time_in_force, order.quantity, order.price, order.trigger,
            order.trigger_by, order.is_reduce_only);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Order::Facts>
void members(T& facts, Archive& archive) {
    archive(facts.request, facts.purpose, facts.created_at, facts.revision, facts.filled, facts.executions,
            facts.is_sent, facts.is_accepted, facts.is_unanswered, facts.is_rejected, facts.is_cancelled,
            facts.reason);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Position::Facts>
void members(T& position, Archive& archive) {
    archive(position.net, position.cost, position.realised, position.fees, position.funding);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Fill>
void members(T& fill, Archive& archive) {
    archive(fill.execution, fill.order, fill.side, fill.kind, fill.price, fill.quantity, fill.fee, fill.is_maker);
}

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, FundingPaid>
void members(T& paid, Archive& archive) {
    archive(paid.settled_at, paid.amount);
}
}  // namespace vt::trading
