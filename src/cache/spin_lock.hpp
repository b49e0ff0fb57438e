#pragma once

#include <atomic>
#include <thread>

namespace vt::cache {

/// A lock for what takes tens of nanoseconds: half the price of std::mutex when nobody else is there, which is nearly
/// always (docs/adr/0017). Who finds it taken looks a while and then lets others run, so that a holder that was
/// interrupted is not kept from ending.
class SpinLock {
public:
    void lock() {
        constexpr int kLooks = 64;
        while (is_taken_.exchange(true, std::memory_order_acquire)) {
            for (int look = 0; is_taken_.load(std::memory_order_relaxed); ++look) {
                if (look == kLooks) {
                    std::this_thread::yield();
                    look = 0;
                }
            }
        }
    }
    void unlock() { is_taken_.store(false, std::memory_order_release); }

private:
    std::atomic<bool> is_taken_{false};
};

}  // namespace vt::cache
