#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <vector>

namespace vt::paper {

/// How long a request is under way: from its sending until the market data that we receive show the book which it
/// met. At a real venue that is a round trip, there for the request and back for the data, and the answer comes with
/// them; so one clock, that of our receive times, is enough.
struct LatencyParams {
    /// Of every request: the distance. Central Europe to Singapore, where Bybit matches, takes about 160 ms.
    Nanos least = std::chrono::milliseconds{160};
    Nanos mean_above = std::chrono::milliseconds{40};  ///< above the least, exponentially distributed
    Nanos most = std::chrono::seconds{2};              ///< what would take longer takes this
    Nanos report = std::chrono::milliseconds{10};      ///< by which reports lag behind public data
    /// Round trips that were measured: drawn from with equal chance instead, where there are any.
    std::vector<Nanos> measured;
    static constexpr std::size_t kMeasuredMax = 4096;
};

/// The time of request `number`; the same for the same seed and number, whatever else happened.
///   cost: O(1), does not allocate
[[nodiscard]] Nanos round_trip(const LatencyParams& params, std::uint64_t seed, std::uint64_t number);

}  // namespace vt::paper
