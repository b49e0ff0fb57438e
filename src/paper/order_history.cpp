#include "paper/order_history.hpp"

#include <algorithm>
#include <utility>

namespace vt::paper {

void OrderHistory::add(ClosedOrder order) {
    const trading::ClientOrderId id = order.found.order.id;
    if (!orders_.emplace(id, std::move(order)).second) return;
    ids_.push_back(id);
    if (ids_.size() <= kKept) return;
    forgotten_ = std::max(forgotten_, ids_.front());
    orders_.erase(ids_.front());
    ids_.pop_front();
}

const ClosedOrder* OrderHistory::find(trading::ClientOrderId id) const {
    const auto found = orders_.find(id);
    return found == orders_.end() ? nullptr : &found->second;
}

bool OrderHistory::was_used(trading::ClientOrderId id) const { return id <= forgotten_ || orders_.contains(id); }

}  // namespace vt::paper
