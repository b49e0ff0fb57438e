#include "storage/byte_queue.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <thread>

namespace vt::storage {
namespace {

TEST(ByteQueue, GivesRecordsBackInOrder) {
    ByteQueue queue(256);
    EXPECT_FALSE(queue.front());
    EXPECT_TRUE(queue.push("first"));
    EXPECT_TRUE(queue.push(""));
    EXPECT_TRUE(queue.push("third, longer"));
    EXPECT_EQ(queue.front(), "first");
    EXPECT_EQ(queue.front(), "first") << "front() does not take";
    queue.pop();
    EXPECT_EQ(queue.front(), "");
    queue.pop();
    EXPECT_EQ(queue.front(), "third, longer");
    queue.pop();
    EXPECT_FALSE(queue.front());
    EXPECT_EQ(queue.size_bytes(), 0U);
}

TEST(ByteQueue, RefusesWhenFullAndTakesAgainAfterAPop) {
    ByteQueue queue(64);
    const std::string record(8, 'a');  // 16 bytes with its header
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(queue.push(record));
    EXPECT_EQ(queue.size_bytes(), queue.capacity_bytes());
    EXPECT_FALSE(queue.push(""));
    ASSERT_TRUE(queue.front());
    queue.pop();
    EXPECT_TRUE(queue.push(record));
    EXPECT_FALSE(queue.push(record));
}

TEST(ByteQueue, RefusesARecordThatMightNeverFit) {
    ByteQueue queue(100);
    EXPECT_EQ(queue.capacity_bytes(), 128U);
    EXPECT_EQ(queue.max_record_bytes(), 56U);
    EXPECT_FALSE(queue.push(std::string(57, 'x')));
    EXPECT_TRUE(queue.push(std::string(56, 'x')));
}

TEST(ByteQueue, TheLongestRecordFitsAnEmptyQueueAtEveryOffset) {
    for (std::size_t shift = 0; shift < 16; ++shift) {
        ByteQueue queue(128);
        for (std::size_t i = 0; i < shift; ++i) {
            ASSERT_TRUE(queue.push(""));
            ASSERT_TRUE(queue.front());
            queue.pop();
        }
        const std::string longest(queue.max_record_bytes(), 'x');
        ASSERT_TRUE(queue.push(longest)) << "offset " << shift * 8;
        ASSERT_EQ(queue.front(), longest);
    }
}

TEST(ByteQueue, EqualsADequeOverRandomPushesAndPops) {
    Prng random(3, "byte_queue");
    ByteQueue queue(1024);
    std::deque<std::string> model;
    for (int step = 0; step < 200'000; ++step) {
        if (random.below(2) == 0) {
            const std::string record(random.below(200), static_cast<char>(random.below(256)));
            if (queue.push(record)) model.push_back(record);
        } else if (const auto record = queue.front()) {
            ASSERT_FALSE(model.empty());
            ASSERT_EQ(*record, model.front());
            queue.pop();
            model.pop_front();
        } else {
            ASSERT_TRUE(model.empty());
        }
        ASSERT_LE(queue.size_bytes(), queue.capacity_bytes());
    }
}

/// The record of a number: its length and its bytes follow from it.
std::string record_of(std::uint64_t number) {
    std::string record(8 + number % 97, static_cast<char>(number));
    for (std::size_t i = 0; i < 8; ++i) record[i] = static_cast<char>(number >> (8 * i));
    return record;
}

TEST(ByteQueue, TwoThreadsLoseNothingAndMixNothing) {
    constexpr std::uint64_t kRecords = 100'000;
    ByteQueue queue(4096);
    std::thread producer([&queue] {
        for (std::uint64_t number = 0; number < kRecords; ++number) {
            const std::string record = record_of(number);
            while (!queue.push(record)) std::this_thread::yield();
        }
    });
    std::uint64_t wrong = 0;
    for (std::uint64_t number = 0; number < kRecords; ++number) {
        auto record = queue.front();
        while (!record) {
            std::this_thread::yield();
            record = queue.front();
        }
        if (*record != record_of(number)) ++wrong;
        queue.pop();
    }
    producer.join();
    EXPECT_EQ(wrong, 0U);
    EXPECT_FALSE(queue.front());
}

}  // namespace
}  // namespace vt::storage
