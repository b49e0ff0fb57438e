#include "execution/order_keeper.hpp"

#include "execution/test_desk.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::execution {
namespace {

using trading::FindOrder;
using trading::OrderState;

/// An entry that was sent at 0 and never answered; its questions are counted.
class Unanswered : public ::testing::Test {
protected:
    Unanswered() : desk_(Desk::ready()) {
        desk_.executor.open(Desk::plan(), desk_.now, desk_.actions);
        entry_ = *desk_.trade().entry;
        desk_.say(trading::Unanswered{entry_});
        desk_.actions.clear();
    }
    [[nodiscard]] OrderState state() const { return desk_.executor.orders().find(entry_)->state(); }
    /// The instants at which the venue was asked, until `ms`, each answered by `answer`.
    template <class Answer>
    std::vector<std::int64_t> asked_until(std::int64_t ms, Answer&& answer) {
        std::vector<std::int64_t> asked;
        for (; time_ms_ <= ms; time_ms_ += 50) {
            desk_.at_ms(time_ms_);
            for (const auto& question : desk_.asked<FindOrder>()) {
                if (question.id != entry_) continue;  // the stop's, behind a fill
                asked.push_back(time_ms_);
                answer();
            }
        }
        return asked;
    }

    Desk desk_;
    trading::ClientOrderId entry_;
    std::int64_t time_ms_ = 0;
};

TEST_F(Unanswered, IsAskedForSoonAndThenEverMoreRarely) {
    EXPECT_EQ(state(), OrderState::unknown);
    EXPECT_EQ(asked_until(70'000, [] {}),
              (std::vector<std::int64_t>{0, 250, 750, 1'750, 3'750, 7'750, 15'750, 31'750, 61'750}));
    EXPECT_EQ(desk_.executor.orders().unknown_count(), 1U);
}

TEST_F(Unanswered, IsNotThereOnlyAfterThreeTimesOverTenSeconds) {
    const auto asked = asked_until(60'000, [&] { desk_.say(trading::OrderAbsent{entry_}); });
    EXPECT_EQ(asked, (std::vector<std::int64_t>{0, 250, 750, 1'750, 3'750, 7'750, 15'750}));
    EXPECT_EQ(state(), OrderState::rejected);
    EXPECT_EQ(desk_.trade().closing, TradeEnd::not_entered);
    EXPECT_TRUE(desk_.trade().ended_at);
}

TEST_F(Unanswered, IsFoundAlthoughTheVenueShowsItAfterEightSecondsOnly) {
    asked_until(8'000, [&] { desk_.say(trading::OrderAbsent{entry_}); });
    EXPECT_EQ(state(), OrderState::unknown);
    asked_until(20'000, [&] {
        desk_.say(desk_.fill_of(entry_, 5, 100, 10'000));
        desk_.say(trading::OrderFound{.order = desk_.executor.orders().find(entry_)->request(),
                                      .state = OrderState::filled,
                                      .filled = Lots{100}});
    });
    EXPECT_EQ(state(), OrderState::filled);
    EXPECT_EQ(desk_.trade().position.net, Lots{100});
    EXPECT_FALSE(desk_.trade().closing == TradeEnd::not_entered);
}

TEST_F(Unanswered, IsAskedForUntilEveryFillWasHeardOf) {
    const auto found = [&] {
        desk_.say(trading::OrderFound{.order = desk_.executor.orders().find(entry_)->request(),
                                      .state = OrderState::filled,
                                      .filled = Lots{100}});
    };
    EXPECT_EQ(asked_until(1'000, found).size(), 3U);
    EXPECT_EQ(state(), OrderState::open);
    desk_.say(desk_.fill_of(entry_, 5, 100, 10'000));
    EXPECT_EQ(state(), OrderState::filled);
    EXPECT_EQ(asked_until(2'000, found).size(), 1U);
    EXPECT_TRUE(asked_until(60'000, found).empty());
}

TEST_F(Unanswered, IsSettledByTheAnswerThatComesLate) {
    desk_.accept(entry_);
    EXPECT_EQ(state(), OrderState::open);
    EXPECT_TRUE(asked_until(4'000, [] {}).empty());
}

TEST(OrderKeeper, CountsEachOutcomeOfAnOrderOnce) {
    using trading::Purpose;
    auto desk = Desk::ready();
    const auto of = [&](Purpose purpose, OrderOutcome outcome) {
        return desk.executor.orders().counts().of(purpose, outcome);
    };
    desk.enter(Desk::plan());  // an entry that is filled, a stop and three targets that are accepted
    EXPECT_EQ(of(Purpose::entry, OrderOutcome::sent), 1U);
    EXPECT_EQ(of(Purpose::entry, OrderOutcome::accepted), 1U) << "a fill says so, too";
    EXPECT_EQ(of(Purpose::entry, OrderOutcome::filled), 1U);
    EXPECT_EQ(of(Purpose::stop, OrderOutcome::sent), 1U);
    EXPECT_EQ(of(Purpose::target, OrderOutcome::accepted), 3U);
    desk.accept(*desk.trade().targets[0]);
    EXPECT_EQ(of(Purpose::target, OrderOutcome::accepted), 3U) << "told twice";
    desk.fill(*desk.trade().targets[0], 20, 10'150);
    EXPECT_EQ(of(Purpose::target, OrderOutcome::filled), 0U) << "in part";
    desk.fill(*desk.trade().targets[0], 30, 10'150);
    EXPECT_EQ(of(Purpose::target, OrderOutcome::filled), 1U);
    desk.say(trading::Cancelled{*desk.trade().targets[0], "no position"});
    EXPECT_EQ(of(Purpose::target, OrderOutcome::cancelled), 0U) << "nothing was left to cancel";
    desk.say(trading::Cancelled{*desk.trade().targets[1], "requested"});
    EXPECT_EQ(of(Purpose::target, OrderOutcome::cancelled), 1U);
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    const trading::Refused refused{*desk.trade().exit, trading::RefusalCode::too_many, "10006"};
    desk.say(refused);
    desk.say(refused);
    EXPECT_EQ(of(Purpose::exit, OrderOutcome::rejected), 1U);
    EXPECT_EQ(desk.executor.orders().counts().refusals(trading::RefusalCode::too_many), 1U);
    EXPECT_EQ(desk.executor.orders().counts().refusals(trading::RefusalCode::other), 0U);
}

TEST_F(Unanswered, CountsAsUnknownAndAsRejectedWhenItIsProvenAbsent) {
    const auto of = [&](OrderOutcome outcome) {
        return desk_.executor.orders().counts().of(trading::Purpose::entry, outcome);
    };
    EXPECT_EQ(of(OrderOutcome::unknown), 1U);
    (void)asked_until(60'000, [&] { desk_.say(trading::OrderAbsent{entry_}); });
    EXPECT_EQ(of(OrderOutcome::unknown), 1U) << "once, however often it is asked for";
    EXPECT_EQ(of(OrderOutcome::rejected), 1U);
    EXPECT_EQ(of(OrderOutcome::accepted), 0U);
}

TEST(OrderKeeper, SilenceIsTakenForUnansweredInTime) {
    auto desk = Desk::ready();
    desk.executor.open(Desk::plan(), desk.now, desk.actions);
    desk.actions.clear();
    desk.at_ms(1'900);
    EXPECT_TRUE(desk.asked<FindOrder>().empty());
    desk.at_ms(2'000);
    EXPECT_EQ(desk.warnings(), std::vector{WarningKind::order_unknown});
    EXPECT_EQ(desk.asked<FindOrder>().size(), 1U);
}

TEST(OrderKeeper, ACancellationOfWhatIsNotFoundAsksWhatBecameOfIt) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    const auto rung = *desk.trade().targets[0];
    desk.say(trading::CancelRefused{rung, trading::RefusalCode::not_found, "order not exists or too late to cancel"});
    desk.actions.clear();
    desk.at_ms(100);
    const auto sent = desk.actions;
    const auto questions = desk.asked<FindOrder>();
    ASSERT_EQ(questions.size(), 1U);
    EXPECT_EQ(questions[0].id, rung);
    desk.actions = sent;
    EXPECT_TRUE(desk.asked<trading::Cancel>().empty()) << "not before it was found";
    desk.say(desk.fill_of(rung, 77, 50, 10'150));
    desk.say(trading::OrderFound{
        .order = desk.executor.orders().find(rung)->request(), .state = OrderState::filled, .filled = Lots{50}});
    EXPECT_EQ(desk.executor.orders().find(rung)->state(), OrderState::filled);
    EXPECT_EQ(desk.trade().position.net, Lots{50});
}

TEST(OrderKeeper, ACancellationThatIsRefusedForAnotherReasonIsSentAgain) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.executor.close(1, TradeEnd::requested, desk.now, desk.actions);
    const auto rung = *desk.trade().targets[0];
    desk.actions.clear();
    desk.say(trading::CancelRefused{rung, trading::RefusalCode::too_many, "too many requests"});
    const auto again = desk.asked<trading::Cancel>();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].id, rung);
}

TEST(OrderKeeper, AnAmendmentThatWasNotAnsweredIsReadOffTheOrder) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.fill(*desk.trade().targets[0], 50, 10'150);
    const auto amendment = desk.asked<trading::Amend>().at(0);
    desk.at_ms(3'000);
    EXPECT_EQ(desk.asked<FindOrder>().size(), 1U);
    desk.say(trading::OrderFound{.order = amendment.order, .revision = amendment.revision});
    EXPECT_EQ(desk.executor.orders().find(*desk.trade().stop)->request().trigger, Ticks{10'010});
    desk.at_ms(20'000);
    EXPECT_TRUE(desk.asked<trading::Amend>().empty());
}

TEST(OrderKeeper, AnAmendmentThatNeverArrivedIsSentAgainUnderANewNumber) {
    auto desk = Desk::ready();
    desk.enter(Desk::plan());
    desk.fill(*desk.trade().targets[0], 50, 10'150);
    const auto amendment = desk.asked<trading::Amend>().at(0);
    desk.at_ms(3'000);
    desk.say(trading::OrderFound{.order = desk.executor.orders().find(*desk.trade().stop)->request()});
    const auto again = desk.asked<trading::Amend>();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_GT(again[0].revision, amendment.revision);
    EXPECT_EQ(again[0].order.trigger, Ticks{10'010});
}

}  // namespace
}  // namespace vt::execution
