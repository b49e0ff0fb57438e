#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace vt::exchange::access {

/// At most `limit` units in any span of time, kept by a level that rises with what is spent and drains evenly: a
/// quarter of the limit may go at once, the rest is spread over the span. So a burst is never followed by a long
/// silence, and no window, wherever it begins, holds more than the limit.
class Budget {
public:
    Budget(std::uint32_t limit, Nanos span) { set_limit(limit, span); }

    void set_limit(std::uint32_t limit, Nanos span) {
        limit_ = std::max(limit, 4U);
        span_ = span;
        const std::uint32_t at_once = limit_ / 4;
        cost_ = span / (limit_ - at_once) + Nanos{1};
        depth_ = cost_ * at_once;
    }
    /// When `units` may be spent by someone who may fill only `share` of the level; `now` or earlier: at once. What
    /// is larger than the share itself waits until the level is empty.
    [[nodiscard]] Timestamp free_at(std::uint32_t units, double share) const {
        const Nanos room{static_cast<Nanos::rep>(static_cast<double>(depth_.count()) * share)};
        return drained_at_ + std::min(cost_ * units, room) - room;
    }
    void spend(std::uint32_t units, Timestamp now) { drained_at_ = std::max(drained_at_, now) + cost_ * units; }

    [[nodiscard]] std::uint32_t limit() const { return limit_; }
    [[nodiscard]] Nanos span() const { return span_; }

private:
    std::uint32_t limit_ = 0;
    Nanos span_{};
    Nanos cost_{};   ///< how long one unit takes to drain
    Nanos depth_{};  ///< the full level
    Timestamp drained_at_;
};

}  // namespace vt::exchange::access
