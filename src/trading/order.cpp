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
    is_rejected_ = true;
    if (reason_.empty()) reason_ = std::move(reason);
}

void Order::on_cancelled(std::string reason) {
    is_cancelled_ = true;
    if (reason_.empty()) reason_ = std::move(reason);
}

void Order::on_amended(std::uint32_t revision, const OrderRequest& now) {
    VT_ASSERT(now.id == request_.id);
    if (revision <= revision_) return;
    revision_ = revision;
    request_.quantity = now.quantity;
    request_.price = now.price;
    request_.trigger = now.trigger;
}

bool Order::on_filled(ExecutionId execution, Lots quantity) {
    VT_ASSERT(quantity > Lots{});
    if (std::ranges::find(executions_, execution) != executions_.end()) return false;
    executions_.push_back(execution);
    filled_ += quantity;
    return true;
}

OrderState Order::state() const {
    if (filled_ >= request_.quantity) return OrderState::filled;
    if (is_cancelled_) return OrderState::cancelled;
    if (filled_ > Lots{}) return OrderState::partially_filled;  // what was filled was not refused
    if (is_rejected_) return OrderState::rejected;
    if (is_accepted_) return OrderState::open;
    if (is_unanswered_) return OrderState::unknown;
    return is_sent_ ? OrderState::sent : OrderState::intent;
}

Lots Order::remaining() const { return is_final(state()) ? Lots{} : request_.quantity - filled_; }

}  // namespace vt::trading
