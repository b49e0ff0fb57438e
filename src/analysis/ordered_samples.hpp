#pragma once

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis {

/// The samples of a window in order of size, kept up as it moves: a median is looked up, not selected.
///   in:   numbers, no NaN
///   cost: a binary search and the move of what lies between; 1440 floats move in less than a tenth of what
///         nth_element over them takes
template <class T>
class OrderedSamples {
public:
    explicit OrderedSamples(std::size_t capacity) { values_.reserve(capacity); }

    void add(T value) { values_.insert(std::upper_bound(values_.begin(), values_.end(), value), value); }
    /// in: `old` is one of them
    void replace(T old, T value) {
        const auto from = std::lower_bound(values_.begin(), values_.end(), old);
        VT_ASSERT(from != values_.end() && *from == old);
        const auto to = std::lower_bound(values_.begin(), values_.end(), value);
        if (from < to) {
            std::move(from + 1, to, from);
            *(to - 1) = value;
        } else {
            std::move_backward(to, from, from + 1);
            *to = value;
        }
    }
    void clear() { values_.clear(); }
    /// Adds without order; sort() must follow.
    void append(T value) { values_.push_back(value); }
    void sort() { std::sort(values_.begin(), values_.end()); }

    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    /// The middle value, or the mean of the two middle ones. in: not empty
    [[nodiscard]] double median() const {
        VT_ASSERT(!empty());
        const std::size_t half = size() / 2;
        return size() % 2 == 1 ? at(half) : (at(half - 1) + at(half)) / 2;
    }
    /// The median distance from `centre`, each distance rounded to T. in: not empty. cost: O(n)
    [[nodiscard]] double median_distance(double centre) const {
        // The nearest first: from where `centre` would stand, outwards on both sides.
        auto right = std::lower_bound(values_.begin(), values_.end(), centre,
                                      [](T value, double limit) { return static_cast<double>(value) < limit; });
        auto left = right;
        const auto distance = [&](T value) { return std::abs(static_cast<double>(value) - centre); };
        double before = 0;
        double last = 0;
        for (std::size_t i = 0; i <= size() / 2; ++i) {
            before = last;
            const bool is_left =
                right == values_.end() || (left != values_.begin() && distance(*(left - 1)) <= distance(*right));
            last = static_cast<double>(static_cast<T>(is_left ? distance(*--left) : distance(*right++)));
        }
        return size() % 2 == 1 ? last : (before + last) / 2;
    }
    /// Mid-rank percentile 100 (#less + 0.5 #equal)/n of `value`. out: absent without samples. cost: O(log n)
    [[nodiscard]] std::optional<double> percentile(double value) const {
        if (empty()) return std::nullopt;
        const auto less = std::lower_bound(values_.begin(), values_.end(), value,
                                           [](T a, double b) { return static_cast<double>(a) < b; });
        const auto greater =
            std::upper_bound(less, values_.end(), value, [](double a, T b) { return a < static_cast<double>(b); });
        const auto n_less = static_cast<double>(less - values_.begin());
        const auto n_equal = static_cast<double>(greater - less);
        return 100 * (n_less + 0.5 * n_equal) / static_cast<double>(size());
    }

private:
    [[nodiscard]] double at(std::size_t index) const { return static_cast<double>(values_[index]); }

    std::vector<T> values_;  // ascending
};

}  // namespace vt::analysis
