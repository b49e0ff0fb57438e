#include "execution/executor.hpp"

#include "execution/test_desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::execution {
namespace {

using trading::Cancel;
using trading::Place;
using trading::Purpose;
using trading::RefusalCode;

TEST(Executor, EntersAtTheMarketProtectsAndOnlyThenPlacesTheLadder) {
    auto desk = Desk::ready();
    EXPECT_EQ(desk.executor.open(Desk::plan(), desk.now, desk.actions), 1U);
    const auto entries = desk.asked<Place>();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].order.kind, trading::OrderKind::market);
    EXPECT_EQ(entries[0].order.quantity, Lots{100});
    EXPECT_FALSE(entries[0].order.is_reduce_only);

    desk.accept(entries[0].order.id);
    EXPECT_TRUE(desk.asked<Place>().empty());
    desk.fill(entries[0].order.id, 40, 10'000);
    const auto stops = desk.asked<Place>();
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].order.kind, trading::OrderKind::stop_market);
    EXPECT_EQ(stops[0].order.side, market::Side::sell);
    EXPECT_EQ(stops[0].order.trigger, Ticks{9'900});
    EXPECT_TRUE(stops[0].order.is_reduce_only);

    desk.accept(stops[0].order.id);
    EXPECT_TRUE(desk.asked<Place>().empty()) << "the entry is not over";
    desk.fill(entries[0].order.id, 60, 10'010);
    const auto rungs = desk.asked<Place>();
    ASSERT_EQ(rungs.size(), 3U);
    EXPECT_EQ(rungs[0].order.quantity, Lots{50});
    EXPECT_EQ(rungs[1].order.quantity, Lots{30});
    EXPECT_EQ(rungs[2].order.quantity, Lots{20});
    EXPECT_EQ(rungs[2].order.price, Ticks{10'400});
    for (const auto& rung : rungs) EXPECT_TRUE(rung.order.is_reduce_only);
}

TEST(Executor, AnEntryWithALimitPaysNoMore) {
    auto desk = Desk::ready();
    auto plan = Desk::plan();
    plan.limit = Ticks{10'020};
    desk.executor.open(plan, desk.now, desk.actions);
    const auto entries = desk.asked<Place>();
    EXPECT_EQ(entries.at(0).order.kind, trading::OrderKind::limit);
    EXPECT_EQ(entries.at(0).order.price, Ticks{10'020});
    EXPECT_EQ(entries.at(0).order.time_in_force, trading::TimeInForce::immediate_or_cancel);
}

/// Both directions by the same numbers, mirrored at 1000.
class ExecutorOfSide : public ::testing::TestWithParam<market::Side> {
protected:
    [[nodiscard]] std::int64_t mirrored(std::int64_t ticks) const {
        return GetParam() == market::Side::buy ? ticks : 20'000 - ticks;
    }
};
INSTANTIATE_TEST_SUITE_P(Both, ExecutorOfSide, ::testing::Values(market::Side::buy, market::Side::sell));

TEST_P(ExecutorOfSide, TheLadderClosesItAndTheStopFollowsToBreakEven) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan(GetParam()));
    desk.executor.on_price(desk.instrument.id, Ticks{mirrored(9'950)}, desk.now, desk.actions);
    desk.executor.on_price(desk.instrument.id, Ticks{mirrored(10'200)}, desk.now, desk.actions);
    desk.fill(*desk.trade().targets[0], 50, mirrored(10'150), .02);
    const auto amendments = desk.asked<trading::Amend>();
    ASSERT_EQ(amendments.size(), 1U);
    EXPECT_EQ(amendments[0].order.trigger, Ticks{mirrored(10'010)}) << "a round trip of 10 bps beyond the entry";
    desk.say(trading::Amended{amendments[0].order, amendments[0].revision});
    EXPECT_EQ(desk.executor.orders().find(*desk.trade().stop)->request().trigger, Ticks{mirrored(10'010)});

    desk.fill(*desk.trade().targets[1], 30, mirrored(10'250));
    desk.fill(*desk.trade().targets[2], 20, mirrored(10'400));
    const auto cancellations = desk.asked<Cancel>();
    ASSERT_EQ(cancellations.size(), 1U);
    EXPECT_EQ(cancellations[0].id, *desk.trade().stop);
    EXPECT_FALSE(desk.trade().ended_at) << "the stop may still be there";
    desk.say(trading::Cancelled{*desk.trade().stop, "requested"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::target);
    EXPECT_TRUE(desk.trade().ended_at);

    // .05 x 15 + .03 x 25 + .02 x 40 = 2.3, less .02; .1 x 10 was risked
    const auto result = result_of(desk.trade(), desk.instrument).value();
    EXPECT_EQ(result.net, money(2.28));
    EXPECT_NEAR(result.r_multiple, 2.28, 1e-12);
    EXPECT_NEAR(result.mfe_bps, 200, 1e-9);
    EXPECT_NEAR(result.mae_bps, -50, 1e-9);
    EXPECT_EQ(desk.executor.wallet(), money(10'002.28));
}

TEST_P(ExecutorOfSide, TheStopEndsItAndTheLadderIsTakenBack) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan(GetParam()), mirrored(10'005));
    desk.fill(*desk.trade().stop, 100, mirrored(9'895));
    EXPECT_EQ(desk.asked<Cancel>().size(), 3U);
    for (const auto& target : desk.trade().targets) desk.say(trading::Cancelled{*target, "requested"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::stop);
    EXPECT_TRUE(desk.trade().ended_at);
    const auto result = result_of(desk.trade(), desk.instrument).value();
    EXPECT_EQ(result.net, money(-1.1));
    EXPECT_NEAR(result.slippage_bps, 5, 1e-9);
    EXPECT_NEAR(result.r_multiple, -1.1 / 1.05, 1e-12);
}

TEST(Executor, AStopThatNobodyConfirmsClosesThePosition) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.fill(*desk.trade().entry, 100, 10'000);
    desk.actions.clear();
    desk.at_ms(1'900);
    EXPECT_TRUE(desk.asked<Place>().empty());
    desk.at_ms(2'000);
    EXPECT_EQ(desk.warnings(), (std::vector{WarningKind::order_unknown, WarningKind::unprotected}));
    const auto exits = desk.asked<Place>();
    ASSERT_EQ(exits.size(), 1U);
    EXPECT_EQ(exits[0].order.kind, trading::OrderKind::market);
    EXPECT_EQ(exits[0].order.quantity, Lots{100});
    EXPECT_TRUE(exits[0].order.is_reduce_only);
    EXPECT_EQ(desk.executor.orders().find(exits[0].order.id)->purpose(), Purpose::emergency);
    desk.fill(exits[0].order.id, 100, 9'990);
    EXPECT_EQ(desk.asked<Cancel>().size(), 1U) << "the stop may have arrived";
    desk.say(trading::Cancelled{*desk.trade().stop, "requested"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::unprotected);
    EXPECT_TRUE(desk.trade().ended_at);
}

TEST(Executor, AStopThatIsRefusedIsTriedAgainAndThenThePositionClosed) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.fill(*desk.trade().entry, 100, 10'000);
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto before = *desk.trade().stop;
        desk.say(trading::Refused{before, RefusalCode::too_many, "too many conditional orders"});
        EXPECT_NE(*desk.trade().stop, before);
        EXPECT_FALSE(desk.trade().closing);
    }
    desk.actions.clear();
    desk.say(trading::Refused{*desk.trade().stop, RefusalCode::too_many, "too many conditional orders"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::unprotected);
    const auto exits = desk.asked<Place>();
    ASSERT_EQ(exits.size(), 1U);
    EXPECT_EQ(exits[0].order.kind, trading::OrderKind::market);
}

TEST(Executor, AStopBeyondThePriceAlreadyClosesAtTheMarket) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.fill(*desk.trade().entry, 100, 10'000);
    desk.actions.clear();
    desk.say(trading::Refused{*desk.trade().stop, RefusalCode::would_trigger, "trigger above the last price"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::stop);
    EXPECT_EQ(desk.asked<Place>().size(), 1U);
}

TEST(Executor, AStopThatSomebodyCancelsIsPlacedAnew) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.say(trading::Cancelled{*desk.trade().stop, "by another program"});
    const auto stops = desk.asked<Place>();
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].order.kind, trading::OrderKind::stop_market);
    EXPECT_TRUE(desk.trade().unprotected_since);
    desk.accept(stops[0].order.id);
    EXPECT_FALSE(desk.trade().unprotected_since);
}

TEST(Executor, SilenceAfterAConfirmedStopClosesNothing) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.executor.disconnected();
    desk.at_ms(60'000);
    desk.executor.begin(desk.now, desk.actions);
    desk.at_ms(120'000);
    EXPECT_TRUE(desk.asked<Place>().empty());
    EXPECT_FALSE(desk.trade().closing);
}

TEST(Executor, AnEntryThatFillsNothingEndsWithoutAResult) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.say(trading::Cancelled{*desk.trade().entry, "nothing to be had"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::not_entered);
    EXPECT_TRUE(desk.trade().ended_at);
    EXPECT_EQ(result_of(desk.trade(), desk.instrument), std::nullopt);
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), std::nullopt);
}

TEST(Executor, AFillThatItsCancellationOvertookIsProtected) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    const auto entry = *desk.trade().entry;
    desk.say(trading::Cancelled{entry, "rest cancelled"});
    EXPECT_TRUE(desk.trade().ended_at);
    desk.actions.clear();
    desk.fill(entry, 30, 10'000);
    EXPECT_FALSE(desk.trade().ended_at);
    EXPECT_FALSE(desk.trade().closing);
    const auto stops = desk.asked<Place>();
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].order.kind, trading::OrderKind::stop_market);
}

TEST(Executor, AnEntryThatRestsIsTakenBackWhenItsTimeIsOver) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.accept(*desk.trade().entry);
    desk.fill(*desk.trade().entry, 40, 10'000);
    desk.accept(*desk.trade().stop);
    desk.actions.clear();
    desk.at_ms(5'000);
    EXPECT_EQ(desk.asked<Cancel>().size(), 1U);
    desk.say(trading::Cancelled{*desk.trade().entry, "requested"});
    const auto rungs = desk.asked<Place>();
    ASSERT_EQ(rungs.size(), 3U);
    EXPECT_EQ(rungs[0].order.quantity, Lots{20});
    EXPECT_EQ(rungs[1].order.quantity, Lots{12});
    EXPECT_EQ(rungs[2].order.quantity, Lots{8});
}

TEST(Executor, AnExecutionCountsOnce) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    const auto fill = desk.fill_of(*desk.trade().entry, 7, 40, 10'000, .1);
    desk.say(fill);
    desk.say(fill);
    EXPECT_EQ(desk.trade().position.net, Lots{40});
    EXPECT_EQ(desk.trade().position.fees, money(.1));
    EXPECT_EQ(desk.trade().entered, Lots{40});
}

TEST(Executor, WhatIsOpenWhenItsTimeIsOverIsClosed) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.at_ms(8 * 3'600'000);
    EXPECT_EQ(desk.trade().closing, TradeEnd::expired);
    const auto before = desk.actions;
    EXPECT_EQ(desk.asked<Cancel>().size(), 3U) << "the rungs; the stop stays until it is flat";
    desk.actions = before;
    EXPECT_EQ(desk.asked<Place>().size(), 1U);
}

TEST(Executor, AnExitThatIsRefusedIsTriedAgainEverMoreRarely) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    ASSERT_TRUE(desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions));
    std::vector<std::int64_t> placed_at_ms;
    for (std::int64_t ms = 0; ms <= 20'000; ms += 100) {
        desk.at_ms(ms);
        for (const auto& exit : desk.asked<Place>()) {
            placed_at_ms.push_back(ms);
            desk.say(trading::Refused{exit.order.id, RefusalCode::not_trading, "halted"});
        }
    }
    EXPECT_EQ(placed_at_ms, (std::vector<std::int64_t>{0, 1'000, 2'000, 3'000, 5'000, 9'000, 17'000}));
    EXPECT_EQ(desk.trade().position.net, Lots{100});
}

TEST(Executor, AnExitThatNobodyKnowsOfDoesNotHoldUpTheNext) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    const auto first = *desk.trade().exit;
    desk.say(trading::Unanswered{first});
    desk.actions.clear();
    desk.at_ms(1'000);
    EXPECT_EQ(desk.asked<Place>().size(), 1U);
    // the first was there after all, the second found nothing to close
    const auto second = *desk.trade().exit;
    desk.fill(first, 100, 9'990);
    desk.say(trading::Refused{second, RefusalCode::reduce_only, "no position"});
    desk.say(trading::Cancelled{*desk.trade().stop, "no position"});
    for (const auto& target : desk.trade().targets) desk.say(trading::Cancelled{*target, "no position"});
    EXPECT_TRUE(desk.trade().ended_at);
    EXPECT_EQ(desk.trade().position.net, Lots{});
}

TEST(Executor, TheTrailingStopFollowsTheBestPriceAndNeverGoesBack) {
    auto desk = Desk::ready();
    auto plan = Desk::plan();
    plan.ladder = {};
    plan.trailing = Trailing{.distance_ticks = 80, .step_ticks = 10};
    desk.enter(plan);
    const auto price = [&](std::int64_t ticks, std::int64_t ms) {
        desk.now = from_ms(ms);
        desk.executor.on_price(desk.instrument.id, Ticks{ticks}, desk.now, desk.actions);
        return desk.asked<trading::Amend>();
    };
    EXPECT_TRUE(price(9'980, 100).empty()) << "80 below is no better than the plan's stop";
    const auto first = price(10'050, 200);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].order.trigger, Ticks{9'970});
    desk.say(trading::Amended{first[0].order, first[0].revision});
    EXPECT_TRUE(price(10'055, 2'000).empty()) << "less than a step";
    EXPECT_TRUE(price(10'000, 3'000).empty());
    const auto second = price(10'100, 4'000);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].order.trigger, Ticks{10'020});
    desk.say(trading::AmendRefused{*desk.trade().stop, second[0].revision, RefusalCode::would_trigger, "beyond"});
    EXPECT_EQ(desk.trade().closing, TradeEnd::stop);
}

TEST(Executor, HaltedCancelsEntriesAndKeepsStopsUnlessItFlattens) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.executor.halt(false, desk.now, desk.actions);
    EXPECT_TRUE(desk.asked<Place>().empty());
    EXPECT_FALSE(desk.trade().closing);
    EXPECT_EQ(desk.executor.refusal(market::InstrumentId{1}), Executor::Refusal::halted);
    desk.executor.halt(true, desk.now, desk.actions);
    EXPECT_EQ(desk.trade().closing, TradeEnd::halted);
    EXPECT_EQ(desk.asked<Place>().size(), 1U);
}

TEST(Executor, EachRefusalHasItsReason) {
    Desk desk;
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), Executor::Refusal::not_reconciled);
    desk.executor.begin(desk.now, desk.actions);
    desk.say(trading::AccountFound{});
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), std::nullopt);
    EXPECT_EQ(desk.executor.refusal(market::InstrumentId{9}), Executor::Refusal::instrument_unknown);
    desk.enter(Desk::plan());
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), Executor::Refusal::instrument_busy);
    desk.executor.disconnected();
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), Executor::Refusal::not_reconciled);
    Params few;
    few.orders_max = 5;
    Desk small(few);
    small.executor.begin(small.now, small.actions);
    small.say(trading::AccountFound{});
    EXPECT_EQ(small.executor.refusal(small.instrument.id), Executor::Refusal::too_many_orders);
}

TEST(Executor, ATargetThatIsRefusedIsPlacedAnewEverMoreRarely) {
    auto desk = Desk::ready();
    const auto id = desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.fill(*desk.trade(id).entry, 100, 10'000);
    desk.accept(*desk.trade(id).stop);
    const auto first = *desk.trade(id).targets[0];
    desk.accept(*desk.trade(id).targets[1]);
    desk.accept(*desk.trade(id).targets[2]);
    desk.at_ms(100);
    desk.say(trading::Refused{first, trading::RefusalCode::too_many, "10006: too many visits"});
    desk.actions.clear();
    std::vector<std::int64_t> placed_ms;
    for (std::int64_t ms = 200; ms <= 60'000; ms += 100) {
        desk.at_ms(ms);
        for (const trading::Place& place : desk.asked<trading::Place>()) {
            EXPECT_EQ(place.order.price, Ticks{10'150});
            EXPECT_EQ(place.order.quantity, Lots{50});
            EXPECT_TRUE(place.order.is_reduce_only);
            placed_ms.push_back(ms);
            desk.say(trading::Refused{place.order.id, trading::RefusalCode::too_many, "10006: too many visits"});
            desk.actions.clear();
        }
    }
    EXPECT_EQ(placed_ms, (std::vector<std::int64_t>{5'100, 15'100, 35'100})) << "after 5, 10 and 20 s";
    desk.at_ms(75'100);
    const auto again = desk.asked<trading::Place>();
    ASSERT_EQ(again.size(), 1U);
    desk.accept(again[0].order.id);
    desk.fill(again[0].order.id, 50, 10'150);
    EXPECT_GT(desk.trade(id).stop_wanted, Ticks{10'000}) << "its fill moves the stop as the first one's would have";
}

/// At the end of a minute many signals come at once, and a venue takes ten orders a second.
TEST(Executor, ATargetThatAPersonTookBackIsNotPlacedAnewAndHoldsUpNoStop) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    const auto first = *desk.trade().targets[0];
    ASSERT_TRUE(desk.executor.cancel(first, desk.now, desk.actions));
    ASSERT_TRUE(desk.executor.cancel(first, desk.now, desk.actions)) << "asked for twice";
    const auto cancels = desk.asked<Cancel>();
    ASSERT_EQ(cancels.size(), 1U);
    EXPECT_EQ(cancels[0].id, first);
    EXPECT_EQ(desk.trade().withdrawn, std::vector{first});
    desk.say(trading::Cancelled{first, "requested"});
    for (std::int64_t ms = 1'000; ms <= 600'000; ms += 1'000) desk.at_ms(ms);
    EXPECT_TRUE(desk.asked<Place>().empty());
    EXPECT_EQ(desk.executor.cancel(first, desk.now, desk.actions).error().code, Errc::not_found) << "it is over";
    // the next rung is the first one now: with it the stop goes to where the rest comes out even
    desk.fill(*desk.trade().targets[1], 30, 10'250);
    const auto amends = desk.asked<trading::Amend>();
    ASSERT_EQ(amends.size(), 1U);
    EXPECT_EQ(amends[0].order.trigger, Ticks{10'010});
}

TEST(Executor, AWithdrawalThatWasLostIsAskedForAgain) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    const auto last = *desk.trade().targets[2];
    ASSERT_TRUE(desk.executor.cancel(last, desk.now, desk.actions));
    EXPECT_EQ(desk.asked<Cancel>().size(), 1U);
    desk.say(trading::Unanswered{last});
    desk.at_ms(100);
    EXPECT_EQ(desk.asked<Cancel>().size(), 1U) << "the venue may still have it";
    desk.say(trading::Cancelled{last, "requested"});
    desk.at_ms(200);
    EXPECT_TRUE(desk.asked<Cancel>().empty());
}

TEST(Executor, AnEntryThatAPersonTakesBackKeepsWhatWasFilledProtected) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    const auto entry = *desk.trade().entry;
    desk.fill(entry, 40, 10'000);
    desk.accept(*desk.trade().stop);
    desk.actions.clear();
    ASSERT_TRUE(desk.executor.cancel(entry, desk.now, desk.actions));
    ASSERT_EQ(desk.asked<Cancel>().size(), 1U);
    desk.say(trading::Cancelled{entry, "requested"});
    EXPECT_FALSE(desk.trade().closing);
    EXPECT_EQ(desk.asked<Place>().size(), 3U) << "the rungs, of what was filled";

    auto none = Desk::ready();
    none.executor.open(Desk::plan(), none.now, none.actions);
    ASSERT_TRUE(none.executor.cancel(*none.trade().entry, none.now, none.actions));
    none.say(trading::Cancelled{*none.trade().entry, "requested"});
    EXPECT_EQ(none.trade().closing, TradeEnd::not_entered);
}

TEST(Executor, WhatProtectsOrClosesAPositionIsNotTakenBack) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    const auto stop = desk.executor.cancel(*desk.trade().stop, desk.now, desk.actions);
    EXPECT_EQ(stop.error().code, Errc::refused);
    EXPECT_NE(stop.error().what.find("close the position"), std::string::npos) << stop.error().what;
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    EXPECT_EQ(desk.executor.cancel(*desk.trade().exit, desk.now, desk.actions).error().code, Errc::refused);
    EXPECT_EQ(desk.executor.cancel({7, 7}, desk.now, desk.actions).error().code, Errc::not_found);
    for (const auto& cancel : desk.asked<Cancel>()) EXPECT_NE(cancel.id, *desk.trade().stop);
    EXPECT_TRUE(desk.trade().withdrawn.empty());
}

TEST(Executor, EntriesAndTargetsLeaveRoomForStops) {
    auto desk = Desk::ready();
    for (std::uint32_t i = 0; i < 12; ++i) {
        auto other = desk.instrument;
        other.id = market::InstrumentId{i};
        desk.executor.on_instrument(other, desk.now, desk.actions);
    }
    std::vector<TradeId> opened;
    for (std::uint32_t i = 0; i < 12; ++i) {
        auto plan = Desk::plan();
        plan.instrument = market::InstrumentId{i};
        const auto refusal = desk.executor.refusal(plan.instrument);
        if (!refusal)
            opened.push_back(desk.executor.open(plan, desk.now, desk.actions));
        else
            EXPECT_EQ(refusal, Executor::Refusal::order_rate);
    }
    EXPECT_EQ(opened.size(), 4U) << "4 entries, 4 stops, 2 to spare";
    desk.at_ms(200);
    std::size_t most = opened.size();
    for (const TradeId id : opened) {
        auto fill = desk.fill_of(*desk.trade(id).entry, 100 + id, 100, 10'000);
        fill.instrument = desk.trade(id).plan.instrument;
        desk.say(fill);
        ASSERT_TRUE(desk.trade(id).stop) << "a stop goes at once";
        desk.accept(*desk.trade(id).stop);
        ++most;
        EXPECT_FALSE(desk.trade(id).has_ladder) << "the second is spent";
    }
    EXPECT_LE(most, 10U);
    desk.actions.clear();
    std::vector<std::size_t> by_second;
    for (std::int64_t ms = 300; ms <= 5'000; ms += 100) {
        desk.at_ms(ms);
        const auto placed = desk.asked<trading::Place>();
        for (const auto& place : placed) desk.accept(place.order.id);
        desk.actions.clear();
        by_second.resize(static_cast<std::size_t>(ms / 1000) + 1);
        by_second.back() += placed.size();
    }
    for (const TradeId id : opened) EXPECT_TRUE(desk.trade(id).has_ladder);
    for (const std::size_t count : by_second) EXPECT_LE(count, 8U);
}

TEST(Executor, FundingCountsOnceForTheTradeThatWasOpen) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    const trading::FundingPaid paid{desk.instrument.id, from_ms(1'000), money(-.01)};
    desk.say(paid);
    desk.say(paid);
    EXPECT_EQ(desk.trade().position.funding, money(-.01));
    EXPECT_EQ(desk.trade().position.net, Lots{100}) << "funding is no fill";
    desk.now = from_ms(3'000);
    desk.fill(*desk.trade().stop, 100, 9'900);
    for (const auto& target : desk.trade().targets) desk.say(trading::Cancelled{*target, "no position"});
    ASSERT_TRUE(desk.trade().ended_at);
    desk.say(trading::FundingPaid{desk.instrument.id, from_ms(2'500), money(-.02)});
    EXPECT_EQ(desk.trade().position.funding, money(-.03)) << "told after the end";
    desk.say(trading::FundingPaid{desk.instrument.id, from_ms(3'500), money(-.02)});
    EXPECT_EQ(desk.trade().position.funding, money(-.03)) << "settled after the end";
}

TEST(Executor, ALiquidationIsBookedAndSaid) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    const trading::Fill fill{.execution = trading::ExecutionId{900},
                             .instrument = desk.instrument.id,
                             .side = market::Side::sell,
                             .kind = trading::ExecutionKind::liquidation,
                             .price = Ticks{9'050},
                             .quantity = Lots{100},
                             .fee = money(.05)};
    desk.say(fill);
    desk.say(fill);
    EXPECT_EQ(std::ranges::count(desk.warnings(), WarningKind::liquidated), 1);
    EXPECT_EQ(desk.trade().closing, TradeEnd::liquidated);
    EXPECT_EQ(trading::Position(desk.trade().position).wallet_change(), money(-9.55));
}

TEST(Executor, AMarketThatIsEndedClosesItsTrade) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.instrument.status = market::TradingStatus::delivering;
    desk.executor.on_instrument(desk.instrument, desk.now, desk.actions);
    EXPECT_EQ(desk.trade().closing, TradeEnd::delisted);
    EXPECT_EQ(desk.asked<Place>().size(), 1U);
}

TEST(Executor, ATradeThatEndedIsForgottenAndItsResultKept) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.fill(*desk.trade().stop, 100, 9'900);
    for (const auto& target : desk.trade().targets) desk.say(trading::Cancelled{*target, "no position"});
    EXPECT_EQ(desk.executor.orders().size(), 5U);
    desk.at_ms(600'000);
    EXPECT_TRUE(desk.executor.trades().empty());
    EXPECT_EQ(desk.executor.orders().size(), 0U);
    EXPECT_EQ(desk.executor.wallet(), money(9'999));
}

TEST(RungQuantities, AreWholeLotsAndAddUp) {
    auto plan = Desk::plan();
    const auto of = [&](std::int64_t lots) { return rung_quantities(plan, Lots{lots}); };
    EXPECT_EQ(of(10), (std::array{Lots{5}, Lots{3}, Lots{2}}));
    EXPECT_EQ(of(7), (std::array{Lots{3}, Lots{2}, Lots{2}}));
    EXPECT_EQ(of(1), (std::array{Lots{0}, Lots{0}, Lots{1}}));
    plan.ladder[2].reset();
    EXPECT_EQ(of(10), (std::array{Lots{5}, Lots{5}, Lots{0}})) << "the last one that there is takes the rest";
}

}  // namespace
}  // namespace vt::execution
