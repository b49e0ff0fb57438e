#include "engine/venue_clock.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<std::int64_t> due_seconds(VenueClock& clock) {
    std::vector<std::int64_t> due;
    while (const auto u = clock.next_due()) due.push_back(to_ms(u->second));
    return due;
}

}  // namespace

TEST(VenueClock, ASecondIsDueOneDelayAfterItEnded) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'500), from_ms(10'500));
    EXPECT_TRUE(due_seconds(clock).empty());
    clock.observe(from_ms(11'999), from_ms(11'999));
    EXPECT_TRUE(due_seconds(clock).empty());
    clock.observe(from_ms(12'000), from_ms(12'000));
    EXPECT_EQ(due_seconds(clock), std::vector<std::int64_t>{11'000});
    EXPECT_TRUE(due_seconds(clock).empty()) << "each second once";
    clock.observe(from_ms(14'100), from_ms(14'100));
    EXPECT_EQ(due_seconds(clock), (std::vector<std::int64_t>{12'000, 13'000}));
}

TEST(VenueClock, TicksMoveADeadFeedByTheMeasuredOffset) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(9'000));
    clock.tick(from_ms(11'000), seconds{1});
    EXPECT_EQ(due_seconds(clock), std::vector<std::int64_t>{11'000});
}

TEST(VenueClock, TimeNeverRunsBackAndAVenuesMistakeDoesNotMoveIt) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(10'000));
    clock.observe(from_ms(5'000), from_ms(10'000));
    EXPECT_EQ(clock.watermark(), from_ms(10'000));
    clock.observe(from_ms(10'000) + std::chrono::hours{24 * 365}, from_ms(10'000));
    EXPECT_EQ(clock.watermark(), from_ms(10'000));
}

/// The machine's clock is set an hour forward, and back again: no hour passed.
TEST(VenueClock, AClockThatIsSetMovesNothing) {
    for (const Nanos jump : {Nanos{std::chrono::hours{1}}, Nanos{-std::chrono::hours{1}}}) {
        VenueClock clock(seconds{1});
        Timestamp at = from_ms(100'000'000);
        clock.observe(at, at);
        clock.tick(at, Nanos{0});
        for (int i = 0; i < 300; ++i) {
            at += milliseconds{100};
            clock.tick(at + jump, Nanos{0});
        }
        EXPECT_LE(*clock.watermark(), at) << "half a minute of ticks is half a minute";
        EXPECT_GE(*clock.watermark(), at - milliseconds{200}) << "and time goes on in a silence";
        clock.observe(at, at + jump);
        // The offset to the venue is measured anew: clock and venue agree, nothing is taken off twice.
        for (int i = 0; i < 10; ++i) {
            at += milliseconds{100};
            clock.tick(at + jump, -jump);
        }
        EXPECT_EQ(*clock.watermark(), at);
        // And set right again, before that is measured.
        for (int i = 0; i < 10; ++i) {
            at += milliseconds{100};
            clock.tick(at, -jump);
        }
        EXPECT_LE(*clock.watermark(), at);
        EXPECT_GE(*clock.watermark(), at - milliseconds{200});
        clock.tick(at, Nanos{0});
        EXPECT_EQ(*clock.watermark(), at);
    }
}

/// A machine that slept has an hour behind it as soon as the venue says so.
TEST(VenueClock, AfterASleepTheVenueSaysHowLateItIs) {
    VenueClock clock(seconds{1});
    Timestamp at = from_ms(100'000'000);
    clock.observe(at, at);
    clock.tick(at, Nanos{0});
    at += std::chrono::hours{2};
    clock.tick(at, Nanos{0});
    EXPECT_EQ(clock.watermark(), from_ms(100'000'000));
    clock.observe(at, at);
    EXPECT_EQ(clock.watermark(), at);
    at += seconds{2};
    clock.tick(at, Nanos{0});
    EXPECT_EQ(clock.watermark(), at) << "ticks count from there on";
}

TEST(VenueClock, ALongSilenceIsSkippedToTheMinute) {
    VenueClock clock(seconds{1});
    clock.observe(from_ms(10'000), from_ms(10'000));
    const Timestamp later = from_ms(10'000) + std::chrono::hours{5} + milliseconds{30'500};
    clock.observe(later, later);
    const auto first = clock.next_due();
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->is_after_skip);
    EXPECT_EQ(to_ms(first->second) % 60'000, 0);
    const auto due = due_seconds(clock);
    EXPECT_LE(due.size(), 61U);
}

}  // namespace vt::engine
