#include "storage/recorder.hpp"

#include "engine/event_codec.hpp"
#include "storage/journal_reader.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace vt::storage {
namespace {

std::string encoded_input(std::uint64_t sequence) {
    std::string out;
    engine::encode({.sequence = sequence,
                    .at = from_ms(static_cast<std::int64_t>(sequence)),
                    .body = engine::FrameReceived{exchange::ConnectionId{1}, "frame " + std::to_string(sequence)}},
                   out);
    return out;
}

JournalWriter writer_in(const std::filesystem::path& directory) {
    return std::move(*JournalWriter::create_run(directory, {.run_id = 5}, {.sync = SyncPolicy::never}));
}

struct Told {
    std::uint64_t events = 0;
    std::uint64_t lost = 0;
    bool is_whole = true;  // the end of the run is known
};

Told read_back(const std::filesystem::path& directory) {
    Result<JournalReader> reader = JournalReader::open(directory);
    EXPECT_TRUE(reader) << reader.error().what;
    Told told;
    engine::Event event;
    for (;;) {
        const ReadOutcome outcome = reader->next(event);
        if (outcome == ReadOutcome::end) return told;
        if (outcome == ReadOutcome::event) {
            ++told.events;
            EXPECT_EQ(reader->encoded(), encoded_input(event.sequence));
        } else if (reader->loss().last_sequence) {
            told.lost += *reader->loss().last_sequence - reader->loss().first_sequence + 1;
            EXPECT_EQ(reader->loss().reason, LossReason::recorded);
        } else {
            told.is_whole = false;
        }
    }
}

TEST(Recorder, WritesWhatIsOffered) {
    const TemporaryDirectory directory("recorder");
    Recorder recorder(writer_in(directory.path()), 1 << 16);
    EXPECT_EQ(recorder.do_work(), 0);
    for (std::uint64_t n = 1; n <= 100; ++n) EXPECT_TRUE(recorder.offer(encoded_input(n)));
    EXPECT_EQ(recorder.do_work(), 100);
    EXPECT_EQ(recorder.do_work(), 0);
    ASSERT_TRUE(recorder.close());
    EXPECT_EQ(recorder.stats().written_events, 100U);
    EXPECT_EQ(recorder.stats().lost, 0U);
    const Told told = read_back(directory.path());
    EXPECT_EQ(told.events, 100U);
    EXPECT_EQ(told.lost, 0U);
    EXPECT_TRUE(told.is_whole);
}

TEST(Recorder, AFullQueueDropsAndTheJournalSaysSo) {
    const TemporaryDirectory directory("recorder");
    Recorder recorder(writer_in(directory.path()), 1024);
    std::uint64_t refused = 0;
    for (std::uint64_t n = 1; n <= 500; ++n) {
        if (!recorder.offer(encoded_input(n))) ++refused;
        if (n % 50 == 0) (void)recorder.do_work();  // far too seldom
    }
    for (std::uint64_t n = 501; n <= 600; ++n) {  // nobody works any more: the last are dropped
        if (!recorder.offer(encoded_input(n))) ++refused;
    }
    ASSERT_TRUE(recorder.close());
    EXPECT_GT(refused, 100U);
    EXPECT_EQ(recorder.stats().offered, 600U);
    EXPECT_EQ(recorder.stats().dropped, refused);
    EXPECT_EQ(recorder.stats().lost, refused);
    const Told told = read_back(directory.path());
    EXPECT_EQ(told.events, 600 - refused);
    EXPECT_EQ(told.lost, refused);
    EXPECT_TRUE(told.is_whole);
}

TEST(Recorder, AnEventLongerThanTheQueueIsDroppedNotWaitedFor) {
    const TemporaryDirectory directory("recorder");
    Recorder recorder(writer_in(directory.path()), 1024);
    std::string long_event;
    engine::encode({.sequence = 1, .body = engine::FrameReceived{exchange::ConnectionId{1}, std::string(2000, 'x')}},
                   long_event);
    EXPECT_FALSE(recorder.offer(long_event));
    EXPECT_TRUE(recorder.offer(encoded_input(2)));
    ASSERT_TRUE(recorder.close());
    const Told told = read_back(directory.path());
    EXPECT_EQ(told.events, 1U);
    EXPECT_EQ(told.lost, 1U);
}

TEST(Recorder, TwoThreadsKeepTheBooks) {
    const TemporaryDirectory directory("recorder");
    Recorder recorder(writer_in(directory.path()), 1 << 14);
    constexpr std::uint64_t kInputs = 50'000;
    std::atomic<bool> is_done = false;
    std::thread writer([&recorder, &is_done] {
        while (!is_done.load(std::memory_order_acquire)) {
            if (recorder.do_work() == 0) std::this_thread::yield();
        }
    });
    for (std::uint64_t n = 1; n <= kInputs; ++n) (void)recorder.offer(encoded_input(n));
    is_done.store(true, std::memory_order_release);
    writer.join();
    ASSERT_TRUE(recorder.close());
    const Told told = read_back(directory.path());
    EXPECT_EQ(told.events + told.lost, kInputs);
    EXPECT_EQ(told.lost, recorder.stats().dropped);
    EXPECT_EQ(told.events, recorder.stats().written_events);
    EXPECT_TRUE(told.is_whole);
}

}  // namespace
}  // namespace vt::storage
