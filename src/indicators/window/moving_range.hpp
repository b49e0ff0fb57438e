#pragma once

#include "indicators/window/sliding_fold.hpp"

#include <cstdint>
#include <optional>

namespace vt::indicators {

/// The highest high and the lowest low of the last `period` bars, this one included.
///   out:  absent until `period` bars were seen
///   cost: O(1) amortised, allocates on construction only
class MovingRange {
public:
    struct Value {
        double highest = 0;
        double lowest = 0;

        [[nodiscard]] double middle() const { return (highest + lowest) / 2; }
        [[nodiscard]] double size() const { return highest - lowest; }
    };
    explicit MovingRange(std::uint32_t period) : highest_(period), lowest_(period) {}

    std::optional<Value> update(double high, double low) {
        const auto highest = highest_.update(high);
        const auto lowest = lowest_.update(low);
        if (!highest || !lowest) return std::nullopt;
        return Value{.highest = *highest, .lowest = *lowest};
    }
    void clear() {
        highest_.clear();
        lowest_.clear();
    }

private:
    MovingMaximum highest_;
    MovingMinimum lowest_;
};

}  // namespace vt::indicators
