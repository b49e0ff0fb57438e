#include "risk/limit_use.hpp"

#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace vt::risk {
namespace {

using trading::Money;

constexpr Timestamp kAt = from_ms(1'780'272'000'000);

Money worth_of(double amount) { return trading::money_of(amount).value(); }

LimitUse use_of(const PreTrade& desk, DenialCode code) {
    const auto all = limits_in_use(desk, kAt);
    const auto found = std::ranges::find(all, code, &LimitUse::code);
    EXPECT_NE(found, all.end());
    return *found;
}

/// 10,000 of equity; `net` lots of 0.001 at 1000 each in three markets, of which the first two are one cluster.
PreTrade three_markets() {
    PreTrade desk(Params{}, "USDT");
    (void)desk.on_equity(kAt, worth_of(10'000));
    const Lots nets[] = {Lots{1000}, Lots{2000}, Lots{-2500}};
    for (std::uint32_t i = 0; i < 3; ++i) {
        const market::Instrument instrument = trading::test_perpetual(i);
        desk.exposure().on_position(instrument, nets[i], 5, kAt);
        desk.exposure().on_terms(
            instrument.id,
            {.mark = Ticks{10'000}, .beta_bound = 2, .cluster = ClusterId{std::max<std::uint32_t>(i, 1)}});
        desk.exposure().on_stop(instrument.id, Ticks{i == 2 ? 10'100 : 9'900}, kAt);
    }
    return desk;
}

TEST(LimitUse, WhatIsOpenIsShownBesideItsLimit) {
    const PreTrade desk = three_markets();
    const Params params;
    const LimitUse gross = use_of(desk, DenialCode::max_gross);
    EXPECT_EQ(gross.amount, worth_of(5'500));
    EXPECT_NEAR(gross.value.value(), 0.55, 1e-12);
    EXPECT_NEAR(gross.use().value(), 0.55 / params.gross_max, 1e-12);
    EXPECT_EQ(use_of(desk, DenialCode::max_net).amount, worth_of(3'000)) << "longs alone";
    EXPECT_EQ(use_of(desk, DenialCode::max_position).amount, worth_of(2'500)) << "the largest";
    EXPECT_EQ(use_of(desk, DenialCode::max_cluster).amount, worth_of(3'000)) << "the first two together";
    EXPECT_EQ(use_of(desk, DenialCode::max_beta).amount, worth_of(11'000));
    EXPECT_EQ(use_of(desk, DenialCode::open_risk).amount, worth_of(55)) << "a hundredth from mark to stop";
    EXPECT_EQ(use_of(desk, DenialCode::margin_short).amount, worth_of(1'100)) << "a fifth";
    EXPECT_EQ(use_of(desk, DenialCode::max_positions).value, 3);
    EXPECT_EQ(use_of(desk, DenialCode::max_orders).value, 0);
}

TEST(LimitUse, TheShortfallIsListedWhereItIsLimited) {
    const auto is_listed = [](const PreTrade& desk) {
        const auto all = limits_in_use(desk, kAt);
        return std::ranges::find(all, DenialCode::max_shortfall, &LimitUse::code) != all.end();
    };
    EXPECT_FALSE(is_listed(three_markets()));
    Params params;
    params.expected_shortfall_max = .1;
    PreTrade desk(params, "USDT");
    (void)desk.on_equity(kAt, worth_of(10'000));
    EXPECT_EQ(use_of(desk, DenialCode::max_shortfall).value, 0) << "nothing is open";
    const market::Instrument instrument = trading::test_perpetual(0);
    desk.exposure().on_position(instrument, Lots{4000}, 5, kAt);
    desk.exposure().on_terms(instrument.id, {.mark = Ticks{10'000}});
    EXPECT_FALSE(use_of(desk, DenialCode::max_shortfall).value) << "nothing is known of its past";
    const auto moves = std::make_shared<MarketMoves>(
        MarketMoves{.first = 0, .moves = std::vector<std::optional<double>>(kMovesLeast, -.125)});
    desk.exposure().on_terms(instrument.id, {.mark = Ticks{10'000}, .moves = moves});
    EXPECT_EQ(use_of(desk, DenialCode::max_shortfall).amount, worth_of(500));
    EXPECT_NEAR(use_of(desk, DenialCode::max_shortfall).use().value(), .5, 1e-12);
    EXPECT_EQ(desk.exposure().expected_shortfall().value().amount, worth_of(500));
}

TEST(LimitUse, LossesAreOfTheirFirstEquityAndCountInARow) {
    PreTrade desk = three_markets();
    (void)desk.on_equity(kAt, worth_of(9'900));
    desk.on_trade_closed(kAt, worth_of(-60));
    desk.on_trade_closed(kAt, worth_of(-40));
    const LimitUse day = use_of(desk, DenialCode::daily_loss);
    EXPECT_NEAR(day.value.value(), 0.01, 1e-12);
    EXPECT_NEAR(day.use().value(), 0.5, 1e-12) << "of 2 %";
    EXPECT_FALSE(day.amount);
    EXPECT_NEAR(use_of(desk, DenialCode::halted).value.value(), 0.01, 1e-12) << "the drawdown";
    EXPECT_EQ(use_of(desk, DenialCode::loss_cooldown).value, 2);
}

TEST(LimitUse, WhatIsNotKnownIsAbsent) {
    PreTrade desk(Params{}, "USDT");
    EXPECT_FALSE(use_of(desk, DenialCode::daily_loss).value) << "there was no mark yet";
    EXPECT_FALSE(use_of(desk, DenialCode::max_gross).value) << "of an equity that is not known";
    (void)desk.on_equity(kAt, worth_of(10'000));
    EXPECT_EQ(use_of(desk, DenialCode::max_gross).value, 0) << "nothing is open";
    desk.exposure().on_position(trading::test_perpetual(), Lots{1}, 5, kAt);
    for (const DenialCode code : {DenialCode::max_gross, DenialCode::max_position, DenialCode::max_cluster}) {
        EXPECT_FALSE(use_of(desk, code).value) << "without a mark price";
        EXPECT_FALSE(use_of(desk, code).use());
    }
}

}  // namespace
}  // namespace vt::risk
