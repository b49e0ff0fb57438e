#include "net/backoff.hpp"

#include <gtest/gtest.h>

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Backoff, WaitsStayBelowADoublingCeilingAndFillIt) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Backoff backoff({}, Prng(seed));
        Nanos ceiling = milliseconds{250};
        Timestamp now{};
        for (int i = 0; i < 12; ++i) {
            const Nanos wait = backoff.next(now);
            EXPECT_GE(wait, Nanos{0});
            EXPECT_LE(wait, ceiling);
            ceiling = std::min<Nanos>(ceiling * 2, seconds{30});
            now += std::chrono::hours{1};  // an old outage: only the doubling and the longest wait limit
        }
        EXPECT_EQ(backoff.failures(), 12U);
    }
    double sum = 0;  // full jitter: the mean of the first wait is half the ceiling
    for (std::uint64_t seed = 0; seed < 4000; ++seed) sum += to_seconds(Backoff({}, Prng(seed)).next(Timestamp{}));
    EXPECT_NEAR(sum / 4000, 0.125, 0.005);
}

TEST(Backoff, ASecondOrAQuarterOfTheOutageIsTheLongestWait) {
    Nanos longest_young{};
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        Backoff backoff({}, Prng(seed));
        Timestamp now{};
        int attempts = 0;
        for (; now < Timestamp{} + std::chrono::minutes{5}; ++attempts) {
            const Nanos age = now - Timestamp{};
            const Nanos wait = backoff.next(now);
            EXPECT_LE(wait, std::max<Nanos>(seconds{1}, age / 4));
            EXPECT_LE(wait, seconds{30});
            if (age < seconds{4}) longest_young = std::max(longest_young, wait);
            now += wait;
        }
        EXPECT_LT(attempts, 90) << "the window's budget is not what slows it";
    }
    EXPECT_GT(longest_young, milliseconds{900}) << "the ceiling is used";
}

TEST(Backoff, SuccessStartsAgainAtTheFirstWait) {
    Backoff backoff({}, Prng(1));
    for (int i = 0; i < 10; ++i) (void)backoff.next(Timestamp{});
    backoff.succeeded();
    EXPECT_LE(backoff.next(Timestamp{}), milliseconds{250});
}

TEST(Backoff, SameSeedSameWaits) {
    Backoff a({}, Prng(7));
    Backoff b({}, Prng(7));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(a.next(Timestamp{}), b.next(Timestamp{}));
}

}  // namespace
}  // namespace vt::net
