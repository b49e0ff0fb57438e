#include "net/loop.hpp"

#include "obs/fail_on_warning.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Loop, TimersRunInOrderAndOnlyOnce) {
    Loop loop;
    std::vector<int> order;
    loop.after(milliseconds{20}, [&] { order.push_back(2); });
    loop.after(milliseconds{1}, [&] { order.push_back(1); });
    const TimerId cancelled = loop.after(milliseconds{5}, [&] { order.push_back(99); });
    loop.cancel(cancelled);
    loop.cancel(cancelled);
    loop.cancel(TimerId{});
    loop.after(milliseconds{40}, [&] { order.push_back(3); });
    ASSERT_TRUE(loop.run_until([&] { return order.size() == 3; }));
    EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(Loop, ATimerMayCancelItselfAndStartAnother) {
    Loop loop;
    int runs = 0;
    TimerId timer{};
    std::function<void()> again = [&] {
        loop.cancel(timer);
        if (++runs < 5) timer = loop.after(milliseconds{1}, again);
    };
    timer = loop.after(milliseconds{1}, again);
    ASSERT_TRUE(loop.run_until([&] { return runs == 5; }));
}

TEST(Loop, ExceptionsAreLoggedCountedAndSteppedOver) {
    obs::FailOnWarning log;
    Loop loop;
    int after = 0;
    loop.post([] { throw std::runtime_error("task broke"); });
    loop.post([] { throw 7; });
    loop.post([&] { ++after; });
    loop.poll();
    EXPECT_EQ(after, 1);
    EXPECT_EQ(loop.exceptions(), 2U);
    log.forget();
}

TEST(Loop, AStopBeforeTheRunIsNotLost) {
    Loop loop;
    loop.stop();
    loop.run();
    int ran = 0;
    loop.post([&] { ++ran; loop.stop(); });
    loop.run();
    EXPECT_EQ(ran, 1) << "and it can run again";
}

TEST(Loop, TasksPostedByManyThreadsAllRunOnTheLoopsThread) {
    Loop loop;
    constexpr int kThreads = 4;
    constexpr int kTasks = 5000;
    int ran = 0;  // not atomic: touched by the loop's thread alone, which TSan checks
    std::thread::id runner;
    std::thread runs([&] {
        runner = std::this_thread::get_id();
        loop.run();
    });
    std::vector<std::thread> posters;
    for (int i = 0; i < kThreads; ++i) {
        posters.emplace_back([&] {
            for (int k = 0; k < kTasks; ++k) loop.post([&] { ++ran; });
        });
    }
    for (std::thread& poster : posters) poster.join();
    loop.post([&] {
        EXPECT_EQ(std::this_thread::get_id(), runner);
        loop.stop();
    });
    runs.join();
    EXPECT_EQ(ran, kThreads * kTasks);
}

TEST(Loop, WhatIsStillQueuedIsDroppedWithTheLoop) {
    auto held = std::make_shared<int>(1);
    {
        Loop loop;
        loop.post([held] {});
        loop.after(seconds{100}, [held] {});
        EXPECT_EQ(held.use_count(), 3);
    }
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace vt::net
