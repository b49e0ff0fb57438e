#pragma once

#include "base/time.hpp"
#include "runtime/input_queue.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace vt::runtime {

/// Gives the engine a saved state at the rate at which it is taken: that of many symbols is more than the queues
/// behind hold at once, and a queue that is full loses.
class StateLoading {
public:
    /// in: parts: engine::saved_state_parts; shift: added to all their times
    StateLoading(std::vector<std::string> parts, Nanos shift) : parts_(std::move(parts)), shift_(shift) {}

    /// Queues what there is room for; to be called again, soon, until it is done.
    ///   in:   room_bytes: that may wait at a time, in all queues; waiting_bytes: wait behind `queue` now. A part
    ///         that is longer than the room goes alone.
    ///   out:  whether all was queued
    bool push_some(InputQueue& queue, std::size_t room_bytes, std::size_t waiting_bytes, Timestamp now);

private:
    std::vector<std::string> parts_;
    Nanos shift_;
    std::size_t next_ = 0;
};

}  // namespace vt::runtime
