#include "paper/margin.hpp"

#include "base/prng.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vt::paper {
namespace {

using market::Side;
using trading::Money;
using trading::money_of;

const market::Instrument kContract = trading::test_perpetual();

trading::Position position_of(Side side, std::int64_t lots, std::int64_t ticks) {
    trading::Position position;
    trading::Fill fill;
    fill.side = side;
    fill.quantity = Lots{lots};
    fill.price = Ticks{ticks};
    EXPECT_TRUE(position.apply(fill, kContract));
    return position;
}

TEST(Margin, MaintenanceIsHalfOfWhatTheHighestLeverageAsksFor) {
    EXPECT_EQ(maintenance_rate(kContract, {}).to_double(), .005);  // 100 x
    auto unknown = kContract;
    unknown.limits.leverage_max.reset();
    EXPECT_EQ(maintenance_rate(unknown, {}), (Decimal{1, 2}));
}

TEST(Margin, AValueCountsAllDigitsOfTheMark) {
    EXPECT_EQ(value_at(kContract, 101.23456789, Lots{2000}), money_of(202.46913578));
    EXPECT_EQ(value_at(kContract, 0.00000001, Lots{1000}), Money{1});
    EXPECT_EQ(value_at(kContract, 0, Lots{1}), std::nullopt);
    EXPECT_EQ(value_at(kContract, std::numeric_limits<double>::quiet_NaN(), Lots{1}), std::nullopt);
    EXPECT_EQ(value_at(kContract, 1e300, Lots{1}), std::nullopt);
}

TEST(Margin, ALongIsLiquidatedBelowItsMaintenanceMargin) {
    // 5 at 100, margin 50: 50 + v - 500 < 0.005 v from v < 450 / 0.995 = 452.2613...
    const auto position = position_of(Side::buy, 5000, 1000);
    const Money margin = money_of(50).value();
    EXPECT_FALSE(is_liquidated(position, margin, money_of(452.27).value(), Decimal{5, 3}));
    EXPECT_TRUE(is_liquidated(position, margin, money_of(452.26).value(), Decimal{5, 3}));
    EXPECT_NEAR(liquidation_price(kContract, position, margin, Decimal{5, 3}).value(), 90.452261, 1e-6);
    EXPECT_EQ(bankruptcy_price(kContract, position, margin), Ticks{900});
}

TEST(Margin, WithoutLeverageALongHasNoLiquidationPrice) {
    const auto position = position_of(Side::buy, 5000, 1000);
    const Money margin = money_of(500).value();
    EXPECT_EQ(liquidation_price(kContract, position, margin, Decimal{5, 3}), std::nullopt);
    EXPECT_FALSE(is_liquidated({}, margin, Money{}, Decimal{5, 3}));
    EXPECT_EQ(liquidation_price(kContract, {}, margin, Decimal{5, 3}), std::nullopt);
}

TEST(Margin, BankruptcyIsTheLastTickThatLosesNoMoreThanTheMargin) {
    Prng prng(5, "bankruptcy");
    for (int i = 0; i < 20'000; ++i) {
        const Side side = prng.below(2) == 0 ? Side::buy : Side::sell;
        const auto lots = static_cast<std::int64_t>(1 + prng.below(100'000));
        const auto position = position_of(side, lots, static_cast<std::int64_t>(10 + prng.below(1'000'000)));
        const Money cost = position.facts().cost;
        const Money margin = trading::initial_margin(cost, static_cast<std::uint32_t>(1 + prng.below(100)));
        const Ticks price = bankruptcy_price(kContract, position, margin);
        // the reference: one tick is worth lots x 10'000 steps of money
        const auto loss = [&](std::int64_t ticks) {
            const std::int64_t worth = ticks * lots * 10'000;
            return side == Side::buy ? cost.value() - worth : worth - cost.value();
        };
        ASSERT_LE(loss(price.value()), margin.value());
        const std::int64_t next = price.value() + (side == Side::buy ? -1 : 1);
        ASSERT_TRUE(next == 0 || loss(next) > margin.value());
    }
}

}  // namespace
}  // namespace vt::paper
