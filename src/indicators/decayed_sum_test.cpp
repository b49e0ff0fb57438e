#include "indicators/decayed_sum.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'000'000);
constexpr Nanos kHour = std::chrono::hours{1};

TEST(DecayedSum, EqualsTheOracle) {
    const Nanos half_life = minutes{210};
    const Timestamp now = kStart + 10 * kHour;
    DecayedSum longs(half_life);
    DecayedSum shorts(half_life);
    longs.add(now - 7 * kHour, 2'000'000);
    shorts.add(now - half_life, 500'000);
    longs.add(now - minutes{30}, 1'000'000);
    EXPECT_NEAR(longs.at(now), 1405723.6642639067, 1e-6);
    EXPECT_NEAR(shorts.at(now), 250000, 1e-9);
    const double imbalance = (shorts.at(now) - longs.at(now)) / (shorts.at(now) + longs.at(now));
    EXPECT_NEAR(imbalance, -0.6980172411666971, 1e-13);
}

TEST(DecayedSum, EqualsTheDirectSumOverAThousandRandomSeries) {
    struct Event {
        Timestamp at;
        double amount = 0;
    };
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        DecayedSum sum(kHour);
        std::vector<Event> events;
        Timestamp at = kStart;
        const std::size_t count = 1 + prng.below(60);
        for (std::size_t i = 0; i < count; ++i) {
            at += Nanos{static_cast<std::int64_t>(prng.exponential() * 9e11)};
            events.push_back({at, 1e5 * prng.exponential()});
            sum.add(at, events.back().amount);
            if (events.size() > 20) {
                sum.remove(events.front().at, events.front().amount);
                events.erase(events.begin());
            }
        }
        const Timestamp now = at + seconds{prng.below(20'000)};
        long double direct = 0;
        for (const Event& event : events) {
            const long double age = static_cast<long double>((now - event.at).count()) / 3.6e12L;
            direct += event.amount * std::exp2(-age);
        }
        EXPECT_NEAR(sum.at(now), static_cast<double>(direct), 1e-9 * static_cast<double>(direct)) << seed;
    }
}

TEST(DecayedSum, IsZeroWhenEmptyAndAfterClear) {
    DecayedSum sum(kHour);
    EXPECT_EQ(sum.at(kStart), 0);
    sum.add(kStart, 5);
    EXPECT_DOUBLE_EQ(sum.at(kStart + kHour), 2.5);
    sum.add(kStart - kHour, 1);  // out of order: counts as of now, not as of a time that was summed already
    EXPECT_DOUBLE_EQ(sum.at(kStart), 6);
    sum.clear();
    EXPECT_EQ(sum.at(kStart + kHour), 0);
}

}  // namespace
}  // namespace vt::indicators
