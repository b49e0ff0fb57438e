#include "runtime/edge_schedule.hpp"

#include <gtest/gtest.h>

namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kBegin = from_ms(1'700'000'000'000);

TEST(EdgeSchedule, AtTheStartAndEachHour) {
    EdgeSchedule schedule;
    EXPECT_TRUE(schedule.take_due(kBegin));
    EXPECT_FALSE(schedule.take_due(kBegin)) << "once";
    EXPECT_FALSE(schedule.take_due(kBegin + 59min));
    EXPECT_TRUE(schedule.take_due(kBegin + 1h));
    EXPECT_FALSE(schedule.take_due(kBegin + 1h + 59min));
}

TEST(EdgeSchedule, TenEndsBringItForward) {
    EdgeSchedule schedule;
    EXPECT_TRUE(schedule.take_due(kBegin));
    for (int i = 0; i < 9; ++i) schedule.count_end();
    EXPECT_FALSE(schedule.take_due(kBegin + 5min)) << "nine are too few";
    schedule.count_end();
    EXPECT_FALSE(schedule.take_due(kBegin + 59s)) << "not twice within a minute";
    EXPECT_TRUE(schedule.take_due(kBegin + 1min));
    EXPECT_FALSE(schedule.take_due(kBegin + 30min)) << "they were read";
}

TEST(EdgeSchedule, AFailureIsTriedAgainAfterAMinute) {
    EdgeSchedule schedule;
    EXPECT_TRUE(schedule.take_due(kBegin));
    schedule.note_failure();
    EXPECT_FALSE(schedule.take_due(kBegin + 59s));
    EXPECT_TRUE(schedule.take_due(kBegin + 60s));
    EXPECT_FALSE(schedule.take_due(kBegin + 10min)) << "that one did not fail";
}

TEST(EdgeSchedule, AClockThatIsSetBackDoesNotSilenceIt) {
    EdgeSchedule schedule;
    EXPECT_TRUE(schedule.take_due(kBegin));
    EXPECT_TRUE(schedule.take_due(kBegin - 24h));
}

}  // namespace
}  // namespace vt::runtime
