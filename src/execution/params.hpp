#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vt::execution {

/// The knobs of how orders are kept and positions are protected.
struct Params {
    /// A request without any report after so long is taken for unanswered, and its order is asked for.
    Nanos answer_within = std::chrono::seconds{2};
    /// An order is absent when the venue did not find it so often, over at least so long: some show an order only
    /// seconds after they took it.
    std::uint32_t absences_min = 3;
    Nanos absent_for = std::chrono::seconds{10};
    /// From the first fill of an entry until its stop is confirmed; after that the position is closed at the market.
    Nanos protect_within = std::chrono::seconds{2};
    std::uint32_t stop_attempts_max = 3;  ///< to place a stop, within that time
    /// Between two attempts to close at the market; from the third on doubled each time, up to the second.
    Nanos exit_again_after = std::chrono::seconds{1};
    Nanos exit_again_at_most = std::chrono::seconds{30};
    /// A target that the venue refused, or that somebody cancelled, is placed anew after so long, doubled each time
    /// up to 64 times.
    Nanos target_again_after = std::chrono::seconds{5};
    /// Orders that the venue takes within a second. Stops and exits are sent whatever is left of it; entries and
    /// targets wait, or are refused, where less is left than the stops to come need.
    std::size_t orders_per_s = 10;
    /// Between two amendments of one stop.
    Nanos amend_not_before = std::chrono::seconds{1};
    /// Account, orders and positions are compared with the venue's so often.
    Nanos reconcile_every = std::chrono::seconds{30};
    /// What the venue's account says otherwise for so long is taken over; until then a report may be on its way, as
    /// with an order that the venue shows late.
    Nanos mismatch_after = std::chrono::seconds{12};
    Nanos compare_again_after = std::chrono::seconds{1};  ///< while they differ, or an order is unknown
    /// A trade that ended is kept in memory for late reports.
    Nanos forget_after = std::chrono::minutes{10};
    /// A leverage is asked for so often for one trade, whatever is answered; with growing pauses in between.
    std::uint32_t leverage_attempts_max = 5;
    /// After so long a request for a leverage that was not answered cannot be carried out any more: venues refuse
    /// what comes later than their receive window. Until then no other leverage of the instrument is asked for.
    Nanos leverage_settles_within = std::chrono::seconds{10};
    std::size_t orders_max = 10'000;  ///< kept at once; beyond it no entry is placed
    bool operator==(const Params&) const = default;
};

}  // namespace vt::execution
