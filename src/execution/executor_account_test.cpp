#include "execution/executor.hpp"
#include "execution/test_desk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vt::execution {
namespace {

/// What the venue says of an account that holds so many lots and the orders that are given.
trading::AccountFound account(const Desk& desk, std::int64_t lots, std::vector<trading::ClientOrderId> open = {}) {
    trading::AccountFound found{.wallet = money(10'000)};
    if (lots != 0) found.positions.push_back({.instrument = desk.instrument.id, .net = Lots{lots}});
    for (const auto id : open) found.open_orders.push_back({.order = desk.executor.orders().find(id)->request()});
    return found;
}

std::vector<trading::ClientOrderId> orders_of(const Trade& trade) {
    std::vector<trading::ClientOrderId> orders{*trade.stop};
    for (const auto& target : trade.targets)
        if (target) orders.push_back(*target);
    return orders;
}

/// The venue says so, with every order of the trade open, until it is believed.
void insist(Desk& desk, std::int64_t lots) {
    for (const std::int64_t ms : {1'000, 12'900, 13'000}) {
        desk.at_ms(ms);
        desk.say(account(desk, lots, orders_of(desk.trade())));
    }
}

TEST(Account, IsAskedForAtTheStartAndRegularly) {
    Desk desk;
    desk.executor.begin(desk.now, desk.actions);
    EXPECT_EQ(desk.asked<trading::FindAccount>().size(), 1U);
    EXPECT_FALSE(desk.executor.is_reconciled());
    desk.at_ms(3'000);
    EXPECT_EQ(desk.asked<trading::FindAccount>().size(), 1U) << "no answer";
    desk.say(account(desk, 0));
    EXPECT_TRUE(desk.executor.is_reconciled());
    EXPECT_EQ(desk.executor.wallet(), money(10'000));
    desk.at_ms(32'900);
    EXPECT_TRUE(desk.asked<trading::FindAccount>().empty());
    desk.at_ms(33'000);
    EXPECT_EQ(desk.asked<trading::FindAccount>().size(), 1U);
}

TEST(Account, APositionOfSomebodyElseCountsAndKeepsUsOut) {
    Desk desk;
    desk.executor.begin(desk.now, desk.actions);
    desk.say(account(desk, 70));
    EXPECT_FALSE(desk.executor.is_reconciled()) << "a report may be on its way";
    desk.at_ms(11'900);
    desk.say(account(desk, 70));
    EXPECT_FALSE(desk.executor.is_reconciled());
    desk.at_ms(12'000);
    desk.say(account(desk, 70));
    EXPECT_TRUE(desk.executor.is_reconciled());
    EXPECT_EQ(desk.executor.external().at(desk.instrument.id), Lots{70});
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), Executor::Refusal::instrument_busy);
    EXPECT_EQ(std::ranges::count(desk.warnings(), WarningKind::position_differs), 1);
    // sold by whoever bought it
    desk.at_ms(40'000);
    desk.say(account(desk, 0));
    desk.at_ms(52'000);
    desk.say(account(desk, 0));
    EXPECT_TRUE(desk.executor.external().empty());
    EXPECT_EQ(desk.executor.refusal(desk.instrument.id), std::nullopt);
}

TEST(Account, ADifferenceThatAReportExplainsIsNone) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.say(account(desk, 50, orders_of(desk.trade())));
    desk.fill(*desk.trade().targets[0], 50, 10'150);
    desk.at_ms(4'000);
    desk.say(account(desk, 50, {*desk.trade().stop, *desk.trade().targets[1], *desk.trade().targets[2]}));
    EXPECT_TRUE(desk.executor.is_reconciled());
    EXPECT_TRUE(desk.executor.external().empty());
    EXPECT_EQ(std::ranges::count(desk.warnings(), WarningKind::position_differs), 0);
}

TEST(Account, WhatIsMissingOfATradeIsTakenOffIt) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    insist(desk, 30);
    EXPECT_EQ(desk.trade().position.net, Lots{30});
    EXPECT_EQ(desk.trade().position.cost, money(30)) << "three tenths of what a hundred lots cost";
    EXPECT_FALSE(desk.trade().closing);
}

TEST(Account, ATradeWhosePositionIsGoneEnds) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    insist(desk, 0);
    EXPECT_EQ(desk.trade().closing, TradeEnd::reconciled);
    EXPECT_EQ(desk.asked<trading::Cancel>().size(), 4U);
    EXPECT_TRUE(desk.asked<trading::Place>().empty()) << "there is nothing to close";
}

TEST(Account, MoreThanATradeExplainsIsSomebodyElses) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    insist(desk, 130);
    EXPECT_EQ(desk.trade().position.net, Lots{100});
    EXPECT_EQ(desk.executor.external().at(desk.instrument.id), Lots{30});
}

TEST(Account, AnOrderThatShouldBeOpenAndIsNotIsAskedFor) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.say(account(desk, 100, {*desk.trade().targets[0], *desk.trade().targets[1], *desk.trade().targets[2]}));
    desk.at_ms(50);
    const auto questions = desk.asked<trading::FindOrder>();
    ASSERT_EQ(questions.size(), 1U);
    EXPECT_EQ(questions[0].id, *desk.trade().stop);
    for (const std::int64_t ms : {5'000, 12'000, 30'000}) {
        desk.at_ms(ms);
        desk.say(trading::OrderAbsent{*desk.trade().stop});
    }
    const auto stops = desk.asked<trading::Place>();
    ASSERT_EQ(stops.size(), 1U) << "the position is protected anew";
    EXPECT_EQ(stops[0].order.kind, trading::OrderKind::stop_market);
}

TEST(Account, APositionOfAnEntryThatNobodyToldOfIsProtectedAtOnce) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.say(trading::Unanswered{*desk.trade().entry});
    desk.actions.clear();
    desk.at_ms(1'000);
    EXPECT_EQ(desk.asked<trading::FindAccount>().size(), 1U) << "each second while an order is unknown";
    auto others = account(desk, -100);
    desk.say(others);
    EXPECT_TRUE(desk.asked<trading::Place>().empty()) << "the other side is not ours";
    desk.say(account(desk, 100));
    const auto stops = desk.asked<trading::Place>();
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].order.kind, trading::OrderKind::stop_market);
    EXPECT_EQ(stops[0].order.trigger, Ticks{9'900});
    desk.say(account(desk, 100));
    EXPECT_TRUE(desk.asked<trading::Place>().empty()) << "once";
    // the stop is filled before anybody says that the entry was
    desk.accept(*desk.trade().stop);
    desk.fill(*desk.trade().stop, 100, 9'900);
    EXPECT_FALSE(desk.trade().closing);
    desk.fill(*desk.trade().entry, 100, 10'000);
    EXPECT_EQ(desk.trade().closing, TradeEnd::stop);
    EXPECT_EQ(trading::Position(desk.trade().position).wallet_change(), money(-1));
    EXPECT_TRUE(desk.trade().ended_at);
}

TEST(Account, APositionThatNobodyToldOfAndWhoseStopIsNotConfirmedIsClosed) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.say(trading::Unanswered{*desk.trade().entry});
    desk.at_ms(1'000);
    desk.say(account(desk, 100));
    const auto stop = *desk.trade().stop;
    desk.say(trading::Unanswered{stop});
    desk.actions.clear();
    desk.at_ms(2'900);
    EXPECT_TRUE(desk.asked<trading::Place>().empty());
    desk.at_ms(3'000);
    EXPECT_EQ(std::ranges::count(desk.warnings(), WarningKind::unprotected), 1);
    const auto exits = desk.asked<trading::Place>();
    ASSERT_EQ(exits.size(), 1U);
    EXPECT_EQ(exits[0].order.quantity, Lots{100});
    EXPECT_TRUE(exits[0].order.is_reduce_only);
    // closed before anybody told of what opened it: nothing more is sold
    desk.fill(exits[0].order.id, 100, 9'990);
    desk.at_ms(10'000);
    EXPECT_TRUE(desk.asked<trading::Place>().empty());
    desk.fill(*desk.trade().entry, 100, 10'000);
    desk.say(trading::OrderFound{.order = desk.executor.orders().find(stop)->request(),
                                 .state = trading::OrderState::cancelled});
    EXPECT_EQ(desk.trade().closing, TradeEnd::unprotected);
    EXPECT_TRUE(desk.trade().ended_at);
    EXPECT_EQ(trading::Position(desk.trade().position).wallet_change(), money(-.1));
}

TEST(Account, AWalletThatDiffersIsSaidAndTheVenuesCounts) {
    auto desk = Desk::ready();
    auto found = account(desk, 0);
    found.wallet = money(9'990);
    desk.say(found);
    EXPECT_EQ(desk.warnings(), std::vector{WarningKind::wallet_differs});
    EXPECT_EQ(desk.executor.wallet(), money(9'990));
}

TEST(Account, AFillOfSomebodyElseAsksForTheAccountAtOnce) {
    auto desk = Desk::ready();
    desk.say(trading::Fill{.execution = trading::ExecutionId{3},
                           .instrument = desk.instrument.id,
                           .price = Ticks{10'000},
                           .quantity = Lots{1}});
    desk.at_ms(100);
    EXPECT_EQ(desk.asked<trading::FindAccount>().size(), 1U);
}

TEST(Account, ATradeIsGoneOnWithAfterARestart) {
    auto first = Desk::ready();
    first.enter(Desk::plan());
    std::vector<trading::Order::Facts> orders;
    for (const auto& id : orders_of(first.trade())) orders.push_back(first.executor.orders().find(id)->facts());
    orders.push_back(first.executor.orders().find(*first.trade().entry)->facts());

    Desk second({}, 2);
    second.now = from_ms(60'000);
    auto as_written = first.trade();  // the trade may be older than its orders
    as_written.targets = {};
    as_written.has_ladder = false;
    second.executor.resume(as_written, orders, second.now);
    second.executor.begin(second.now, second.actions);
    const auto sent = second.actions;
    EXPECT_EQ(second.asked<trading::FindOrder>().size(), 4U) << "all that is not over";
    second.actions = sent;
    EXPECT_TRUE(second.asked<trading::Place>().empty());
    EXPECT_EQ(second.trade().targets, first.trade().targets);

    for (const auto& id : orders_of(second.trade()))
        second.say(trading::OrderFound{.order = second.executor.orders().find(id)->request()});
    second.say(account(second, 100, orders_of(second.trade())));
    EXPECT_TRUE(second.executor.is_reconciled());
    second.fill(*second.trade().stop, 100, 9'900);
    EXPECT_EQ(second.trade().closing, TradeEnd::stop);
    // a new trade has a new number, and its orders those of the new start
    for (const auto& target : second.trade().targets) second.say(trading::Cancelled{*target, "no position"});
    second.actions.clear();
    EXPECT_EQ(second.executor.open(Desk::plan(), second.now, second.actions), 2U);
    EXPECT_EQ(second.asked<trading::Place>().at(0).order.id, (trading::ClientOrderId{2, 1}));
}

TEST(Account, AnIntentThatWasNeverSentIsFoundAbsentAndEndsItsTrade) {
    auto first = Desk::ready();
    first.executor.open(Desk::plan(), first.now, first.actions);
    // killed between the record and the request
    trading::Order::Facts intent;
    for (const Action& action : first.actions)
        if (const auto* record = std::get_if<RecordOrder>(&action)) intent = record->order;
    Trade written = first.trade();
    written.entry.reset();

    Desk second({}, 2);
    second.executor.resume(written, {intent}, second.now);
    second.executor.begin(second.now, second.actions);
    EXPECT_EQ(second.asked<trading::FindOrder>().size(), 1U);
    second.say(account(second, 0));
    EXPECT_FALSE(second.executor.is_reconciled()) << "an order is unknown";
    for (const std::int64_t ms : {250, 5'000, 11'000}) {
        second.at_ms(ms);
        second.say(trading::OrderAbsent{intent.request.id});
    }
    EXPECT_EQ(second.trade().closing, TradeEnd::not_entered);
    EXPECT_TRUE(second.trade().ended_at);
    EXPECT_TRUE(second.asked<trading::Place>().empty());
}

}  // namespace
}  // namespace vt::execution
