#include "runtime/input_queue.hpp"

#include "engine/event_codec.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace vt::runtime {
namespace {

const exchange::ConnectionId kConnection{1};

engine::Event take(InputQueue& queue) {
    const auto bytes = queue.front();
    EXPECT_TRUE(bytes);
    const auto event = engine::decode(*bytes);
    EXPECT_TRUE(event);
    return *event;
}

}  // namespace

TEST(InputQueue, NumbersInputsWithoutAGap) {
    InputQueue queue(4096);
    queue.push(engine::Opened{kConnection}, from_ms(1));
    queue.push(engine::Tick{}, from_ms(2));
    EXPECT_EQ(take(queue).sequence, 1U);
    queue.pop();
    const engine::Event tick = take(queue);
    EXPECT_EQ(tick.sequence, 2U);
    EXPECT_EQ(tick.at, from_ms(2));
}

TEST(InputQueue, AFullQueueTellsTheEngineWhatItLost) {
    InputQueue queue(1024);
    const std::string frame(100, 'x');
    std::uint64_t frames = 0, told = 0, sequence = 0;
    const auto take_all = [&] {
        while (queue.front()) {
            const engine::Event event = take(queue);
            EXPECT_EQ(event.sequence, ++sequence);
            if (const auto* dropped = std::get_if<engine::Dropped>(&event.body)) {
                EXPECT_EQ(dropped->connection, kConnection);
                told += dropped->count;
            } else {
                ++frames;
            }
            queue.pop();
        }
    };
    for (int i = 0; i < 50; ++i) queue.push(engine::FrameReceived{kConnection, frame}, from_ms(i));
    ASSERT_GT(queue.dropped(), 0U);
    take_all();
    queue.push(engine::FrameReceived{kConnection, frame}, from_ms(99));
    take_all();
    EXPECT_EQ(told, queue.dropped()) << "every loss is told, before the connection's next frame";
    EXPECT_EQ(frames + told, 51U);
}

TEST(InputQueue, WakesASleepingEngineThread) {
    InputQueue queue(4096);
    std::uint64_t taken = 0;
    std::thread engine_thread([&] {
        while (taken < 1000) {
            while (const auto bytes = queue.front()) {
                ++taken;
                queue.pop();
            }
            if (taken < 1000) queue.wait();
        }
    });
    std::uint64_t pushed = 0;
    while (pushed < 1000) {
        const std::uint64_t before = queue.dropped();
        queue.push(engine::FrameReceived{kConnection, "frame"}, from_ms(1));
        if (queue.dropped() == before) ++pushed;
    }
    engine_thread.join();
    EXPECT_GE(taken, 1000U);
}

}  // namespace vt::runtime
