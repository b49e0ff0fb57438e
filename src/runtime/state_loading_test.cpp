#include "runtime/state_loading.hpp"

#include "engine/event_codec.hpp"

#include <gtest/gtest.h>

namespace vt::runtime {
namespace {

constexpr std::size_t kRoomBytes = 2048;
constexpr Nanos kShift = std::chrono::minutes{7};

std::vector<std::string> parts(int count, std::size_t size_bytes) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.emplace_back(size_bytes, static_cast<char>('a' + i));
    return all;
}

/// The states queued, in their order.
std::vector<std::string> take_all(InputQueue& queue) {
    std::vector<std::string> taken;
    while (const auto bytes = queue.front()) {
        const auto event = engine::decode(*bytes);
        EXPECT_TRUE(event);
        const auto* load = event ? std::get_if<engine::LoadState>(&event->body) : nullptr;
        if (load != nullptr) {
            EXPECT_EQ(load->shift, kShift);
            taken.emplace_back(load->state);
        }
        queue.pop();
    }
    return taken;
}

}  // namespace

TEST(StateLoading, MoreThanTheQueueHoldsArrivesWhole) {
    InputQueue queue(4096);
    const auto all = parts(20, 700);  // 14 kB through a queue of 4
    StateLoading loading(all, kShift);
    std::vector<std::string> taken;
    int rounds = 0;
    for (bool is_done = false; !is_done; ++rounds) {
        is_done = loading.push_some(queue, kRoomBytes, 0, from_ms(rounds));
        EXPECT_LE(queue.size_bytes(), kRoomBytes + 256);  // what frames the parts
        for (std::string& one : take_all(queue)) taken.push_back(std::move(one));
        ASSERT_LT(rounds, 20);
    }
    EXPECT_EQ(taken, all);
    EXPECT_EQ(rounds, 10) << "two at a time";
    EXPECT_EQ(queue.dropped(), 0U);
}

TEST(StateLoading, WaitsForTheQueueBehind) {
    InputQueue queue(4096);
    StateLoading loading(parts(2, 700), kShift);
    EXPECT_FALSE(loading.push_some(queue, kRoomBytes, 1400, from_ms(0)));
    EXPECT_TRUE(take_all(queue).empty());
    EXPECT_TRUE(loading.push_some(queue, kRoomBytes, 600, from_ms(0)));
    EXPECT_EQ(take_all(queue).size(), 2U);
}

TEST(StateLoading, APartLongerThanTheRoomGoesAlone) {
    InputQueue queue(8192);
    StateLoading loading(parts(2, 3000), kShift);
    EXPECT_FALSE(loading.push_some(queue, kRoomBytes, 0, from_ms(0)));
    EXPECT_EQ(take_all(queue).size(), 1U);
    EXPECT_TRUE(loading.push_some(queue, kRoomBytes, 0, from_ms(0)));
    EXPECT_EQ(take_all(queue).size(), 1U);
}

TEST(StateLoading, NothingToLoadIsDone) {
    InputQueue queue(4096);
    StateLoading loading({}, Nanos{});
    EXPECT_TRUE(loading.push_some(queue, kRoomBytes, 4096, from_ms(0)));
}

}  // namespace vt::runtime
