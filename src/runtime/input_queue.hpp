#pragma once

#include "base/time.hpp"
#include "engine/event.hpp"
#include "storage/byte_queue.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// The bounded way from the feed thread to the engine thread: numbers the run's inputs, encodes them once, and
/// remembers what it had to leave out.
///   rule when full: a tick is left out; anything else is counted, and the first thing that the engine sees of that
///   connection once there is room again is Dropped{connection, count}, and of a reply one of status 0, which is no
///   answer: its request is made again
class InputQueue {
public:
    explicit InputQueue(std::size_t capacity_bytes);

    // The feed thread's.

    /// Gives the input its sequence number and queues it.
    ///   cost: O(size), does not allocate in steady state, never waits
    void push(const engine::EventBody& body, Timestamp at);

    // The engine thread's.

    /// The oldest encoded input; valid until pop().
    [[nodiscard]] std::optional<std::string_view> front() { return queue_.front(); }
    void pop() { queue_.pop(); }
    /// Sleeps until something was pushed after the last look, or wake() was called.
    void wait();

    // Anybody's.

    /// Ends a wait(): for a stop.
    void wake();
    [[nodiscard]] std::size_t size_bytes() const { return queue_.size_bytes(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_total_.load(std::memory_order_relaxed); }

private:
    bool push_one(const engine::EventBody& body, Timestamp at);
    void push_drop_markers(Timestamp at);
    [[nodiscard]] bool has_losses() const { return !dropped_.empty() || !lost_replies_.empty(); }

    storage::ByteQueue queue_;
    std::string encoded_;
    std::uint64_t sequence_ = 0;
    struct LostReply {
        exchange::RequestId request;
        Timestamp sent;
    };
    /// Requests are few at a time: whoever has lost more waits for his time limit.
    static constexpr std::size_t kMaxLostReplies = 1024;

    std::map<exchange::ConnectionId, std::uint64_t> dropped_;
    std::vector<LostReply> lost_replies_;
    std::atomic<std::uint64_t> dropped_total_{0};
    std::atomic<std::uint32_t> signal_{0};
    std::uint32_t seen_signal_ = 0;  // the engine thread's
};

}  // namespace vt::runtime
