#include "indicators/amihud.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::indicators {
namespace {

TEST(Amihud, Vector) {
    const std::vector<double> returns{.01, -.02, .005}, notionals{1e6, 2e6, 5e5};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 1.0000000000000002e-08, 1e-22);
}

TEST(Amihud, LeavesOutSilentPeriods) {
    const std::vector<double> returns{.01, 0, .03}, notionals{1e6, 0, 1e6};
    EXPECT_NEAR(*amihud_illiquidity(returns, notionals), 2e-8, 1e-22);
    EXPECT_FALSE(amihud_illiquidity(std::vector<double>{.01}, std::vector<double>{0}).has_value());
}

}  // namespace
}  // namespace vt::indicators
