#pragma once

#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace vt::exchange {

/// Server time minus local time: of the last four measurements the one with the shortest round trip, whose midpoint
/// is wrong by at most half of it.
class ClockOffset {
public:
    void measure(Timestamp sent, Timestamp server, Timestamp received) {
        if (received < sent) return;
        const Nanos round_trip = received - sent;
        const Sample fresh{round_trip, server - (sent + round_trip / 2)};
        if (const Sample* known = best()) {
            const Nanos apart = std::chrono::abs(fresh.offset - known->offset);
            if (apart > (fresh.round_trip + known->round_trip) / 2 + kDrift) next_ = 0;
        }
        samples_[next_++ % samples_.size()] = fresh;
    }
    [[nodiscard]] std::optional<Nanos> offset() const {
        const Sample* known = best();
        return known == nullptr ? std::nullopt : std::optional(known->offset);
    }

private:
    struct Sample {
        Nanos round_trip{};
        Nanos offset{};
    };
    /// What two clocks may drift apart between measurements; beyond it and both errors, one of them was set.
    static constexpr Nanos kDrift = std::chrono::milliseconds{50};

    [[nodiscard]] const Sample* best() const {
        const std::size_t count = std::min(next_, samples_.size());
        if (count == 0) return nullptr;
        return &*std::min_element(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(count),
                                  [](const Sample& a, const Sample& b) { return a.round_trip < b.round_trip; });
    }

    std::array<Sample, 4> samples_{};
    std::size_t next_ = 0;
};

}  // namespace vt::exchange
