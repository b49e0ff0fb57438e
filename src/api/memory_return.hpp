#pragma once

#include <cstddef>

namespace vt::api {

/// Says when memory should go back to the system: what thousands of readers needed lies free in the middle of the
/// heap when they have left, where malloc keeps it. Looking for it takes a while (a twentieth of a second for 130
/// MB), so it is worth it only once many have left.
class MemoryReturn {
public:
    static constexpr std::size_t kLeftMin = 100;  ///< of which each may have held tens of kilobytes

    /// A reader has come or left.
    ///   out: half of the most there were since the last time, and at least kLeftMin, have left
    [[nodiscard]] bool is_due(std::size_t readers) {
        if (readers > most_) most_ = readers;
        if (most_ - readers < kLeftMin || readers > most_ / 2) return false;
        most_ = readers;
        return true;
    }

private:
    std::size_t most_ = 0;
};

}  // namespace vt::api
