#include "exchange/clock_offset.hpp"

#include <gtest/gtest.h>

namespace vt::exchange {
namespace {

using std::chrono::milliseconds;

void measure(ClockOffset& clock, Timestamp sent, milliseconds round_trip, milliseconds offset) {
    clock.measure(sent, sent + round_trip / 2 + offset, sent + round_trip);
}

TEST(BybitClockOffset, TheShortestRoundTripDecides) {
    ClockOffset clock;
    EXPECT_FALSE(clock.offset());
    const Timestamp start = from_ms(1'700'000'000'000);
    measure(clock, start, milliseconds{200}, milliseconds{1540});
    EXPECT_EQ(clock.offset(), milliseconds{1540});
    measure(clock, start + milliseconds{1000}, milliseconds{20}, milliseconds{1500});
    measure(clock, start + milliseconds{2000}, milliseconds{300}, milliseconds{1450});
    EXPECT_EQ(clock.offset(), milliseconds{1500});
}

TEST(BybitClockOffset, AStepOfTheLocalClockForgetsWhatWasMeasuredBefore) {
    ClockOffset clock;
    const Timestamp start = from_ms(1'700'000'000'000);
    measure(clock, start, milliseconds{20}, milliseconds{1500});
    measure(clock, start, milliseconds{80}, milliseconds{-3'600'000});
    EXPECT_EQ(clock.offset(), milliseconds{-3'600'000});
    measure(clock, start, milliseconds{40}, milliseconds{-3'599'990});
    EXPECT_EQ(clock.offset(), milliseconds{-3'599'990});
}

TEST(BybitClockOffset, AnAnswerBeforeItsQuestionIsNoMeasurement) {
    ClockOffset clock;
    clock.measure(from_ms(5'000), from_ms(5'000), from_ms(4'000));
    EXPECT_FALSE(clock.offset());
}

}  // namespace
}  // namespace vt::exchange
