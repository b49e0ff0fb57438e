#pragma once

#include "base/assert.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace vt::indicators {

/// The value of `bars` updates ago.
///   out:  absent until there is one
///   cost: O(1); allocates on construction only
class Delay {
public:
    explicit Delay(std::uint32_t bars) : items_(bars) { VT_ASSERT(bars > 0); }

    std::optional<double> update(double value) {
        const double before = std::exchange(items_[at_], value);
        const bool was_full = is_full_;
        if (++at_ == items_.size()) {
            at_ = 0;
            is_full_ = true;
        }
        if (!was_full) return std::nullopt;
        return before;
    }
    void clear() {
        at_ = 0;
        is_full_ = false;
    }

private:
    std::vector<double> items_;
    std::uint32_t at_ = 0;  // always inside of items_: the oldest when full
    bool is_full_ = false;
};

}  // namespace vt::indicators
