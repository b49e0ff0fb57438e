#pragma once

#include "base/assert.hpp"

#include <optional>

namespace vt::alerts {

/// When a figure that is looked at again and again becomes worth telling: once it was large for so many looks in a
/// row, and again each time it has grown by a factor since. It is over once it is small.
struct ExceedanceTerms {
    double enter = 1;
    double leave = 1;  ///< below it is over; above 0, at most `enter`
    int looks = 1;
    double again = 2;  ///< the factor, above 1
};

class Exceedance {
public:
    /// in:  absent: not known, which ends a run of looks and nothing else
    /// out: whether to tell now. cost: O(1)
    [[nodiscard]] bool see(const ExceedanceTerms& terms, const std::optional<double>& value) {
        VT_ASSERT(0 < terms.leave && terms.leave <= terms.enter && terms.again > 1);
        if (!value) {
            run_ = 0;
            return false;
        }
        if (*value < terms.leave) told_ = 0;
        if (*value < (told_ > 0 ? told_ * terms.again : terms.enter)) {
            run_ = 0;
            return false;
        }
        if (++run_ < terms.looks) return false;
        run_ = 0;
        told_ = *value;
        return true;
    }

private:
    int run_ = 0;
    double told_ = 0;  // the size that was told; 0: it is over
};

}  // namespace vt::alerts
