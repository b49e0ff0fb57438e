#pragma once

#include "base/time.hpp"
#include "signals/signal.hpp"

#include <chrono>
#include <string>

namespace vt::signals {

/// A placebo that waits for its time: an entry at a random minute, of the same market and side as a signal that was
/// raised, with levels, costs and expiry made in the same way. It cannot know anything, so what becomes of such
/// entries is what chance brings in these markets at these costs.
struct PlannedPlacebo {
    std::string of;  ///< id of the signal
    std::string strategy;
    market::Side side = market::Side::buy;
    double score = 50;  ///< of the signal, so that it can be counted beside it
    Timestamp from;     ///< the minute that was drawn
    Timestamp until;    ///< if the market could not be entered until then, there is none
    Nanos expiry{};     ///< of the position
};

/// A drawn minute lies within so long after the signal.
inline constexpr Nanos kPlaceboSpan = std::chrono::hours{24};

/// Draws the minute: evenly from the kPlaceboSpan after the confirmation, by the signal's id alone (which is made of
/// instrument, side, minute, strategy and weights), so that every run of the same events draws the same.
///   cost: O(1); allocates texts
[[nodiscard]] PlannedPlacebo planned_placebo(const Signal& raised);

}  // namespace vt::signals
