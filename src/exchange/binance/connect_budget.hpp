#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <deque>

namespace vt::exchange::binance {

/// How often connections may be opened: the venue allows 300 in 5 minutes for an address; the rest is left to others.
class ConnectBudget {
public:
    static constexpr std::size_t kMost = 200;
    static constexpr Nanos kWindow = std::chrono::minutes{5};

    /// Counts one connection, or refuses it.
    [[nodiscard]] bool take(Timestamp now) {
        while (!taken_.empty() && now - taken_.front() > kWindow) taken_.pop_front();
        if (taken_.size() >= kMost) return false;
        taken_.push_back(now);
        return true;
    }

private:
    std::deque<Timestamp> taken_;
};

}  // namespace vt::exchange::binance
