#include "cache/warm_schedule.hpp"

#include <gtest/gtest.h>

#include <set>

namespace vt::cache {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

/// An instant on the clock of New York, whose offset from UTC is given by the reader of the calendar.
Timestamp in_new_york(std::chrono::year_month_day date, std::chrono::seconds time, hours offset) {
    return Timestamp{std::chrono::sys_days(date)} + time - offset;
}

WarmSchedule new_york() { return WarmSchedule({.zone = *ZoneRule::parse("EST5EDT,M3.2.0,M11.1.0")}); }

constexpr hours kWinter{-5};
constexpr hours kSummer{-4};
constexpr auto kMonday = std::chrono::year{2024} / 1 / 8;

}  // namespace

TEST(WarmSchedule, FollowsTheHoursOfTheMarket) {
    const WarmSchedule schedule = new_york();
    const auto at = [&](seconds time) { return schedule.hours_at(in_new_york(kMonday, time, kWinter)); };
    EXPECT_EQ(at(0h), MarketHours::closed);
    EXPECT_EQ(at(4h - 1s), MarketHours::closed);
    EXPECT_EQ(at(4h), MarketHours::before);
    EXPECT_EQ(at(9h + 30min - 1s), MarketHours::before);
    EXPECT_EQ(at(9h + 30min), MarketHours::open);
    EXPECT_EQ(at(16h - 1s), MarketHours::open);
    EXPECT_EQ(at(16h), MarketHours::after);
    EXPECT_EQ(at(20h - 1s), MarketHours::after);
    EXPECT_EQ(at(20h), MarketHours::closed);
    EXPECT_EQ(schedule.every(MarketHours::open), 15s);
    EXPECT_EQ(schedule.every(MarketHours::before), 60s);
    EXPECT_EQ(schedule.every(MarketHours::after), 120s);
    EXPECT_EQ(schedule.every(MarketHours::closed), 300s);
}

TEST(WarmSchedule, WeekendsAreClosedFromMidnightToMidnightThere) {
    const WarmSchedule schedule = new_york();
    const auto saturday = std::chrono::year{2024} / 1 / 13, sunday = std::chrono::year{2024} / 1 / 14;
    for (const auto date : {saturday, sunday})
        for (seconds time = 0s; time < 24h; time += 10min)
            EXPECT_EQ(schedule.hours_at(in_new_york(date, time, kWinter)), MarketHours::closed);
    EXPECT_EQ(schedule.hours_at(in_new_york(std::chrono::year{2024} / 1 / 12, 19h + 59min, kWinter)),
              MarketHours::after)
        << "Friday evening there, Saturday in UTC";
    EXPECT_EQ(schedule.hours_at(in_new_york(std::chrono::year{2024} / 1 / 15, 4h, kWinter)), MarketHours::before);
}

TEST(WarmSchedule, MovesWithTheClocksOfTheZone) {
    const WarmSchedule schedule = new_york();
    // The clocks went forward on Sunday, 2024-03-10, and back on Sunday, 2024-11-03.
    const auto opens = [&](std::chrono::year_month_day date, hours offset) {
        return schedule.hours_at(in_new_york(date, 9h + 30min - 1s, offset)) == MarketHours::before &&
               schedule.hours_at(in_new_york(date, 9h + 30min, offset)) == MarketHours::open;
    };
    EXPECT_TRUE(opens(std::chrono::year{2024} / 3 / 8, kWinter));
    EXPECT_TRUE(opens(std::chrono::year{2024} / 3 / 11, kSummer));
    EXPECT_TRUE(opens(std::chrono::year{2024} / 11 / 1, kSummer));
    EXPECT_TRUE(opens(std::chrono::year{2024} / 11 / 4, kWinter));
    EXPECT_FALSE(opens(std::chrono::year{2024} / 11 / 4, kSummer)) << "a zone without its clocks would say so";
}

TEST(WarmSchedule, GoesOnThroughThreeYearsWithoutALongerPauseOrARepetition) {
    const WarmSchedule schedule = new_york();
    Timestamp now = Timestamp{std::chrono::sys_days(std::chrono::year{2024} / 1 / 1)};
    const Timestamp end = Timestamp{std::chrono::sys_days(std::chrono::year{2027} / 1 / 1)};
    std::size_t open_cycles = 0;
    while (now < end) {
        const MarketHours hours = schedule.hours_at(now);
        const Timestamp next = schedule.next_after(now);
        ASSERT_GT(next, now);
        ASSERT_LE(next - now, schedule.every(hours));
        ASSERT_EQ(schedule.hours_at(next - Nanos{1}), hours) << "a part begins with a cycle of its own";
        if (hours == MarketHours::open) ++open_cycles;
        now = next;
    }
    const std::size_t weekdays = 262 + 261 + 261;  // of 2024, 2025 and 2026
    EXPECT_EQ(open_cycles, weekdays * (6 * 60 + 30) * 4);
}

TEST(WarmSchedule, ProcessesWarmAtTheSameTimesWheneverTheyStarted) {
    const WarmSchedule schedule = new_york();
    const auto times = [&](Timestamp from) {
        std::set<Timestamp> all;
        const Timestamp end = in_new_york(kMonday, 17h, kWinter);
        for (Timestamp at = schedule.next_after(from); at < end; at = schedule.next_after(at)) all.insert(at);
        return all;
    };
    const auto one = times(in_new_york(kMonday, 8h, kWinter)), other = times(in_new_york(kMonday, 8h + 17s, kWinter));
    EXPECT_EQ(one, other);
    EXPECT_GT(one.size(), 1'600U);
}

}  // namespace vt::cache
