#include "trading/order.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace vt::trading {

std::string to_string(ClientOrderId id) { return "v" + std::to_string(id.boot) + "-" + std::to_string(id.sequence); }

std::optional<ClientOrderId> parse_client_order_id(std::string_view text) {
    ClientOrderId id;
    if (text.empty() || text.front() != 'v') return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto boot = std::from_chars(text.data() + 1, end, id.boot);
    if (boot.ec != std::errc{} || boot.ptr == end || *boot.ptr != '-') return std::nullopt;
    const auto sequence = std::from_chars(boot.ptr + 1, end, id.sequence);
    if (sequence.ec != std::errc{} || sequence.ptr != end) return std::nullopt;
    return to_string(id) == text ? std::optional(id) : std::nullopt;  // one text for each: no zeros in front
}

std::string_view name(OrderKind kind) {
    switch (kind) {
        case OrderKind::market: return "market";
        case OrderKind::limit: return "limit";
        case OrderKind::stop_market: return "stop_market";
    }
    return "unknown";
}

std::string_view name(TimeInForce time_in_force) {
    switch (time_in_force) {
        case TimeInForce::good_till_cancelled: return "good_till_cancelled";
        case TimeInForce::immediate_or_cancel: return "immediate_or_cancel";
        case TimeInForce::fill_or_kill: return "fill_or_kill";
        case TimeInForce::post_only: return "post_only";
    }
    return "unknown";
}

std::string_view name(TriggerBy trigger) { return trigger == TriggerBy::last ? "last" : "mark"; }

std::string_view name(Purpose purpose) {
    switch (purpose) {
        case Purpose::entry: return "entry";
        case Purpose::stop: return "stop";
        case Purpose::target: return "target";
        case Purpose::exit: return "exit";
        case Purpose::emergency: return "emergency";
    }
    return "unknown";
}

std::string_view name(OrderState state) {
    switch (state) {
        case OrderState::intent: return "intent";
        case OrderState::sent: return "sent";
        case OrderState::open: return "open";
        case OrderState::partially_filled: return "partially_filled";
        case OrderState::filled: return "filled";
        case OrderState::cancelled: return "cancelled";
        case OrderState::rejected: return "rejected";
        case OrderState::unknown: return "unknown";
    }
    return "unknown";
}

void Order::on_rejected(std::string reason) {
    facts_.is_rejected = true;
    if (facts_.reason.empty()) facts_.reason = std::move(reason);
}

void Order::on_cancelled(std::string reason) {
    facts_.is_cancelled = true;
    if (facts_.reason.empty()) facts_.reason = std::move(reason);
}

void Order::on_amended(std::uint32_t revision, const OrderRequest& now) {
    VT_ASSERT(now.id == facts_.request.id);
    if (revision <= facts_.revision) return;
    facts_.revision = revision;
    facts_.request.quantity = now.quantity;
    facts_.request.price = now.price;
    facts_.request.trigger = now.trigger;
}

bool Order::on_filled(ExecutionId execution, Lots quantity) {
    VT_ASSERT(quantity > Lots{});
    if (std::ranges::find(facts_.executions, execution) != facts_.executions.end()) return false;
    facts_.executions.push_back(execution);
    facts_.filled += quantity;
    return true;
}

OrderState Order::state() const {
    if (facts_.filled >= facts_.request.quantity) return OrderState::filled;
    if (facts_.is_cancelled) return OrderState::cancelled;
    if (facts_.filled > Lots{}) return OrderState::partially_filled;  // what was filled was not refused
    if (facts_.is_rejected) return OrderState::rejected;
    if (facts_.is_accepted) return OrderState::open;
    if (facts_.is_unanswered) return OrderState::unknown;
    return facts_.is_sent ? OrderState::sent : OrderState::intent;
}

Lots Order::remaining() const { return is_over() ? Lots{} : facts_.request.quantity - facts_.filled; }

}  // namespace vt::trading
