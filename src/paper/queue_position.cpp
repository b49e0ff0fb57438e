#include "paper/queue_position.hpp"

#include <algorithm>

namespace vt::paper {

QueuePosition::QueuePosition(std::optional<Lots> displayed, Timestamp book_time)
    : facts_{.is_displayed = displayed.has_value(),
             .unprinted = displayed.value_or(Lots{}),
             .displayed = displayed.value_or(Lots{}),
             .joined_at = book_time,
             .book_time = book_time} {}

Lots QueuePosition::on_print(Lots quantity, Timestamp at) {
    if (!facts_.is_displayed || !is_after_joining(at)) return Lots{};
    Lots ahead = facts_.unprinted;
    facts_.unprinted = std::max(Lots{}, facts_.unprinted - quantity);
    if (at > facts_.book_time) {
        ahead = std::min(ahead, facts_.displayed);
        facts_.displayed = std::max(Lots{}, facts_.displayed - quantity);
    }
    return std::max(Lots{}, quantity - ahead);
}

void QueuePosition::on_level(Lots displayed, Timestamp book_time) {
    if (!facts_.is_displayed) {
        *this = QueuePosition(displayed, book_time);
        return;
    }
    facts_.displayed = std::min(facts_.displayed, displayed);
    facts_.book_time = std::max(facts_.book_time, book_time);
}

std::optional<Lots> QueuePosition::ahead() const {
    if (!facts_.is_displayed) return std::nullopt;
    return std::min(facts_.unprinted, facts_.displayed);
}

}  // namespace vt::paper
