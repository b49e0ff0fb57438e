#pragma once

#include "load/open_loop.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace vt::load {

/// Readers of /ws: how many, of which topic, and for how long.
struct SocketPlan {
    std::size_t sockets = 1'000;
    std::string topic = "overview";
    Nanos length = std::chrono::seconds{30};  ///< of the measurement, once all have been tried
    std::size_t opened_per_second = 500;
    /// To a server on this machine they come from 127.0.0.2, 127.0.0.3 ..., so many from each: the program takes 64
    /// of one address.
    std::size_t sockets_per_address = 60;
    std::string token = {};  ///< shown as a bearer's; empty: none
};

/// What came of them.
struct SocketRun {
    std::size_t opened = 0;  ///< got their first picture
    std::size_t open_at_end = 0;
    std::map<std::string, std::uint64_t> closings = {};  ///< of those that did not open or did not stay, by reason
    Latencies opening = {};                              ///< from connect() to the first picture
    std::uint64_t messages = 0;                          ///< within the measurement, all sockets
    std::uint64_t bytes = 0;
    /// From the time in a message, when the program began to hand it to its readers, to its last byte here; to a
    /// millisecond, on one machine's clock.
    Latencies delivery = {};
    Nanos cpu_time{};  ///< that this process used within the measurement
    Nanos taken{};
};

/// Opens the sockets at their pace, follows the topic with each, and counts for the plan's length. Blocks; one
/// thread.
///   in: base_url: "http://127.0.0.1:8003"
[[nodiscard]] SocketRun follow(const std::string& base_url, const SocketPlan& plan);

}  // namespace vt::load
