#include "runtime/examination.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace vt::runtime {
namespace {

/// Opens once; who waits at it goes on.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    int arrived = 0;
    bool is_open = false;

    void arrive() {
        const std::lock_guard lock(mutex);
        ++arrived;
        changed.notify_all();
    }
    void open() {
        const std::lock_guard lock(mutex);
        is_open = true;
        changed.notify_all();
    }
    bool wait() {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds{30}, [&] { return is_open; });
    }
    bool wait_for_arrivals(int count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds{30}, [&] { return arrived >= count; });
    }
};

Examination saying(const char* subject, std::function<void()> first = {}) {
    return {subject, "look", [subject, first] {
                if (first) first();
                return std::vector<Check>{{.subject = subject, .name = "one", .text = "", .value_ms = std::nullopt},
                                          {.subject = subject, .name = "two", .text = "", .value_ms = std::nullopt}};
            }};
}

TEST(Examination, AllAreMadeAtOnceAndToldInTheirOrder) {
    const auto gate = std::make_shared<Gate>();
    // Each waits for the others: one after the other they would never end.
    const auto meet = [gate] {
        gate->arrive();
        EXPECT_TRUE(gate->wait_for_arrivals(3));
    };
    const Examined all = examine({saying("a", meet), saying("b", meet), saying("c", meet)}, std::chrono::seconds{30});
    EXPECT_TRUE(all.is_complete);
    ASSERT_EQ(all.checks.size(), 6U);
    EXPECT_EQ(all.checks[0].subject, "a");
    EXPECT_EQ(all.checks[3].subject, "b");
    EXPECT_EQ(all.checks[3].name, "two");
    EXPECT_EQ(all.checks[4].subject, "c");
}

TEST(Examination, OneThatHangsIsAFailedCheckAndTheOthersAreTold) {
    const auto gate = std::make_shared<Gate>();
    const auto left = std::make_shared<Gate>();
    const Examined some = examine({saying("quick"), saying("stuck",
                                                           [gate, left] {
                                                               EXPECT_TRUE(gate->wait());
                                                               left->arrive();
                                                           })},
                                  std::chrono::milliseconds{200});
    EXPECT_FALSE(some.is_complete);
    ASSERT_GE(some.checks.size(), 2U);
    EXPECT_EQ(some.checks.back().subject, "stuck");
    EXPECT_EQ(some.checks.back().finding, Finding::failed);
    EXPECT_NE(some.checks.back().text.find("0.2 s"), std::string::npos);
    gate->open();
    EXPECT_TRUE(left->wait_for_arrivals(1));
}

TEST(Examination, WhatThrowsIsAFailedCheck) {
    const Examined all =
        examine({saying("broken", [] { throw std::runtime_error("no such luck"); })}, std::chrono::seconds{30});
    ASSERT_EQ(all.checks.size(), 1U);
    EXPECT_EQ(all.checks[0].finding, Finding::failed);
    EXPECT_EQ(all.checks[0].text, "no such luck");
}

}  // namespace
}  // namespace vt::runtime
