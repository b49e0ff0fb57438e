#pragma once

#include "demo/fault.hpp"
#include "demo/front.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// The faults of one front that last for a time: what becomes of the frames of its topics, and which states it is in.
/// Cutting connections, new books and what happens in the market is the front's own work.
class Disturbances {
public:
    using Frame = std::shared_ptr<const std::string>;
    using Deliver = std::function<void(std::uint32_t topic, const Frame& frame)>;

    /// Faults that last are remembered; others are passed over.
    void begin(const Fault& fault, Timestamp at);
    /// What is delivered instead of a frame: itself, nothing, or several. in: topic: any number that tells it apart
    void pass(std::uint32_t topic, std::string_view name, const Frame& frame, Timestamp now, const Deliver& deliver);
    /// Frames whose delay is over.
    void release(Timestamp now, const Deliver& deliver);
    [[nodiscard]] bool is_stalled(std::string_view name, Timestamp now) const;

    [[nodiscard]] bool is_down(Timestamp now) const { return now < down_until_; }
    [[nodiscard]] bool is_in_maintenance(Timestamp now) const { return now < maintenance_until_; }
    [[nodiscard]] bool is_mute(Timestamp now) const { return now < muted_until_; }
    [[nodiscard]] bool is_tls_broken(Timestamp now) const { return now < tls_broken_until_; }
    [[nodiscard]] bool is_overloaded(Timestamp now) const { return now < overloaded_until_; }
    [[nodiscard]] bool is_banning(Timestamp now) const { return now < banned_until_; }
    [[nodiscard]] bool is_forbidding(Timestamp now) const { return now < forbidden_until_; }
    [[nodiscard]] Timestamp overloaded_until() const { return overloaded_until_; }
    [[nodiscard]] Timestamp banned_until() const { return banned_until_; }
    [[nodiscard]] Nanos rest_delay(Timestamp now) const { return now < slow_rest_until_ ? rest_delay_ : Nanos{0}; }
    /// What the venue takes for the present.
    [[nodiscard]] Timestamp clock(Timestamp now) const { return now < clock_until_ ? now + clock_offset_ : now; }

private:
    struct Disturbance {
        Fault fault;
        Timestamp until;
        std::uint32_t left = 0;
    };
    struct Late {
        Timestamp due;
        std::uint32_t topic = 0;
        Frame frame;
    };
    /// out: whether the frame was dealt with
    bool disturb(std::uint32_t topic, std::string_view name, const Frame& frame, Timestamp now,
                 const Deliver& deliver);

    std::vector<Disturbance> disturbances_;
    std::map<std::uint32_t, Frame> held_;  // to be sent after the next one of the topic
    std::deque<Late> late_;                // in the order in which they are due
    Timestamp down_until_, maintenance_until_, muted_until_, tls_broken_until_, overloaded_until_, banned_until_,
        forbidden_until_, clock_until_, slow_rest_until_;
    Nanos clock_offset_{0}, rest_delay_{0};
};

}  // namespace vt::demo
