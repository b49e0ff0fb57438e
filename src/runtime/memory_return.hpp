#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace vt::runtime {

/// Gives memory that was freed back to the system. What one thread allocates and another frees, answers and pictures
/// of the market above all, stays in glibc's arenas in pieces: a quarter of what was resident after two hours at
/// twenty times the market's rate.
///   out:  bytes that are resident no longer; 0 where the allocator is another
///   cost: 17 ms for 73 MB, 1 to 8 ms a minute later; holds the lock of one arena after the other
std::size_t return_free_memory();

/// Does so again and again, with a thread of its own, at the priority of all others: it holds their allocator's
/// locks.
class MemoryReturn {
public:
    static constexpr std::chrono::minutes kEvery{1};

    MemoryReturn() = default;
    ~MemoryReturn() { stop(); }
    MemoryReturn(const MemoryReturn&) = delete;
    MemoryReturn& operator=(const MemoryReturn&) = delete;

    void start();
    void stop();

private:
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vt::runtime
