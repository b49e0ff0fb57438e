#include "trading/report.hpp"

namespace vt::trading {

std::string_view name(RefusalCode code) {
    switch (code) {
        case RefusalCode::invalid: return "invalid";
        case RefusalCode::would_take: return "would_take";
        case RefusalCode::no_margin: return "no_margin";
        case RefusalCode::reduce_only: return "reduce_only";
        case RefusalCode::would_trigger: return "would_trigger";
        case RefusalCode::not_trading: return "not_trading";
        case RefusalCode::not_found: return "not_found";
        case RefusalCode::too_many: return "too_many";
        case RefusalCode::duplicate: return "duplicate";
        case RefusalCode::other: return "other";
    }
    return "unknown";
}

std::string_view name(ExecutionKind kind) {
    switch (kind) {
        case ExecutionKind::trade: return "trade";
        case ExecutionKind::liquidation: return "liquidation";
        case ExecutionKind::auto_deleverage: return "auto_deleverage";
        case ExecutionKind::delivery: return "delivery";
    }
    return "unknown";
}

}  // namespace vt::trading
