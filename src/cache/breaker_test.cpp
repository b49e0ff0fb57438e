#include "cache/breaker.hpp"

#include <gtest/gtest.h>

namespace vt::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using State = Breaker::State;

const Timestamp kStart = from_ms(1'700'000'000'000);

/// Lets three calls fail.
void fail_thrice(Breaker& breaker, Timestamp at) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(breaker.allows(at));
        breaker.failed(at);
    }
}

TEST(Breaker, OpensAfterThreeFailuresInARow) {
    Breaker breaker({}, Prng(1));
    breaker.failed(kStart);
    breaker.failed(kStart);
    EXPECT_EQ(breaker.state(), State::closed);
    breaker.failed(kStart);
    EXPECT_EQ(breaker.state(), State::open);
    EXPECT_EQ(breaker.openings(), 1U);
    EXPECT_FALSE(breaker.allows(kStart));
}

/// Each call ran into a deadline of a second, or nobody asked for a minute: no answer is no answer.
TEST(Breaker, OpensHoweverFarApartTheFailuresAre) {
    for (const Nanos between : {Nanos{milliseconds{501}}, Nanos{seconds{1}}, Nanos{seconds{60}}}) {
        Breaker breaker({}, Prng(1));
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(breaker.allows(kStart + between * i));
            breaker.failed(kStart + between * i);
        }
        EXPECT_EQ(breaker.state(), State::open) << between.count() << " ns apart";
    }
}

TEST(Breaker, StaysClosedWhileAnswersComeBetween) {
    Breaker breaker({}, Prng(1));
    for (int i = 0; i < 20; ++i) {
        breaker.failed(kStart);
        breaker.failed(kStart);
        breaker.succeeded();
    }
    EXPECT_EQ(breaker.state(), State::closed);
}

TEST(Breaker, ProbesWithOneCallAtATimeAndClosesAfterThree) {
    Breaker breaker({}, Prng(1));
    fail_thrice(breaker, kStart);
    EXPECT_FALSE(breaker.allows(kStart + milliseconds{249}));
    const Timestamp later = kStart + milliseconds{500};
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(breaker.allows(later));
        EXPECT_FALSE(breaker.allows(later));  // one is on its way
        EXPECT_EQ(breaker.state(), State::probing);
        breaker.succeeded();
    }
    EXPECT_EQ(breaker.state(), State::closed);
    EXPECT_TRUE(breaker.allows(later));
    EXPECT_TRUE(breaker.allows(later));
}

TEST(Breaker, AFailedProbeWaitsLongerUpToASecond) {
    for (std::uint64_t seed = 1; seed < 50; ++seed) {
        Breaker breaker({}, Prng(seed));
        fail_thrice(breaker, kStart);
        Timestamp now = kStart;
        for (const int ceiling_ms : {500, 1'000, 1'000, 1'000}) {
            EXPECT_FALSE(breaker.allows(now + milliseconds{ceiling_ms / 2 - 1}));
            now += milliseconds{ceiling_ms};
            ASSERT_TRUE(breaker.allows(now)) << "seed " << seed;
            breaker.failed(now);
            EXPECT_EQ(breaker.state(), State::open);
        }
        EXPECT_EQ(breaker.openings(), 1U);
    }
}

TEST(Breaker, ProcessesDoNotProbeTogether) {
    int early = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Breaker breaker({}, Prng(seed));
        fail_thrice(breaker, kStart);
        early += breaker.allows(kStart + milliseconds{375}) ? 1 : 0;
    }
    EXPECT_GT(early, 25);
    EXPECT_LT(early, 75);
}

TEST(Breaker, AServerThatFlapsStaysOut) {
    Breaker breaker({}, Prng(1));
    Timestamp now = kStart;
    fail_thrice(breaker, now);
    int allowed = 0;
    for (; now < kStart + seconds{60}; now += milliseconds{10}) {  // answers every second call
        if (!breaker.allows(now)) continue;
        if (++allowed % 2 == 0) {
            breaker.failed(now);
        } else {
            breaker.succeeded();
        }
        EXPECT_NE(breaker.state(), State::closed);
    }
    EXPECT_LT(allowed, 200);  // of 6,000 that wanted to
}

TEST(Breaker, AServerThatIsBackIsUsedWithinFiveSecondsThoughThreeProbesFailYet) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Breaker breaker({}, Prng(seed));
        Timestamp now = kStart;
        fail_thrice(breaker, now);
        for (; now < kStart + seconds{60}; now += milliseconds{10})  // long away
            if (breaker.allows(now)) breaker.failed(now);
        const Timestamp back = now;
        for (int failures = 0; breaker.state() != State::closed; now += milliseconds{10}) {
            ASSERT_LT(now, back + seconds{5}) << "seed " << seed;
            if (!breaker.allows(now)) continue;
            if (failures++ < 3) {
                breaker.failed(now);
            } else {
                breaker.succeeded();
            }
        }
    }
}

TEST(Breaker, ACallFromBeforeItOpenedChangesNothing) {
    Breaker breaker({}, Prng(1));
    fail_thrice(breaker, kStart);
    breaker.succeeded();
    breaker.failed(kStart);
    EXPECT_EQ(breaker.state(), State::open);
    EXPECT_TRUE(breaker.allows(kStart + seconds{1}));
}

}  // namespace
}  // namespace vt::cache
