#include "execution/leverage_keeper.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace vt::execution {
namespace {

using trading::RefusalCode;

const market::InstrumentId kMarket{4};

class LeverageKeeperTest : public ::testing::Test {
protected:
    void want(std::uint32_t leverage, std::int64_t ms) { keeper_.ask(kMarket, leverage, from_ms(ms), actions_); }
    void set(std::uint32_t leverage, std::int64_t ms) { keeper_.on_set({kMarket, leverage}, from_ms(ms)); }
    void found(std::uint32_t leverage, std::int64_t ms) {
        keeper_.on_found({.instrument = kMarket, .leverage = leverage}, from_ms(ms));
    }
    bool refused(std::uint32_t leverage, std::int64_t ms, RefusalCode code = RefusalCode::other) {
        return keeper_.on_refused({kMarket, leverage, code, "no"}, from_ms(ms), from_ms(ms));
    }
    /// The leverages that were asked for since it was last looked.
    std::vector<std::uint32_t> asked() {
        std::vector<std::uint32_t> leverages;
        for (const Action& action : actions_)
            leverages.push_back(std::get<trading::SetLeverage>(std::get<trading::Request>(action)).leverage);
        actions_.clear();
        return leverages;
    }
    using Leverages = std::vector<std::uint32_t>;

    LeverageKeeper keeper_{Params{}};
    Actions actions_;
};

TEST_F(LeverageKeeperTest, AsksOnceAndBelievesTheAnswer) {
    EXPECT_EQ(keeper_.known(kMarket), std::nullopt);
    want(3, 0);
    want(3, 100);
    EXPECT_EQ(asked(), Leverages{3});
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 3));
    set(3, 150);
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 3));
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 4));
    EXPECT_EQ(keeper_.known(kMarket), 3U);
}

TEST_F(LeverageKeeperTest, AsksAgainWithGrowingPausesButNotForEver) {
    std::vector<std::int64_t> at;
    for (std::int64_t ms = 0; ms <= 60'000; ms += 50) {
        want(3, ms);
        if (!asked().empty()) at.push_back(ms);
    }
    // two seconds for each answer, and a quarter, a half, one, two in between
    EXPECT_EQ(at, (std::vector<std::int64_t>{0, 2'250, 4'750, 7'750, 11'750}));
    keeper_.begin(kMarket);  // another trade
    want(3, 60'050);
    EXPECT_EQ(asked(), Leverages{3});
}

TEST_F(LeverageKeeperTest, AnUnansweredRequestIsAskedForAgainAtOnce) {
    want(3, 0);
    (void)asked();
    keeper_.on_unanswered({kMarket, 3}, from_ms(500));
    want(3, 700);
    EXPECT_EQ(asked(), Leverages{});
    want(3, 750);
    EXPECT_EQ(asked(), Leverages{3});
    keeper_.on_unanswered({kMarket, 7}, from_ms(760));
    want(3, 2'000);
    EXPECT_EQ(asked(), Leverages{}) << "that was of another";
}

TEST_F(LeverageKeeperTest, AnotherIsAskedForOnceTheFirstWasAnswered) {
    want(3, 0);
    want(5, 100);
    EXPECT_EQ(asked(), Leverages{3}) << "which of the two the venue takes last nobody knows";
    set(3, 150);
    want(5, 200);
    EXPECT_EQ(asked(), Leverages{5});
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 3)) << "no longer";
    set(5, 350);
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 5));
}

TEST_F(LeverageKeeperTest, WithoutAnAnswerAnotherWaitsUntilTheFirstCannotBeCarriedOutAnyMore) {
    want(3, 0);
    found(5, 1'000);  // the request may still be on its way
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 5))
        << "may be true no longer in a moment" << keeper_.known(kMarket).value();
    (void)asked();
    want(5, 9'950);
    EXPECT_EQ(asked(), Leverages{});
    want(5, 10'000);
    EXPECT_EQ(asked(), Leverages{5}) << "what was said before does not count";
    set(5, 10'100);
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 5));
}

TEST_F(LeverageKeeperTest, OneAnswerToTwoRequestsSettlesNeither) {
    want(3, 0);
    want(3, 2'000);
    want(3, 2'250);
    EXPECT_EQ(asked(), (Leverages{3, 3}));
    set(3, 2'400);
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 3));
    want(5, 3'000);
    EXPECT_EQ(asked(), Leverages{}) << "the other is under way";
    want(5, 12'250);
    EXPECT_EQ(asked(), Leverages{5});
}

TEST_F(LeverageKeeperTest, WhatIsNewerByTheVenuesClockCounts) {
    want(3, 0);
    set(3, 100);
    want(5, 200);
    set(5, 300);
    set(3, 100);  // said twice
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 5));
    found(3, 250);  // overtaken
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 5));
    found(4, 400);  // somebody else's doing
    EXPECT_EQ(keeper_.known(kMarket), 4U);
    found(7, 350);
    EXPECT_EQ(keeper_.known(kMarket), 4U);
    set(5, 300);
    EXPECT_EQ(keeper_.known(kMarket), 4U);
    keeper_.on_found({.instrument = kMarket}, from_ms(500));
    found(0, 600);
    set(0, 700);
    EXPECT_EQ(keeper_.known(kMarket), 4U) << "a venue that does not say it says nothing";
}

TEST_F(LeverageKeeperTest, ARefusalIsFinalUnlessThereWereTooManyRequests) {
    want(3, 0);
    EXPECT_FALSE(refused(5, 100)) << "of another";
    EXPECT_FALSE(refused(3, 150, RefusalCode::too_many));
    want(3, 300);
    want(3, 400);
    EXPECT_EQ(asked(), (Leverages{3, 3}));
    EXPECT_TRUE(refused(3, 500));
    EXPECT_FALSE(refused(3, 500)) << "said twice";
    keeper_.begin(kMarket);
    want(3, 1'100);
    EXPECT_EQ(asked(), Leverages{3});
    EXPECT_FALSE(refused(3, 500)) << "that was the earlier request";
    EXPECT_TRUE(refused(3, 1'200));
}

TEST_F(LeverageKeeperTest, NothingIsKnownBehindABreakUntilItIsSaid) {
    want(3, 0);
    set(3, 100);
    keeper_.forget_known();
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 3));
    set(3, 100);  // from before
    EXPECT_FALSE(keeper_.is_confirmed(kMarket, 3));
    (void)asked();
    want(3, 5'000);
    EXPECT_EQ(asked(), Leverages{3});
    found(3, 5'100);
    EXPECT_TRUE(keeper_.is_confirmed(kMarket, 3));
}

}  // namespace
}  // namespace vt::execution
