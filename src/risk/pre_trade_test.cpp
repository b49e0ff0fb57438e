#include "risk/pre_trade.hpp"

#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <vector>

namespace vt::risk {
namespace {

using namespace std::chrono_literals;
using market::Side;

TEST(PreTrade, ApprovesWithSizeLeverageAndWhatIsAtStake) {
    const TestTrade trade;
    const Decision decision = trade.decide();
    ASSERT_TRUE(decision.is_approved());
    EXPECT_EQ(decision.approval->quantity, Lots{25'641});
    EXPECT_EQ(decision.approval->bound_by, SizeRule::stop_risk);
    // 25.641 x 1.8 + 2,564.1 x 15 bps
    EXPECT_EQ(decision.approval->risk, units_of(46.1538 + 3.84615));
    // .018 / .5 + .01 = .046: at most 21, and the limits' five
    EXPECT_EQ(decision.approval->leverage, 5U);
    EXPECT_DOUBLE_EQ(decision.approval->liquidates_at.value(), 81);  // 100 (1 - (.2 - .01))
}

TEST(PreTrade, ASellIsTheMirror) {
    TestTrade trade;
    trade.intent.side = Side::sell;
    trade.intent.stop = Ticks{1018};
    const Decision decision = trade.decide();
    ASSERT_TRUE(decision.is_approved());
    EXPECT_EQ(decision.approval->quantity, Lots{25'641});
    EXPECT_DOUBLE_EQ(decision.approval->liquidates_at.value(), 119);
}

TEST(PreTrade, AFarStopLowersTheLeverage) {
    TestTrade trade;
    trade.intent.stop = Ticks{850};  // .15 / .5 + .01 = .31: three
    EXPECT_EQ(trade.decide().approval.value().leverage, 3U);
    trade.intent.stop = Ticks{400};  // .6 of the price: more than half of any way
    EXPECT_EQ(trade.decide().denials(), std::vector{DenialCode::liquidation_near});
}

TEST(PreTrade, VenueAndTierLimitTheLeverage) {
    TestTrade trade;
    trade.instrument.limits.leverage_max = Decimal{25, 1};
    EXPECT_EQ(trade.decide().approval.value().leverage, 2U);
    trade.instrument.limits.leverage_max.reset();
    auto& tiers = trade.instrument.margin_tiers;
    tiers = {{.worth_max = {3'000, 0}, .maintenance_rate = {2, 2}, .leverage_max = {4, 0}}};
    EXPECT_EQ(trade.decide().approval.value().leverage, 4U);
    EXPECT_DOUBLE_EQ(trade.decide().approval.value().liquidates_at.value(), 77);  // 100 (1 - (.25 - .02))
}

TEST(PreTrade, TheTierIsThatOfEverythingInTheMarket) {
    TestTrade trade;
    trade.instrument.limits.leverage_max.reset();
    trade.instrument.margin_tiers = {{.worth_max = {2'564, 0}, .maintenance_rate = {1, 2}, .leverage_max = {50, 0}},
                                     {.worth_max = {9'000, 0},
                                      .maintenance_rate = {4, 2},
                                      .maintenance_deduction = {5'128'200, 5},
                                      .leverage_max = {4, 0}}};
    // 2,564.1 are in the second: .04 - 51.282 / 2,564.1 = .02
    EXPECT_EQ(trade.decide().approval.value().leverage, 4U);
    EXPECT_NEAR(trade.decide().approval.value().liquidates_at.value(), 77, 1e-9);
    trade.instrument.margin_tiers[0].worth_max = {2'565, 0};
    EXPECT_EQ(trade.decide().approval.value().leverage, 5U) << "leverage_max";
    trade.hold(10, 5);  // one more: the market is in the second, which allows no five times
    EXPECT_EQ(trade.decide().denials(), std::vector{DenialCode::margin_tier});
}

TEST(PreTrade, SpotIsBoughtWithoutLeverageAndNeverLiquidated) {
    TestTrade trade;
    trade.instrument.category = market::Category::spot;
    trade.instrument.settle.clear();
    trade.instrument.limits.leverage_max.reset();
    const Decision decision = trade.decide();
    ASSERT_TRUE(decision.is_approved());
    EXPECT_EQ(decision.approval->leverage, 1U);
    EXPECT_EQ(decision.approval->liquidates_at, std::nullopt);
    trade.intent.side = Side::sell;
    trade.intent.stop = Ticks{1018};
    EXPECT_EQ(trade.decide().denials(), std::vector{DenialCode::contract_unsupported}) << "nothing is there to sell";
}

TEST(PreTrade, InverseContractsAreRefused) {
    TestTrade trade;
    trade.instrument.category = market::Category::inverse;
    const auto codes = trade.decide().denials();
    EXPECT_NE(std::ranges::find(codes, DenialCode::contract_unsupported), codes.end());
}

TEST(PreTrade, AWantedQuantityIsTakenWholeOrDenied) {
    TestTrade trade;
    trade.intent.quantity = Lots{100};
    const Decision decision = trade.decide();
    EXPECT_EQ(decision.approval.value().quantity, Lots{100});
    EXPECT_EQ(decision.approval->bound_by, std::nullopt);
    for (const std::int64_t lots :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-1000}, std::numeric_limits<std::int64_t>::max(),
          std::numeric_limits<std::int64_t>::max() / 2}) {
        trade.intent.quantity = Lots{lots};
        EXPECT_FALSE(trade.decide().is_approved()) << lots;
    }
    trade.terms.mark = Ticks{1};  // so that even such a quantity is worth something that fits
    trade.instrument.lot_size = {1, 12};
    EXPECT_FALSE(trade.decide().is_approved());
}

TEST(PreTrade, LossesMakeSizesSmaller) {
    TestTrade trade;
    trade.before.push_back([](PreTrade& desk) { desk.on_equity(kTestNow - 16 * kDay, units_of(11'000)); });
    trade.before.push_back([](PreTrade& desk) { desk.on_equity(kTestNow - 8 * kDay, units_of(9'900)); });
    trade.equity = units_of(9'900);
    EXPECT_EQ(trade.decide().approval.value().quantity, Lots{12'692}) << "24.75 / 1.95";
}

TEST(PreTrade, MarketsThatMoveTogetherAreOneBet) {
    TestTrade trade;
    // a quarter of .01: 25 units may be lost
    trade.intent.chance = WinChance{.probability = .9, .low = .505, .standard_error = 0, .payoff = 1};
    trade.other_terms.cluster = trade.terms.cluster;
    EXPECT_EQ(trade.decide().approval.value().quantity, Lots{12'820});
    trade.hold_other(1'000, Ticks{900});  // 10 units to its stop
    EXPECT_EQ(trade.decide().approval.value().quantity, Lots{7'692});
    trade.other_terms.cluster = ClusterId{1};
    EXPECT_EQ(trade.decide().approval.value().quantity, Lots{12'820});
}

TEST(PreTrade, WhatIsApprovedIsReserved) {
    TestTrade trade;
    PreTrade desk = trade.desk();
    ASSERT_TRUE(desk.judge(trade.intent, trade.market()).is_approved());
    EXPECT_EQ(desk.exposure().worst_case().orders, 0U) << "judging reserves nothing";
    ASSERT_TRUE(desk.approve(trade.intent, trade.market()).is_approved());
    EXPECT_EQ(desk.exposure().worst_case().gross, units_of(2'564.1));
    EXPECT_EQ(desk.approve(trade.intent, trade.market()).denials(), std::vector{DenialCode::duplicate_order});
    EXPECT_EQ(desk.exposure().worst_case().gross, units_of(2'564.1)) << "a denial reserves nothing";
}

TEST(PreTrade, TwoSignalsAtOnceCannotPassALimitTogether) {
    TestTrade trade;
    trade.params.gross_max = trade.params.net_max = .5;  // each is worth .256
    trade.params.position_max = trade.params.cluster_max = .4;
    PreTrade desk = trade.desk();
    ASSERT_TRUE(desk.judge(trade.intent, trade.market()).is_approved());
    OrderIntent second = trade.intent;
    second.id = {1, 2};
    MarketView other = trade.market();
    const auto ether = trade.other;
    const MarketView second_market{.instrument = ether,
                                   .terms = trade.other_terms,
                                   .spread_bps = other.spread_bps,
                                   .book_age = other.book_age,
                                   .mark_age = other.mark_age,
                                   .venue_latency = other.venue_latency,
                                   .is_venue_degraded = other.is_venue_degraded,
                                   .annual_volatility = other.annual_volatility};
    ASSERT_TRUE(desk.judge(second, second_market).is_approved()) << "each alone";
    ASSERT_TRUE(desk.approve(trade.intent, trade.market()).is_approved());
    EXPECT_EQ(desk.approve(second, second_market).denials(),
              (std::vector{DenialCode::max_net, DenialCode::max_gross}));
    desk.exposure().on_abandoned(trade.instrument.id, trade.intent.id);
    EXPECT_TRUE(desk.approve(second, second_market).is_approved()) << "the first was never sent";
}

TEST(PreTrade, WhatReducesPassesInEveryMode) {
    TestTrade trade;
    trade.hold(-7);
    PreTrade desk = trade.desk();
    desk.make_safer(Mode::halted, kTestNow, "test", "pressed");
    desk.on_account_known(false);
    const OrderIntent exit{.id = {1, 5}, .at = kTestNow, .side = Side::buy, .is_reduce_only = true};
    const Decision decision = desk.approve(exit, trade.market());
    EXPECT_EQ(decision.approval.value().quantity, Lots{7}) << "the whole position";
    EXPECT_EQ(desk.exposure().worst_case().orders, 0U);
    OrderIntent wrong = exit;
    wrong.side = Side::sell;
    EXPECT_EQ(desk.approve(wrong, trade.market()).denials(), std::vector{DenialCode::not_reducing});
    wrong = exit;
    for (const std::int64_t lots : {0, -1, 8}) {
        wrong.quantity = Lots{lots};
        EXPECT_FALSE(desk.approve(wrong, trade.market()).is_approved()) << lots;
    }
}

TEST(PreTrade, TheDrawdownReducesThenHaltsAndOnlySomebodyReleases) {
    TestTrade trade;
    PreTrade desk = trade.desk();
    EXPECT_EQ(desk.on_equity(kTestNow + 1s, units_of(8'500.01)), std::nullopt);
    const auto reduced = desk.on_equity(kTestNow + 2s, units_of(8'500));
    ASSERT_TRUE(reduced);
    EXPECT_EQ(reduced->to, Mode::reducing);
    EXPECT_EQ(desk.on_equity(kTestNow + 3s, units_of(9'999)), std::nullopt);
    EXPECT_EQ(desk.state().mode(), Mode::reducing) << "not back by itself";
    EXPECT_EQ(desk.on_equity(kTestNow + 4s, units_of(8'000)).value().to, Mode::halted);
    EXPECT_FALSE(desk.release(Mode::active, kTestNow + 5s, "", "go on"));
    EXPECT_EQ(desk.breakers().drawdown(), .2) << "a refused release changes nothing";
    ASSERT_TRUE(desk.release(Mode::active, kTestNow + 5s, "ada", "go on"));
    EXPECT_EQ(desk.on_equity(kTestNow + 6s, units_of(8'000)), std::nullopt) << "from here on anew";
    EXPECT_EQ(desk.state().mode(), Mode::active);
}

TEST(PreTrade, FailuresOfTheVenueDeny) {
    TestTrade trade;
    for (int i = 0; i < 4; ++i)
        trade.before.push_back([](PreTrade& desk) { desk.on_request_failed(kTestNow - 5min + 1ns); });
    EXPECT_TRUE(trade.decide().is_approved());
    trade.before.push_back([](PreTrade& desk) { desk.on_request_failed(kTestNow - 5min + 1ns); });
    EXPECT_EQ(trade.decide().denials(), std::vector{DenialCode::venue_degraded});
    trade.intent.at += 1ns;
    EXPECT_TRUE(trade.decide().is_approved());
}

TEST(PreTrade, GoesOnFromWhatWasStored) {
    TestTrade trade;
    PreTrade desk = trade.desk();
    desk.on_equity(kTestNow, units_of(8'400));
    std::string bytes;
    desk.encode(bytes);
    PreTrade next(trade.params, "USDT");
    next.restore(bytes, kTestNow + 1min);
    EXPECT_EQ(next.state().mode(), Mode::reducing);
    EXPECT_EQ(next.state().last_change(), desk.state().last_change());
    EXPECT_DOUBLE_EQ(next.breakers().daily_loss(kTestNow), .16);
    const auto codes = next.judge(trade.intent, trade.market()).denials();
    EXPECT_NE(std::ranges::find(codes, DenialCode::account_unknown), codes.end()) << "a start asks the venue";
}

TEST(PreTrade, ADamagedStoreHalts) {
    TestTrade trade;
    const PreTrade desk = trade.desk();
    std::string bytes;
    desk.encode(bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        PreTrade next(trade.params, "USDT");
        next.restore(std::string_view(bytes).substr(0, length), kTestNow);
        EXPECT_EQ(next.state().mode(), Mode::halted) << length;
        EXPECT_FALSE(next.state().last_change()->reason.empty());
    }
    PreTrade next(trade.params, "USDT");
    next.restore(bytes, kTestNow);
    EXPECT_EQ(next.state().mode(), Mode::active);
}

TEST(PreTrade, TheSameQuestionsGiveTheSameBytes) {
    const auto written = [] {
        const TestTrade trade;
        JsonWriter out;
        write_checks(out, trade.decide().checks);
        return out.take();
    };
    EXPECT_EQ(written(), written());
}

}  // namespace
}  // namespace vt::risk
