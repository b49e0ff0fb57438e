#pragma once

#include "base/assert.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace vt::market {

/// The newest `capacity` records by their own time, oldest first, one for each instant. Records may arrive in any
/// order; when it is full, the oldest goes, and a record older than all of them is not taken. `kTime` names the
/// time's member.
///   cost: appending is O(1); an old record is moved into its place, O(records after it); memory is touched as it
///         fills
template <class T, auto kTime>
class TimeRing {
public:
    explicit TimeRing(std::size_t capacity) : capacity_(capacity) {
        VT_ASSERT(capacity > 0);
        items_.reserve(capacity);
    }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] bool empty() const { return items_.empty(); }
    /// index 0 is the oldest.
    [[nodiscard]] const T& operator[](std::size_t index) const { return items_[place(index)]; }
    [[nodiscard]] T& operator[](std::size_t index) { return items_[place(index)]; }
    [[nodiscard]] const T& back() const { return (*this)[last()]; }
    [[nodiscard]] T& back() { return (*this)[last()]; }

    /// The index of the first record at or after `at`; size() when there is none.
    [[nodiscard]] std::size_t lower_bound(Timestamp at) const {
        // The usual questions: is it newer than all, is it the newest?
        if (empty() || back().*kTime < at) return size();
        if (size() == 1 || (*this)[last() - 1].*kTime < at) return last();
        std::size_t low = 0;
        for (std::size_t high = size(); low < high;) {
            const std::size_t middle = low + (high - low) / 2;
            if ((*this)[middle].*kTime < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
    /// The record of exactly that time, or null. Valid until the next call that changes the ring.
    [[nodiscard]] T* find(Timestamp at) {
        const std::size_t index = lower_bound(at);
        return index < size() && (*this)[index].*kTime == at ? &(*this)[index] : nullptr;
    }

    /// Takes a record in its place; one of the same time is replaced. False when it is older than all of a full ring.
    bool put(T record) {
        if (T* known = find(record.*kTime)) {
            *known = std::move(record);
            return true;
        }
        if (size() < capacity_) {
            items_.push_back(std::move(record));
        } else {
            if (record.*kTime < (*this)[0].*kTime) return false;
            items_[first_] = std::move(record);  // the oldest's place is, going round, the one after the newest
            first_ = (first_ + 1) % capacity_;
        }
        for (std::size_t index = last(); index > 0 && (*this)[index].*kTime < (*this)[index - 1].*kTime; --index) {
            std::swap((*this)[index], (*this)[index - 1]);
        }
        return true;
    }
    void clear() {
        items_.clear();
        first_ = 0;
    }

private:
    [[nodiscard]] std::size_t place(std::size_t index) const {
        const std::size_t at = first_ + index;  // both are below the capacity
        return at < items_.size() ? at : at - items_.size();
    }
    [[nodiscard]] std::size_t last() const {
        VT_ASSERT(!empty());
        return size() - 1;
    }

    std::size_t capacity_;
    std::size_t first_ = 0;  // 0 until it is full
    std::vector<T> items_;
};

}  // namespace vt::market
