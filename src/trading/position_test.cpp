#include "trading/position.hpp"

#include "base/prng.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

namespace vt::trading {
namespace {

const market::Instrument kBitcoin = test_perpetual();

Fill fill_of(market::Side side, std::int64_t lots, std::int64_t ticks, double fee = 0) {
    Fill fill;
    fill.side = side;
    fill.quantity = Lots{lots};
    fill.price = Ticks{ticks};
    fill.fee = money_of(fee).value();
    return fill;
}
constexpr auto kBuy = market::Side::buy;
constexpr auto kSell = market::Side::sell;

TEST(Position, ALongThatIsClosedInPartsKeepsItsMeanPrice) {
    Position position;
    ASSERT_TRUE(position.apply(fill_of(kBuy, 1000, 1000, .1), kBitcoin));   // 1 at 100
    ASSERT_TRUE(position.apply(fill_of(kBuy, 1000, 1100, .11), kBitcoin));  // 1 at 110
    EXPECT_DOUBLE_EQ(position.average_price(kBitcoin).value(), 105);
    ASSERT_TRUE(position.apply(fill_of(kSell, 500, 1200), kBitcoin));  // half a coin at 120: +7.5
    EXPECT_EQ(position.facts().realised, money_of(7.5));
    EXPECT_DOUBLE_EQ(position.average_price(kBitcoin).value(), 105);
    EXPECT_EQ(position.unrealised(kBitcoin, Ticks{1000}), money_of(-7.5));
    EXPECT_EQ(position.wallet_change(), money_of(7.5 - .21));
    EXPECT_EQ(position.side(), kBuy);
}

TEST(Position, AShortGainsWhenThePriceFalls) {
    Position position;
    ASSERT_TRUE(position.apply(fill_of(kSell, 2000, 1000), kBitcoin));
    EXPECT_EQ(position.net(), Lots{-2000});
    EXPECT_EQ(position.unrealised(kBitcoin, Ticks{900}), money_of(20));
    ASSERT_TRUE(position.apply(fill_of(kBuy, 2000, 900), kBitcoin));
    EXPECT_TRUE(position.is_flat());
    EXPECT_EQ(position.facts().cost, Money{});
    EXPECT_EQ(position.facts().realised, money_of(20));
    EXPECT_EQ(position.average_price(kBitcoin), std::nullopt);
}

TEST(Position, AFillBeyondWhatIsOpenTurnsIt) {
    Position position;
    ASSERT_TRUE(position.apply(fill_of(kBuy, 1000, 1000), kBitcoin));
    ASSERT_TRUE(position.apply(fill_of(kSell, 3000, 1010), kBitcoin));
    EXPECT_EQ(position.net(), Lots{-2000});
    EXPECT_EQ(position.facts().realised, money_of(1));
    EXPECT_DOUBLE_EQ(position.average_price(kBitcoin).value(), 101);
}

TEST(Position, FundingMovesTheWalletAndNotThePosition) {
    Position position;
    ASSERT_TRUE(position.apply(fill_of(kBuy, 1000, 1000), kBitcoin));
    position.apply(
        FundingPaid{.instrument = kBitcoin.id, .settled_at = from_ms(1), .amount = money_of(-.25).value()});
    EXPECT_EQ(position.net(), Lots{1000});
    EXPECT_EQ(position.facts().realised, Money{});
    EXPECT_EQ(position.wallet_change(), money_of(-.25));
}

TEST(Position, WhatCannotBeKeptChangesNothing) {
    Position position;
    auto inverse = kBitcoin;
    inverse.category = market::Category::inverse;
    const auto taken = position.apply(fill_of(kBuy, 1, 1), inverse);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::out_of_range);
    EXPECT_TRUE(position.is_flat());
}

TEST(Position, EqualsTheCashThatEveryFillMoved) {
    // the reference keeps cash alone: what was sold less what was bought, and what the rest is worth
    Prng prng(11, "position");
    for (int run = 0; run < 200; ++run) {
        Position position;
        std::int64_t net = 0;
        Money cash;
        for (int i = 0; i < 200; ++i) {
            const auto side = prng.below(2) == 0 ? kBuy : kSell;
            const auto lots = static_cast<std::int64_t>(1 + prng.below(3000));
            const auto ticks = static_cast<std::int64_t>(100 + prng.below(900'000));
            ASSERT_TRUE(position.apply(fill_of(side, lots, ticks), kBitcoin));
            net += side == kBuy ? lots : -lots;
            const Money value{ticks * lots * 10'000};
            cash += side == kBuy ? -value : value;
            const auto mark = static_cast<std::int64_t>(100 + prng.below(900'000));
            ASSERT_EQ(position.net(), Lots{net});
            ASSERT_EQ(position.facts().realised + position.unrealised(kBitcoin, Ticks{mark}).value(),
                      cash + Money{mark * net * 10'000});
            ASSERT_GE(position.facts().cost, Money{});
        }
    }
}

}  // namespace
}  // namespace vt::trading
