#include "risk/margin.hpp"

#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

namespace vt::risk {
namespace {

using market::Side;

TEST(Margin, LiquidationOfTheRoughFormula) {
    EXPECT_DOUBLE_EQ(liquidation_price(Side::buy, 100, 10, .005), 90.5);
    EXPECT_DOUBLE_EQ(liquidation_price(Side::sell, 100, 10, .005), 109.5);
}

TEST(Margin, TheStopLiesWithinHalfTheWay) {
    // 10x at .5 %: the way is 9.5 %
    EXPECT_DOUBLE_EQ(liquidation_share(.0475, 10, .005).value(), .5);
    EXPECT_EQ(liquidation_share(.01, 100, .01), std::nullopt) << "no way is left";
}

TEST(Margin, LeverageIsTheHighestThatKeepsTheStopSoFar) {
    EXPECT_EQ(leverage_for(.0475, .005, .5, 20), 10U);
    EXPECT_EQ(leverage_for(.0476, .005, .5, 20), 9U);
    EXPECT_EQ(leverage_for(.001, .005, .5, 20), 20U);
    EXPECT_EQ(leverage_for(.4975, .005, .5, 20), 1U);
    EXPECT_EQ(leverage_for(.4976, .005, .5, 20), 0U);
    for (int i = 1; i < 400; ++i) {  // against the closed form 1 / (stop / share + rate)
        const double stop = i * .001;
        const auto leverage = leverage_for(stop, .007, .5, 50);
        const double limit = 1 / (stop / .5 + .007);
        EXPECT_LE(leverage, limit + 1e-9) << stop;
        if (leverage < 50) {
            EXPECT_GT(leverage + 1, limit - 1e-9) << stop;
        }
    }
}

}  // namespace
}  // namespace vt::risk
