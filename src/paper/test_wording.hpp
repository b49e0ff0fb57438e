#pragma once

#include "base/decimal.hpp"
#include "market/event.hpp"
#include "trading/report.hpp"

#include <string>

namespace vt::paper {

/// Without zeros at the end.
inline std::string steps_text(std::int64_t count, Decimal step) {
    std::string text = format_steps(count, step);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}
inline std::string text_of(Ticks price) { return steps_text(price.value(), Decimal{1, 1}); }
inline std::string text_of(Lots quantity) { return steps_text(quantity.value(), Decimal{1, 3}); }
inline std::string text_of(trading::ClientOrderId id) { return std::to_string(id.sequence); }
inline std::string text_of(market::Side side) { return side == market::Side::buy ? "buy" : "sell"; }

/// A report in the words of the scenarios.
struct TestWording {
    std::string operator()(const trading::Accepted& r) const { return "accepted " + text_of(r.id); }
    std::string operator()(const trading::Refused& r) const {
        return "refused " + text_of(r.id) + " " + std::string(name(r.code));
    }
    std::string operator()(const trading::Unanswered& r) const { return "unanswered " + text_of(r.id); }
    std::string operator()(const trading::Amended& r) const {
        return "amended " + text_of(r.order.id) + " " + std::to_string(r.revision) + " " + text_of(r.order.quantity);
    }
    std::string operator()(const trading::AmendRefused& r) const {
        return "amend_refused " + text_of(r.id) + " " + std::string(name(r.code));
    }
    std::string operator()(const trading::Cancelled& r) const {
        return "cancelled " + text_of(r.id) + " " + r.reason;
    }
    std::string operator()(const trading::CancelRefused& r) const {
        return "cancel_refused " + text_of(r.id) + " " + std::string(name(r.code));
    }
    std::string operator()(const trading::Fill& r) const {
        const std::string how =
            r.kind == trading::ExecutionKind::trade ? (r.is_maker ? "maker" : "taker") : std::string(name(r.kind));
        return "fill " + (r.order ? text_of(*r.order) : "-") + " " + text_of(r.side) + " " + text_of(r.price) + " " +
               text_of(r.quantity) + " " + how + " fee " + to_string(r.fee);
    }
    std::string operator()(const trading::FundingPaid& r) const { return "funding " + to_string(r.amount); }
    std::string operator()(const trading::OrderFound& r) const {
        return "order " + text_of(r.order.id) + " " + std::string(name(r.state)) + " " + text_of(r.filled);
    }
    std::string operator()(const trading::OrderAbsent& r) const { return "absent " + text_of(r.id); }
    std::string operator()(const trading::LeverageSet& r) const { return "leverage " + std::to_string(r.leverage); }
    std::string operator()(const trading::LeverageRefused& r) const {
        return "leverage_refused " + std::to_string(r.leverage) + " " + std::string(name(r.code));
    }
    std::string operator()(const trading::LeverageUnanswered& r) const {
        return "leverage_unanswered " + std::to_string(r.leverage);
    }
    std::string operator()(const trading::AccountFound& r) const {
        std::string text = "account " + to_string(r.wallet) + " orders " + std::to_string(r.open_orders.size());
        for (const auto& position : r.positions) text += " net " + text_of(position.net);
        return text;
    }
};

}  // namespace vt::paper
