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
    const auto is_gone_at = [&](double worth) {
        const Money value = money_of(worth).value();
        return is_liquidated(position, margin, value, maintenance_of(kContract, {}, value).value());
    };
    EXPECT_FALSE(is_gone_at(452.27));
    EXPECT_TRUE(is_gone_at(452.26));
    EXPECT_NEAR(liquidation_price(kContract, position, margin, {}).value(), 90.452261, 1e-6);
    EXPECT_EQ(bankruptcy_price(kContract, position, margin), Ticks{900});
}

TEST(Margin, WithoutLeverageALongHasNoLiquidationPrice) {
    const auto position = position_of(Side::buy, 5000, 1000);
    const Money margin = money_of(500).value();
    EXPECT_EQ(liquidation_price(kContract, position, margin, {}), std::nullopt);
    EXPECT_FALSE(is_liquidated({}, margin, Money{}, Money{1}));
    EXPECT_EQ(liquidation_price(kContract, {}, margin, {}), std::nullopt);
}

TEST(Margin, MaintenanceIsOfTheTierOfTheWholePosition) {
    auto tiered = kContract;
    tiered.margin_tiers = {{.worth_max = {1000, 0}, .maintenance_rate = {5, 3}, .leverage_max = {100, 0}},
                           {.worth_max = {5000, 0}, .maintenance_rate = {2, 2}, .leverage_max = {25, 0}}};
    EXPECT_EQ(maintenance_of(tiered, {}, money_of(1000).value()), money_of(5));
    EXPECT_EQ(maintenance_of(tiered, {}, money_of(1000.5).value()), money_of(20.01)) << "of all of it";
    EXPECT_EQ(maintenance_of(tiered, {}, money_of(6000).value()), money_of(120)) << "the last one's above it";
    // a long of 20 at 100 with 10 x: 200 + v - 2000 = .02 v at 1836.7, in its tier
    EXPECT_NEAR(liquidation_price(tiered, position_of(Side::buy, 20'000, 1000), money_of(200).value(), {}).value(),
                1800 / .98 / 20, 1e-9);
    // of 10.5 at 100, margin 52.5: 997.5 / .98 = 1017.9, above the end of the first tier
    EXPECT_NEAR(liquidation_price(tiered, position_of(Side::buy, 10'500, 1000), money_of(52.5).value(), {}).value(),
                997.5 / .98 / 10.5, 1e-9);
    // margin 75: 975 / .98 = 994.9 is below the second tier, 975 / .995 = 979.9 in the first
    EXPECT_NEAR(liquidation_price(tiered, position_of(Side::buy, 10'500, 1000), money_of(75).value(), {}).value(),
                975 / .995 / 10.5, 1e-9);
    // a short of 9.5 at 100, margin 60: 1010 / 1.005 = 1004.98 is above the first tier, 1010 / 1.02 below the second:
    // it is liquidated where the second begins
    EXPECT_NEAR(liquidation_price(tiered, position_of(Side::sell, 9'500, 1000), money_of(60).value(), {}).value(),
                1000 / 9.5, 1e-9);
}

/// Against the rule itself, a hundredth of a percent to both sides of the price.
TEST(Margin, TheLiquidationPriceIsWhereItBegins) {
    Prng prng(9, "tiers");
    int found = 0;
    for (int round = 0; round < 5'000; ++round) {
        auto tiered = kContract;
        double rate = .004, deduction = 0, least = 0;
        const bool is_smooth = prng.below(2) == 0;
        for (int tier = 0; tier < 4; ++tier) {
            const double more = .002 + .02 * prng.uniform();
            if (is_smooth && tier > 0) deduction += least * more;
            if (tier > 0) rate += more;
            least += std::nearbyint(200 + 2000 * prng.uniform());
            tiered.margin_tiers.push_back(
                {.worth_max = {static_cast<std::int64_t>(least), 0},
                 .maintenance_rate = {static_cast<std::int64_t>(std::nearbyint(rate * 1e12)), 12},
                 .maintenance_deduction = {static_cast<std::int64_t>(std::nearbyint(deduction * 1e8)), 8},
                 .leverage_max = {10, 0}});
        }
        const Side side = prng.below(2) == 0 ? Side::buy : Side::sell;
        const auto position = position_of(side, static_cast<std::int64_t>(1'000 + prng.below(50'000)), 1000);
        const Money margin =
            trading::initial_margin(position.facts().cost, static_cast<std::uint32_t>(2 + prng.below(9)));
        const auto is_gone_at = [&](double price) {
            const Money value = value_at(tiered, price, position.size()).value();
            return is_liquidated(position, margin, value, maintenance_of(tiered, {}, value).value());
        };
        const auto price = liquidation_price(tiered, position, margin, {});
        ASSERT_TRUE(price) << "with leverage there is one";
        if (is_gone_at(100)) continue;  // the tier asks for more than the leverage left
        ++found;
        ASSERT_FALSE(is_gone_at(*price * (side == Side::buy ? 1.0001 : .9999))) << round;
        ASSERT_TRUE(is_gone_at(*price * (side == Side::buy ? .9999 : 1.0001))) << round;
    }
    EXPECT_GT(found, 4'000);
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
