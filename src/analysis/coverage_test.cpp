#include "analysis/coverage.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::analysis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Coverage, HistoryStartsAtHalfAndIsFullAtTwiceTheMinimum) {
    EXPECT_DOUBLE_EQ(history_coverage(59, 60), 0);
    EXPECT_DOUBLE_EQ(history_coverage(60, 60), 0.5);
    EXPECT_DOUBLE_EQ(history_coverage(90, 60), 0.75);
    EXPECT_DOUBLE_EQ(history_coverage(120, 60), 1);
    EXPECT_DOUBLE_EQ(history_coverage(1440, 60), 1);
}

TEST(Coverage, AgeFadesAfterTheGraceAndEndsBelowFivePercent) {
    const AgePlan plan = age_plan(Input::book);
    EXPECT_DOUBLE_EQ(*age_coverage(seconds{2}, plan), 1);
    EXPECT_NEAR(*age_coverage(seconds{7}, plan), std::exp(-1.0), 1e-15);
    EXPECT_TRUE(age_coverage(milliseconds{16'970}, plan).has_value());
    EXPECT_FALSE(age_coverage(milliseconds{16'980}, plan).has_value());
    EXPECT_FALSE(age_coverage(std::nullopt, plan).has_value());
}

TEST(Coverage, GapTakesTheMissingShareAndEndsAboveHalf) {
    EXPECT_DOUBLE_EQ(*gap_coverage(0.25), 0.75);
    EXPECT_DOUBLE_EQ(*gap_coverage(0.5), 0.5);
    EXPECT_FALSE(gap_coverage(0.51).has_value());
}

TEST(Coverage, MinimumIsProportional) {
    EXPECT_DOUBLE_EQ(minimum_coverage(5, 20), 0.25);
    EXPECT_DOUBLE_EQ(minimum_coverage(50, 20), 1);
    EXPECT_DOUBLE_EQ(minimum_coverage(0, 0), 1);
}

TEST(Coverage, FlagsMultiply) {
    EXPECT_DOUBLE_EQ(flag_coverage({}), 1);
    EXPECT_DOUBLE_EQ(flag_coverage({Flag::conflated, Flag::clock_suspect}), 0.45);
    EXPECT_DOUBLE_EQ(flag_coverage({Flag::spoof_like}, 0.8), 0.6);
    EXPECT_DOUBLE_EQ(flag_coverage({Flag::no_event, Flag::warming}), 1);
}

}  // namespace
}  // namespace vt::analysis
