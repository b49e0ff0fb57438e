#include "cache/spin_lock.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

namespace vt::cache {

TEST(SpinLock, ThreadsTakeTurns) {
    constexpr int kThreads = 4;
    constexpr int kTurns = 20'000;
    SpinLock lock;
    int counted = 0;
    bool is_inside = false;
    int met = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < kTurns; ++turn) {
                const std::lock_guard guard(lock);
                met += is_inside ? 1 : 0;
                is_inside = true;
                ++counted;
                is_inside = false;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counted, kThreads * kTurns);
    EXPECT_EQ(met, 0);
}

}  // namespace vt::cache
