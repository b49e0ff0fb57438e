#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::indicators {

/// The fold of the last `size` values by an associative `Merge{}(older, newer)`: sums, extremes, moments of a moving
/// window. Nothing is ever subtracted, so nothing cancels and no rounding error outlives the window: what is left of
/// a price of a month ago in a running sum is not in this one.
/// The newest values are folded from the left into `front_`; each time that `size` of them are together, they are
/// replaced by their folds from the right, which the next `size` values use up one by one.
///   out:    absent until `size` values were seen
///   cost:   amortised three merges a value; allocates on construction only
///   source: the two-stack queue, e.g. Tangwongsan, Hirzel, Schneider 2017
template <class T, class Merge>
class SlidingFold {
public:
    explicit SlidingFold(std::uint32_t size) : items_(size) { VT_ASSERT(size > 0); }

    std::optional<T> update(const T& value) {
        items_[at_] = value;
        front_ = at_ == 0 ? value : Merge{}(front_, value);
        if (++at_ == items_.size()) {
            for (std::size_t i = items_.size() - 1; i-- > 0;) items_[i] = Merge{}(items_[i], items_[i + 1]);
            at_ = 0;
            is_full_ = true;
        }
        return this->value();
    }
    [[nodiscard]] std::optional<T> value() const {
        if (!is_full_) return std::nullopt;
        return at_ == 0 ? items_[0] : Merge{}(items_[at_], front_);
    }
    void clear() {
        at_ = 0;
        is_full_ = false;
    }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }

private:
    std::vector<T> items_;  // before `at_` newest values, from `at_` on folds to the end of the block before
    T front_{};             // the fold of the newest block
    std::uint32_t at_ = 0;  // always inside of items_
    bool is_full_ = false;
};

struct Add {
    double operator()(double older, double newer) const { return older + newer; }
};
struct Larger {
    double operator()(double older, double newer) const { return std::max(older, newer); }
};
struct Smaller {
    double operator()(double older, double newer) const { return std::min(older, newer); }
};
using MovingSum = SlidingFold<double, Add>;
using MovingMaximum = SlidingFold<double, Larger>;
using MovingMinimum = SlidingFold<double, Smaller>;

}  // namespace vt::indicators
