#pragma once

#include "trading/report.hpp"

#include <deque>
#include <map>
#include <vector>

namespace vt::paper {

/// An order that is over, as it is found in the history.
struct ClosedOrder {
    trading::OrderFound found;
    std::vector<trading::Report> fills;
    Timestamp visible_from;
};

/// The orders that are over, and which names were used.
class OrderHistory {
public:
    /// Kept at most; of older ones only is known that they were: the ids ascend, so that everything up to the highest
    /// forgotten one counts as used.
    static constexpr std::size_t kKept = 10'000;

    void add(ClosedOrder order);
    /// out: null where it is not over, never was, or was forgotten; valid until the next add()
    [[nodiscard]] const ClosedOrder* find(trading::ClientOrderId id) const;
    [[nodiscard]] bool was_used(trading::ClientOrderId id) const;

    /// From the oldest on.
    [[nodiscard]] const std::deque<trading::ClientOrderId>& ids() const { return ids_; }
    [[nodiscard]] trading::ClientOrderId forgotten() const { return forgotten_; }
    void set_forgotten(trading::ClientOrderId id) { forgotten_ = id; }

private:
    std::map<trading::ClientOrderId, ClosedOrder> orders_;
    std::deque<trading::ClientOrderId> ids_;  // in the order in which they ended
    trading::ClientOrderId forgotten_;
};

}  // namespace vt::paper
