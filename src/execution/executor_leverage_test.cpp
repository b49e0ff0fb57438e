#include "execution/test_desk.hpp"
#include "execution/trade_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vt::execution {
namespace {

using trading::Place;
using trading::RefusalCode;
using trading::SetLeverage;

/// A trade that was approved with a leverage of 3, to be entered within five seconds.
class ExecutorLeverage : public ::testing::Test {
protected:
    static Plan plan(std::uint32_t leverage = 3) {
        Plan plan = Desk::plan();
        plan.leverage = leverage;
        return plan;
    }
    void open(std::uint32_t leverage = 3) { desk_.executor.open(plan(leverage), desk_.now, desk_.actions); }
    void say_set(std::uint32_t leverage = 3) { desk_.say(trading::LeverageSet{desk_.instrument.id, leverage}); }
    void say_refused(RefusalCode code = RefusalCode::no_margin) {
        desk_.say(trading::LeverageRefused{desk_.instrument.id, 3, code, "110012: not enough"});
    }
    [[nodiscard]] std::vector<std::string> warnings() const {
        std::vector<std::string> texts;
        for (const Action& action : desk_.actions)
            if (const auto* warning = std::get_if<Warning>(&action); warning != nullptr) {
                EXPECT_EQ(warning->kind, WarningKind::leverage_not_set);
                texts.push_back(warning->text);
            }
        return texts;
    }

    Desk desk_ = Desk::ready();
};

TEST_F(ExecutorLeverage, NothingIsEnteredBeforeItIsConfirmed) {
    open();
    EXPECT_TRUE(std::holds_alternative<RecordTrade>(desk_.actions.at(0))) << "before anything is asked for";
    const auto asked = desk_.asked<SetLeverage>();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].instrument, desk_.instrument.id);
    EXPECT_EQ(asked[0].leverage, 3U);
    EXPECT_FALSE(desk_.trade().entry);
    desk_.at_ms(200);
    EXPECT_TRUE(desk_.asked<Place>().empty());
    say_set(4);
    EXPECT_TRUE(desk_.asked<Place>().empty()) << "that is another";
    desk_.at_ms(300);
    say_set();
    EXPECT_EQ(desk_.asked<Place>().size(), 1U);
    ASSERT_TRUE(desk_.trade().entry);
    say_set();  // said twice
    desk_.at_ms(400);
    EXPECT_TRUE(desk_.asked<Place>().empty());
}

TEST_F(ExecutorLeverage, OneThatIsConfirmedCostsNoRequest) {
    open();
    desk_.at_ms(100);
    say_set();
    desk_.executor.halt(true, desk_.now, desk_.actions);
    desk_.say(trading::Refused{*desk_.trade().entry, RefusalCode::other, ""});
    ASSERT_TRUE(desk_.trade().ended_at);
    desk_.executor.release();
    desk_.actions.clear();
    open();
    EXPECT_TRUE(desk_.trade(2).entry);
    EXPECT_TRUE(desk_.asked<SetLeverage>().empty());
    desk_.say(trading::Refused{*desk_.trade(2).entry, RefusalCode::other, ""});
    ASSERT_TRUE(desk_.trade(2).ended_at);
    open(4);
    EXPECT_FALSE(desk_.trade(3).entry);
    EXPECT_EQ(desk_.asked<SetLeverage>().at(0).leverage, 4U);
}

TEST_F(ExecutorLeverage, ARefusalEndsTheTradeWithoutAnEntryAndSaysWhy) {
    open();
    desk_.actions.clear();
    desk_.at_ms(100);
    say_refused();
    EXPECT_EQ(warnings(),
              std::vector<std::string>{"the venue refused a leverage of 3 (110012: not enough): nothing is entered"});
    EXPECT_TRUE(desk_.asked<Place>().empty());
    EXPECT_EQ(desk_.trade().closing, TradeEnd::leverage_refused);
    EXPECT_EQ(desk_.trade().ended_at, desk_.now);
    EXPECT_EQ(desk_.executor.refusal(desk_.instrument.id), std::nullopt) << "the next one may try";
    say_refused();
    say_set();
    EXPECT_TRUE(desk_.actions.empty());
}

TEST_F(ExecutorLeverage, TooManyRequestsAreNoRefusal) {
    open();
    desk_.at_ms(100);
    say_refused(RefusalCode::too_many);
    EXPECT_FALSE(desk_.trade().closing);
    desk_.actions.clear();
    desk_.at_ms(350);
    EXPECT_EQ(desk_.asked<SetLeverage>().size(), 1U);
}

TEST_F(ExecutorLeverage, WithoutAnAnswerInTimeTheTradeEndsAndALateOneEntersNothing) {
    open();
    std::size_t asked = 0;
    for (std::int64_t ms = 0; ms < 5'000; ms += 100) {
        desk_.at_ms(ms);
        asked += desk_.asked<SetLeverage>().size();
    }
    EXPECT_EQ(asked, 3U);
    EXPECT_FALSE(desk_.trade().ended_at);
    desk_.at_ms(5'000);
    EXPECT_EQ(warnings().size(), 1U);
    EXPECT_EQ(desk_.trade().closing, TradeEnd::leverage_unconfirmed);
    EXPECT_TRUE(desk_.trade().ended_at);
    desk_.at_ms(5'100);
    desk_.actions.clear();
    say_set();
    EXPECT_TRUE(desk_.actions.empty());
    EXPECT_FALSE(desk_.trade().entry);
}

TEST_F(ExecutorLeverage, AnAnswerOfTheLastMomentEntersOfTheNextNot) {
    open();
    desk_.now = from_ms(5'000) - Nanos{1};
    say_set();
    EXPECT_EQ(desk_.asked<Place>().size(), 1U);
    Desk late = Desk::ready();
    late.executor.open(plan(), late.now, late.actions);
    late.now = from_ms(5'000);
    late.say(trading::LeverageSet{late.instrument.id, 3});
    EXPECT_TRUE(late.asked<Place>().empty());
    EXPECT_EQ(late.trade().closing, TradeEnd::leverage_unconfirmed);
}

TEST_F(ExecutorLeverage, TheNextTradeWaitsForWhatTheFirstAskedFor) {
    open();
    desk_.at_ms(100);
    ASSERT_TRUE(desk_.executor.close(1, TradeEnd::requested, desk_.now, desk_.actions));
    EXPECT_TRUE(desk_.trade().ended_at);
    desk_.actions.clear();
    open(5);
    EXPECT_TRUE(desk_.asked<SetLeverage>().empty()) << "the answer for 3 has not come";
    desk_.at_ms(200);
    say_set(3);
    EXPECT_EQ(desk_.asked<SetLeverage>().at(0).leverage, 5U);
    desk_.at_ms(300);
    desk_.executor.on_report({from_ms(199), trading::LeverageSet{desk_.instrument.id, 5}}, desk_.now, desk_.actions);
    EXPECT_TRUE(desk_.asked<Place>().empty()) << "said before the other was";
    say_set(5);
    EXPECT_EQ(desk_.asked<Place>().size(), 1U);
}

TEST_F(ExecutorLeverage, AConfirmedEntryWaitsUntilTheAccountIsComparedAgain) {
    open();
    desk_.executor.disconnected();
    desk_.at_ms(100);
    say_set();
    EXPECT_TRUE(desk_.asked<Place>().empty());
    desk_.executor.begin(desk_.now, desk_.actions);
    EXPECT_EQ(desk_.asked<SetLeverage>().size(), 1U) << "what was said before the break is doubted";
    desk_.at_ms(200);
    desk_.say(trading::AccountFound{.wallet = money(10'000)});
    EXPECT_TRUE(desk_.asked<Place>().empty());
    desk_.at_ms(300);
    say_set();
    EXPECT_EQ(desk_.asked<Place>().size(), 1U);
}

TEST_F(ExecutorLeverage, TheAccountTellsItToo) {
    open();
    desk_.actions.clear();
    desk_.at_ms(100);
    desk_.say(trading::AccountFound{
        .wallet = money(10'000), .positions = {{.instrument = desk_.instrument.id, .net = Lots{}, .leverage = 3}}});
    EXPECT_EQ(desk_.asked<Place>().size(), 1U);
}

TEST_F(ExecutorLeverage, APositionOfSomebodyElseHoldsTheEntryBack) {
    Plan patient = plan();
    patient.enter_by = from_ms(15'000);
    desk_.executor.open(patient, desk_.now, desk_.actions);
    desk_.actions.clear();
    for (const std::int64_t ms : {0, 12'000})  // taken over once it stays
        desk_.executor.on_report(
            {from_ms(ms), trading::AccountFound{.wallet = money(10'000),
                                                .positions = {{.instrument = desk_.instrument.id, .net = Lots{7}}}}},
            from_ms(ms), desk_.actions);
    ASSERT_FALSE(desk_.executor.external().empty());
    desk_.actions.clear();
    desk_.now = from_ms(12'100);
    say_set();
    EXPECT_TRUE(desk_.asked<Place>().empty());
    desk_.at_ms(15'000);
    EXPECT_EQ(desk_.trade().closing, TradeEnd::not_entered) << "its leverage was confirmed";
    EXPECT_TRUE(desk_.trade().ended_at);
    EXPECT_TRUE(warnings().empty());
}

TEST_F(ExecutorLeverage, TheKillSwitchAndWhoeverClosesItEndTheWait) {
    open();
    desk_.executor.halt(false, desk_.now, desk_.actions);
    EXPECT_EQ(desk_.trade().closing, TradeEnd::halted);
    EXPECT_TRUE(desk_.trade().ended_at);
    say_set();
    EXPECT_TRUE(desk_.asked<Place>().empty());
    desk_.executor.release();
    open(4);
    desk_.executor.abandon_waiting(TradeEnd::halted, desk_.now, desk_.actions);
    EXPECT_TRUE(desk_.trade(2).ended_at);
}

TEST_F(ExecutorLeverage, StopsTargetsAndExitsWaitForNoLeverage) {
    open();
    desk_.at_ms(100);
    say_set();
    desk_.actions.clear();
    desk_.executor.disconnected();  // nothing is known any more
    desk_.fill(*desk_.trade().entry, 100, 10'000);
    EXPECT_EQ(desk_.asked<Place>().size(), 1U) << "the stop";
    desk_.accept(*desk_.trade().stop);
    EXPECT_EQ(desk_.asked<Place>().size(), 3U) << "the ladder";
    ASSERT_TRUE(desk_.executor.close(1, TradeEnd::requested, desk_.now, desk_.actions));
    EXPECT_EQ(desk_.asked<Place>().size(), 1U) << "the exit";
    EXPECT_TRUE(desk_.asked<SetLeverage>().empty());
}

TEST_F(ExecutorLeverage, AStartBetweenRequestAndAnswerEndsTheTrade) {
    open();
    const auto bytes = encode_trade(desk_.trade());
    Desk next({}, 2);
    next.executor.resume(decode_trade(bytes, desk_.instrument.id).value(), {}, next.now);
    next.executor.begin(next.now, next.actions);
    EXPECT_EQ(next.warnings(), std::vector{WarningKind::leverage_not_set});
    EXPECT_EQ(next.trade().closing, TradeEnd::leverage_unconfirmed) << "its room was reserved by the run that died";
    EXPECT_TRUE(next.trade().ended_at);
    const auto written = std::ranges::any_of(next.actions, [](const Action& action) {
        const auto* record = std::get_if<RecordTrade>(&action);
        return record != nullptr && record->trade.ended_at.has_value();
    });
    EXPECT_TRUE(written);
    next.say(trading::AccountFound{.wallet = money(10'000)});
    next.say(trading::LeverageSet{next.instrument.id, 3});  // of the run before
    EXPECT_TRUE(next.asked<Place>().empty());
    EXPECT_EQ(next.executor.refusal(next.instrument.id), std::nullopt);
}

TEST_F(ExecutorLeverage, AStartBetweenEntryAndItsRecordKnowsTheEntry) {
    open();
    const Trade written = desk_.trade();
    desk_.at_ms(100);
    say_set();
    const auto intent = desk_.executor.orders().find(*desk_.trade().entry)->facts();
    Desk next({}, 2);
    next.executor.resume(written, {intent}, next.now);
    next.executor.begin(next.now, next.actions);
    EXPECT_TRUE(next.asked<SetLeverage>().empty());
    EXPECT_EQ(next.trade().entry, intent.request.id);
    EXPECT_FALSE(next.trade().closing);
}

}  // namespace
}  // namespace vt::execution
