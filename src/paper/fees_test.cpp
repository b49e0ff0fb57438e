#include "paper/fees.hpp"

#include <gtest/gtest.h>

namespace vt::paper {
namespace {

TEST(Fees, AreAShareOfTheValueRoundedHalfToEven) {
    const FeeRates rates;
    EXPECT_EQ(fee_of(rates, trading::money_of(100.1).value(), false), trading::money_of(.055055));
    EXPECT_EQ(fee_of(rates, trading::money_of(100.1).value(), true), trading::money_of(.02002));
    // 0.00001 x 0.0002 = 0.000000002: below half of the last digit
    EXPECT_EQ(fee_of(rates, trading::Money{1000}, true), trading::Money{0});
    EXPECT_EQ(fee_of(rates, trading::Money{2500}, true), trading::Money{0});  // half: to the even 0
    EXPECT_EQ(fee_of(rates, trading::Money{7500}, true), trading::Money{2});  // 1.5: to the even 2
}

TEST(Fees, ATierIsFoundByItsName) {
    EXPECT_EQ(fee_rates(market::Venue::bybit, "vip0"), FeeRates{});
    EXPECT_EQ(fee_rates(market::Venue::bybit, "vip3")->taker.to_double(), .00035);
    EXPECT_EQ(fee_rates(market::Venue::binance, "regular")->taker.to_double(), .0005);
    EXPECT_EQ(fee_rates(market::Venue::binance, "vip3"), std::nullopt);
    EXPECT_EQ(fee_rates(market::Venue::bybit, ""), std::nullopt);
}

TEST(Fees, NoTierCostsMoreThanTheOneBelow) {
    const auto tiers = fee_tiers(market::Venue::bybit);
    ASSERT_EQ(tiers.size(), 7U);
    for (std::size_t i = 1; i < tiers.size(); ++i) {
        EXPECT_LE(tiers[i].rates.taker.to_double(), tiers[i - 1].rates.taker.to_double());
        EXPECT_LT(tiers[i].rates.maker.to_double(), tiers[i - 1].rates.maker.to_double());
    }
}

}  // namespace
}  // namespace vt::paper
