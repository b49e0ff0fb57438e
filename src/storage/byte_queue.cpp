#include "storage/byte_queue.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace vt::storage {
namespace {

/// Stands where a length would: the rest of the ring is unused, the next record starts at its beginning.
constexpr std::uint32_t kSkip = 0xFFFF'FFFFU;

constexpr std::size_t padded(std::size_t bytes) { return (bytes + 7) & ~std::size_t{7}; }

}  // namespace

ByteQueue::ByteQueue(std::size_t capacity_bytes)
    : capacity_(std::bit_ceil(std::max<std::size_t>(capacity_bytes, 64))),
      bytes_(std::make_unique_for_overwrite<char[]>(capacity_)) {
    VT_ASSERT(capacity_ <= std::size_t{1} << 31U);  // a length fits its 32 bits, and is never kSkip
}

bool ByteQueue::push(std::string_view record) {
    if (record.size() > max_record_bytes()) return false;
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t offset = static_cast<std::size_t>(tail) & (capacity_ - 1);
    const std::size_t size = kRecordHeaderBytes + padded(record.size());
    const std::size_t skipped = size > capacity_ - offset ? capacity_ - offset : 0;
    if (tail + skipped + size - known_head_ > capacity_) {
        known_head_ = head_.load(std::memory_order_acquire);
        if (tail + skipped + size - known_head_ > capacity_) return false;
    }
    if (skipped != 0) std::memcpy(&bytes_[offset], &kSkip, sizeof kSkip);
    const std::size_t at = skipped != 0 ? 0 : offset;
    const auto length = static_cast<std::uint32_t>(record.size());
    std::memcpy(&bytes_[at], &length, sizeof length);
    if (!record.empty()) std::memcpy(&bytes_[at + kRecordHeaderBytes], record.data(), record.size());
    tail_.store(tail + skipped + size, std::memory_order_release);
    return true;
}

std::optional<std::string_view> ByteQueue::front() {
    std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (head == known_tail_) {
        known_tail_ = tail_.load(std::memory_order_acquire);
        if (head == known_tail_) return std::nullopt;
    }
    std::size_t offset = static_cast<std::size_t>(head) & (capacity_ - 1);
    std::uint32_t length = 0;
    std::memcpy(&length, &bytes_[offset], sizeof length);
    if (length == kSkip) {
        head += capacity_ - offset;
        offset = 0;
        std::memcpy(&length, &bytes_[offset], sizeof length);
    }
    after_front_ = head + kRecordHeaderBytes + padded(length);
    return std::string_view(&bytes_[offset + kRecordHeaderBytes], length);
}

void ByteQueue::pop() {
    VT_ASSERT(after_front_ > head_.load(std::memory_order_relaxed));  // front() gave a record
    head_.store(after_front_, std::memory_order_release);
}

std::size_t ByteQueue::size_bytes() const {
    const std::uint64_t head = head_.load(std::memory_order_acquire);
    const std::uint64_t tail = tail_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(tail - head);
}

}  // namespace vt::storage
