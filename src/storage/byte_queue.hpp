#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace vt::storage {

/// A bounded queue of byte records between exactly one producing and one consuming thread, without locks. Keeps the
/// order and the bytes; never grows. Who sleeps until something arrives brings the wake-up along.
///   invariant: head_ <= tail_ <= head_ + capacity; records are contiguous and start at multiples of 8
class ByteQueue {  // NOLINT(clang-analyzer-optin.performance.Padding): keeps the threads' lines apart
public:
    /// in: `capacity_bytes` is rounded up to a power of two, at least 64
    explicit ByteQueue(std::size_t capacity_bytes);

    // The producing thread's.

    /// Copies a record in.
    ///   out:  false: there is no room now, or the record is longer than max_record_bytes(); nothing was queued
    ///   cost: O(size), does not allocate, waits for nobody
    [[nodiscard]] bool push(std::string_view record);

    // The consuming thread's.

    /// The oldest record, or nothing; valid until pop().
    [[nodiscard]] std::optional<std::string_view> front();
    /// Gives the room of the record that front() returned back to the producer.
    void pop();

    // Anybody's.

    /// Bytes in use, headers and padding included; exact for the two threads, a recent value for others.
    [[nodiscard]] std::size_t size_bytes() const;
    [[nodiscard]] std::size_t capacity_bytes() const { return capacity_; }
    /// Longer records may never find contiguous room.
    [[nodiscard]] std::size_t max_record_bytes() const { return capacity_ / 2 - kRecordHeaderBytes; }

private:
    static constexpr std::size_t kRecordHeaderBytes = 8;
    static constexpr std::size_t kCacheLineBytes = 64;

    std::size_t capacity_;
    std::unique_ptr<char[]> bytes_;
    alignas(kCacheLineBytes) std::atomic<std::uint64_t> tail_{0};  // written by the producer
    std::uint64_t known_head_ = 0;                                 // the producer's last look at head_
    alignas(kCacheLineBytes) std::atomic<std::uint64_t> head_{0};  // written by the consumer
    std::uint64_t known_tail_ = 0;                                 // the consumer's last look at tail_
    std::uint64_t after_front_ = 0;                                // where pop() moves head_ to
};

}  // namespace vt::storage
