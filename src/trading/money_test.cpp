#include "trading/money.hpp"

#include "base/prng.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vt::trading {
namespace {

Money units(double amount) { return money_of(amount).value(); }

TEST(Money, IsWrittenWithoutZerosAtTheEnd) {
    EXPECT_EQ(to_string(units(12.5)), "12.5");
    EXPECT_EQ(to_string(units(-0.00000001)), "-0.00000001");
    EXPECT_EQ(to_string(units(100)), "100");
    EXPECT_EQ(to_string(Money{}), "0");
}

TEST(Money, OfADoubleIsTheNearestAmountOrNone) {
    EXPECT_EQ(money_of(0.1), Money{10'000'000});
    EXPECT_EQ(money_of(1e12), std::nullopt);
    EXPECT_EQ(money_of(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
    EXPECT_EQ(money_of(-std::numeric_limits<double>::infinity()), std::nullopt);
}

TEST(Money, NotionalIsExact) {
    const auto bitcoin = test_perpetual();
    // 61760.3 x 0.017 = 1049.9251
    EXPECT_EQ(notional_of(bitcoin, Ticks{617'603}, Lots{17}), Money{104'992'510'000});
    EXPECT_EQ(notional_of(bitcoin, Ticks{617'603}, Lots{}), Money{});
}

TEST(Money, NotionalOfStepsFinerThanItsOwnIsRoundedHalfToEven) {
    auto fine = test_perpetual();
    fine.tick_size = {1, 7};
    fine.lot_size = {1, 2};  // a product of steps is 1e-9
    EXPECT_EQ(notional_of(fine, Ticks{5}, Lots{1}), Money{0});
    EXPECT_EQ(notional_of(fine, Ticks{15}, Lots{1}), Money{2});
    EXPECT_EQ(notional_of(fine, Ticks{16}, Lots{1}), Money{2});
    EXPECT_EQ(notional_of(fine, Ticks{25}, Lots{1}), Money{2});
    EXPECT_EQ(notional_of(fine, Ticks{26}, Lots{1}), Money{3});
}

TEST(Money, NotionalCountsTheContractSize) {
    auto contract = test_perpetual();
    contract.contract_size = {1, 2};
    EXPECT_EQ(notional_of(contract, Ticks{1000}, Lots{1000}), units(1));
}

TEST(Money, WhatDoesNotFitIsAbsent) {
    const auto bitcoin = test_perpetual();
    const auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(notional_of(bitcoin, Ticks{most}, Lots{most}), std::nullopt);
    EXPECT_EQ(notional_of(bitcoin, Ticks{1'000'000}, Lots{1'000'000'000}), std::nullopt);  // 100 billion
    EXPECT_TRUE(notional_of(bitcoin, Ticks{1'000'000}, Lots{900'000'000}).has_value());    // 90 billion
    auto inverse = test_perpetual();
    inverse.category = market::Category::inverse;
    EXPECT_EQ(notional_of(inverse, Ticks{1}, Lots{1}), std::nullopt);
}

TEST(Money, RatesAreTakenOfItHalfToEven) {
    EXPECT_EQ(times(units(1049.9251), Decimal{55, 5}), Money{57'745'880});  // 0.577458805
    EXPECT_EQ(times(Money{1}, Decimal{5, 1}), Money{0});
    EXPECT_EQ(times(Money{3}, Decimal{5, 1}), Money{2});
    EXPECT_EQ(times(Money{-3}, Decimal{5, 1}), Money{-2});
    EXPECT_EQ(times(units(8e10), Decimal{20, 0}), std::nullopt);
    EXPECT_EQ(rate_of(0.0001), (Decimal{1'000'000, 10}));
    EXPECT_EQ(rate_of(-0.00375), (Decimal{-37'500'000, 10}));
    EXPECT_EQ(rate_of(1.5), std::nullopt);
    EXPECT_EQ(rate_of(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
}

TEST(Money, SharesAddUpToLongDoublesArithmetic) {
    Prng prng(4, "money");
    for (int i = 0; i < 10'000; ++i) {
        const Money amount{static_cast<std::int64_t>(prng.below(1'000'000'000'000))};
        const auto denominator = static_cast<std::int64_t>(1 + prng.below(1'000'000));
        const auto numerator = static_cast<std::int64_t>(prng.below(static_cast<std::uint64_t>(denominator) + 1));
        const long double exact = static_cast<long double>(amount.value()) * numerator / denominator;
        const auto share = scaled(amount, numerator, denominator);
        ASSERT_TRUE(share.has_value());
        ASSERT_LE(std::abs(static_cast<double>(static_cast<long double>(share->value()) - exact)), 0.5000001);
    }
}

TEST(Money, InitialMarginIsRoundedUp) {
    EXPECT_EQ(initial_margin(units(10), 3), Money{333'333'334});
    EXPECT_EQ(initial_margin(units(9), 3), units(3));
    EXPECT_EQ(initial_margin(Money{}, 5), Money{});
    EXPECT_EQ(initial_margin(Money{100}, 10), Money{10});
    EXPECT_EQ(initial_margin(Money{101}, 10), Money{11});
}

}  // namespace
}  // namespace vt::trading
