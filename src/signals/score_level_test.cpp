#include "signals/score_level.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <vector>

namespace vt::signals {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kMidnight = from_ms(1'700'006'400'000);

TEST(ScoreLevel, IsThePriorUntilEnoughMinutesAreKnown) {
    ScoreLevel level;
    const Params params;
    EXPECT_EQ(level.distance(params), 20);
    for (std::uint64_t i = 1; i < params.level_minutes_min; ++i) level.add(kMidnight, 12);
    EXPECT_EQ(level.distance(params), 20);
    level.add(kMidnight, 12);
    EXPECT_EQ(level.distance(params), 12.5) << "all of them lie in the half point above 12";
}

TEST(ScoreLevel, StaysWithinItsBounds) {
    const Params params;
    ScoreLevel quiet, wild;
    for (int i = 0; i < 5000; ++i) {
        quiet.add(kMidnight, 1);
        wild.add(kMidnight, 45);
    }
    EXPECT_EQ(quiet.distance(params), params.level_floor - 50);
    EXPECT_EQ(wild.distance(params), params.score - 50);
}

/// Against the sorted distances of the week, over three weeks with a hole of two days.
TEST(ScoreLevel, IsTheQuantileOfTheLastWeek) {
    Prng random(9);
    ScoreLevel level;
    Params params;
    params.level_floor = 50;
    params.score = 100;
    std::deque<std::pair<Timestamp, double>> week;
    for (int hour = 0; hour < 24 * 21; ++hour) {
        if (hour > 200 && hour < 248) continue;
        const Timestamp start = kMidnight + hour * 1h;
        for (int i = 0; i < 40; ++i) {
            const double distance = std::abs(random.normal()) * (4 + hour % 7);
            level.add(start + i * 1min, distance);
            week.emplace_back(start, std::min(distance, 49.99));
        }
        while (week.front().first <= start - 168h) week.pop_front();
        ASSERT_EQ(level.minutes(), week.size()) << hour;
        if (week.size() < params.level_minutes_min) continue;
        std::size_t beyond = 0, beyond_lower = 0;
        const double found = level.distance(params);
        for (const auto& [at, distance] : week) {
            beyond += distance >= found;
            beyond_lower += distance >= found - .5;
        }
        const double allowed = params.level_share * static_cast<double>(week.size());
        ASSERT_LE(static_cast<double>(beyond), allowed) << hour;
        ASSERT_GT(static_cast<double>(beyond_lower), allowed) << "half a point lower would be too many";
    }
}

}  // namespace
}  // namespace vt::signals
