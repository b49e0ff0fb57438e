#include "indicators/funding.hpp"

#include <gtest/gtest.h>

namespace vt::indicators {
namespace {

using std::chrono::hours;

TEST(InterestOf, IsInProportionToTheIntervalAndAHundredthOfAPercentForEightHoursIsUsual) {
    for (const int length : {1, 2, 4, 8, 24}) {
        EXPECT_DOUBLE_EQ(interest_of(hours{length}), 1e-4 * length / 8);
        EXPECT_DOUBLE_EQ(interest_of(hours{length}, 5e-5), 5e-5 * length / 8);
        EXPECT_EQ(interest_of(hours{length}, 0), 0);
    }
}

}  // namespace
}  // namespace vt::indicators
