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

// Whoever asked must not wait a minute for an answer that will not come.
TEST(InputQueue, ALostReplyIsToldAsNoAnswer) {
    InputQueue queue(1024);
    const std::string body(200, 'x');
    std::uint64_t last = 0;
    while (queue.dropped() == 0) {
        const exchange::HttpReply reply{
            .request = exchange::RequestId{++last}, .status = 200, .sent = from_ms(1), .body = body, .headers = {}};
        queue.push(engine::Replied{reply}, from_ms(2));
    }
    for (std::uint64_t i = 1; i < last; ++i, queue.pop())
        EXPECT_EQ(std::get<engine::Replied>(take(queue).body).reply.request, exchange::RequestId{i});
    queue.push(engine::Tick{}, from_ms(3));
    const engine::Event told = take(queue);
    const exchange::HttpReply& none = std::get<engine::Replied>(told.body).reply;
    EXPECT_EQ(none.request, exchange::RequestId{last});
    EXPECT_EQ(none.status, 0);
    EXPECT_EQ(none.sent, from_ms(1));
    queue.pop();
    EXPECT_TRUE(std::holds_alternative<engine::Tick>(take(queue).body));
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
