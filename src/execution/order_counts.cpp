#include "execution/order_counts.hpp"

namespace vt::execution {

std::string_view name(OrderOutcome outcome) {
    switch (outcome) {
        case OrderOutcome::sent: return "sent";
        case OrderOutcome::accepted: return "accepted";
        case OrderOutcome::filled: return "filled";
        case OrderOutcome::cancelled: return "cancelled";
        case OrderOutcome::rejected: return "rejected";
        case OrderOutcome::unknown: return "unknown";
    }
    return "unknown";
}

void OrderCounts::count(trading::Purpose purpose, OrderOutcome outcome) {
    ++counts_.at(static_cast<std::size_t>(purpose)).at(static_cast<std::size_t>(outcome));
}

void OrderCounts::count_change(const trading::Order::Facts& before, const trading::Order::Facts& now) {
    const auto is_whole = [](const trading::Order::Facts& facts) { return facts.filled >= facts.request.quantity; };
    if (now.is_accepted && !before.is_accepted) count(now.purpose, OrderOutcome::accepted);
    if (is_whole(now) && !is_whole(before)) count(now.purpose, OrderOutcome::filled);
    if (now.is_cancelled && !before.is_cancelled && !is_whole(now)) count(now.purpose, OrderOutcome::cancelled);
    if (now.is_rejected && !before.is_rejected && now.filled == Lots{}) count(now.purpose, OrderOutcome::rejected);
}

void OrderCounts::count_refusal(trading::RefusalCode code) { ++refusals_.at(static_cast<std::size_t>(code)); }

std::uint64_t OrderCounts::of(trading::Purpose purpose, OrderOutcome outcome) const {
    return counts_.at(static_cast<std::size_t>(purpose)).at(static_cast<std::size_t>(outcome));
}

std::uint64_t OrderCounts::refusals(trading::RefusalCode code) const {
    return refusals_.at(static_cast<std::size_t>(code));
}

}  // namespace vt::execution
