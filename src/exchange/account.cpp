#include "exchange/account.hpp"

namespace vt::exchange {

std::string_view name(OrderKind kind) { return kind == OrderKind::limit ? "limit" : "market"; }

std::string_view name(TimeInForce time_in_force) {
    switch (time_in_force) {
        case TimeInForce::gtc: return "gtc";
        case TimeInForce::ioc: return "ioc";
        case TimeInForce::fok: return "fok";
        case TimeInForce::post_only: return "post_only";
        case TimeInForce::gtd: return "gtd";
    }
    return "unknown";
}

std::string_view name(OrderState state) {
    switch (state) {
        case OrderState::waiting: return "waiting";
        case OrderState::open: return "open";
        case OrderState::partly_filled: return "partly_filled";
        case OrderState::filled: return "filled";
        case OrderState::cancelled: return "cancelled";
        case OrderState::rejected: return "rejected";
        case OrderState::expired: return "expired";
    }
    return "unknown";
}

std::string_view name(ExecutionKind kind) {
    switch (kind) {
        case ExecutionKind::trade: return "trade";
        case ExecutionKind::liquidation: return "liquidation";
        case ExecutionKind::deleveraging: return "deleveraging";
        case ExecutionKind::settlement: return "settlement";
        case ExecutionKind::delivery: return "delivery";
        case ExecutionKind::funding: return "funding";
        case ExecutionKind::other: return "other";
    }
    return "unknown";
}

}  // namespace vt::exchange
