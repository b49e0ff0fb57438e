#include "exchange/bybit/book_sync.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::bybit {
namespace {

BookHeader snapshot(std::uint64_t u, std::uint64_t seq) { return {true, 50, u, seq}; }
BookHeader delta(std::uint64_t u, std::uint64_t seq) { return {false, 50, u, seq}; }

TEST(BybitBookSync, DeltasWaitForASnapshot) {
    BookSync sync;
    EXPECT_EQ(sync.on_frame(delta(5, 1)).verdict, BookVerdict::ignore);
    EXPECT_EQ(sync.on_frame(snapshot(7, 3)).verdict, BookVerdict::snapshot);
    EXPECT_EQ(sync.on_frame(delta(8, 4)).verdict, BookVerdict::delta);
    EXPECT_TRUE(sync.is_synced());
}

TEST(BybitBookSync, EveryStepOtherThanOneIsAGap) {
    for (const std::uint64_t u : {10ULL, 11ULL, 100ULL, ~0ULL}) {
        BookSync sync;
        static_cast<void>(sync.on_frame(snapshot(8, 4)));
        const BookStep step = sync.on_frame(delta(u, 9));
        EXPECT_EQ(step.verdict, BookVerdict::gap) << u;
        EXPECT_EQ(step.broken, market::BookGap::sequence_gap);
        EXPECT_FALSE(sync.is_synced());
    }
}

TEST(BybitBookSync, ALowerUpdateIdIsOldOnlyIfItsSequenceIsOldToo) {
    BookSync sync;
    static_cast<void>(sync.on_frame(snapshot(8, 40)));
    EXPECT_EQ(sync.on_frame(delta(8, 40)).verdict, BookVerdict::ignore);
    EXPECT_EQ(sync.on_frame(delta(3, 30)).verdict, BookVerdict::ignore);
    EXPECT_EQ(sync.on_frame(delta(2, 41)).verdict, BookVerdict::gap);  // a restart whose u 1 was lost
}

TEST(BybitBookSync, WithoutASequenceNothingIsCalledOld) {
    BookSync sync;
    static_cast<void>(sync.on_frame(snapshot(8, 40)));
    EXPECT_EQ(sync.on_frame(delta(8, 0)).verdict, BookVerdict::gap);
}

TEST(BybitResyncPacing, DoublesFromAQuarterSecondToThirtyAndForgetsAfterAMinute) {
    ResyncPacing pacing;
    Timestamp now = from_ms(1'000'000);
    EXPECT_EQ(pacing.next(now), now);
    Nanos expected = std::chrono::milliseconds{250};
    for (int i = 0; i < 12; ++i) {
        const Timestamp next = pacing.next(now);
        EXPECT_EQ(next - now, expected);
        now = next;
        expected = std::min<Nanos>(std::chrono::seconds{30}, expected * 2);
    }
    pacing.note_healthy(now);
    pacing.note_healthy(now + std::chrono::seconds{61});
    const Timestamp later = now + std::chrono::seconds{62};
    EXPECT_EQ(pacing.next(later), later);
    EXPECT_EQ(pacing.next(later), later + std::chrono::milliseconds{250});
}

}  // namespace
}  // namespace vt::exchange::bybit
