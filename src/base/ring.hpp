#pragma once

#include "base/assert.hpp"

#include <cstddef>
#include <vector>

namespace vt {

/// The last `capacity` values pushed, oldest first. Allocates once, on construction.
template <class T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : items_(capacity) { VT_ASSERT(capacity > 0); }

    /// Appends; when full, the oldest value is overwritten.
    void push(T value) {
        items_[(first_ + size_) % items_.size()] = std::move(value);
        if (size_ < items_.size()) {
            ++size_;
        } else {
            first_ = (first_ + 1) % items_.size();
        }
    }
    void clear() { first_ = size_ = 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t capacity() const { return items_.size(); }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    /// index 0 is the oldest.
    [[nodiscard]] const T& operator[](std::size_t index) const { return items_[(first_ + index) % items_.size()]; }
    [[nodiscard]] T& operator[](std::size_t index) { return items_[(first_ + index) % items_.size()]; }
    [[nodiscard]] const T& back() const {
        VT_ASSERT(size_ > 0);
        return (*this)[size_ - 1];
    }
    [[nodiscard]] T& back() {
        VT_ASSERT(size_ > 0);
        return (*this)[size_ - 1];
    }

private:
    std::vector<T> items_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

}  // namespace vt
