#include "risk/breakers.hpp"

#include "base/prng.hpp"
#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace vt::risk {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kMidnight = floor_to(kTestNow, kDay);

TEST(Breakers, WeeksBeginOnMondays) {
    EXPECT_EQ(week_of(kTestNow), kMidnight - 2 * kDay);  // a Wednesday
    EXPECT_EQ(week_of(kMidnight - 2 * kDay), kMidnight - 2 * kDay);
    EXPECT_EQ(week_of(kMidnight - 2 * kDay - 1ns), kMidnight - 9 * kDay);
    EXPECT_EQ(week_of(Timestamp{}), Timestamp{} - 3 * kDay);
}

TEST(Breakers, DrawdownVector) {
    Breakers breakers{Params{}};
    double deepest = 0;
    Timestamp at = kTestNow;
    for (const double equity : {100, 110, 105, 120, 90, 95, 130, 125}) {
        breakers.on_equity(at += 1s, units_of(equity));
        deepest = std::max(deepest, breakers.drawdown());
    }
    EXPECT_DOUBLE_EQ(deepest, .25);
    EXPECT_DOUBLE_EQ(breakers.drawdown(), 5.0 / 130);
}

TEST(Breakers, NoLossFallsBetweenTwoDays) {
    Breakers breakers{Params{}};
    breakers.on_equity(kMidnight - 1s, units_of(1000));
    breakers.on_equity(kMidnight + 1h, units_of(990));  // the first mark of the day is the loss already
    EXPECT_DOUBLE_EQ(breakers.daily_loss(kMidnight + 1h), .01);
    EXPECT_DOUBLE_EQ(breakers.weekly_loss(kMidnight + 1h), .01);
    EXPECT_EQ(breakers.daily_loss(kMidnight + kDay), 0) << "another day";
    EXPECT_DOUBLE_EQ(breakers.weekly_loss(kMidnight + kDay), .01);
}

TEST(Breakers, ALossStaysUntilItsDayEnds) {
    Breakers breakers{Params{}};
    breakers.on_equity(kMidnight, units_of(1000));
    breakers.on_equity(kMidnight + 1h, units_of(980));
    breakers.on_equity(kMidnight + 2h, units_of(1010));
    EXPECT_DOUBLE_EQ(breakers.daily_loss(kMidnight + 3h), .02);
    breakers.on_equity(kMidnight + kDay, units_of(1000));
    EXPECT_DOUBLE_EQ(breakers.daily_loss(kMidnight + kDay), 10.0 / 1010) << "since the day before's last mark";
}

TEST(Breakers, AnOldMarkIsNotTaken) {
    Breakers breakers{Params{}};
    breakers.on_equity(kTestNow, units_of(1000));
    breakers.on_equity(kTestNow - 1ns, units_of(1));
    EXPECT_EQ(breakers.equity(), units_of(1000));
    EXPECT_EQ(breakers.equity_age(kTestNow + 3s), 3s);
    EXPECT_EQ(breakers.drawdown(), 0);
}

TEST(Breakers, NothingIsKnownBeforeTheFirstMark) {
    const Breakers breakers{Params{}};
    EXPECT_EQ(breakers.equity(), std::nullopt);
    EXPECT_EQ(breakers.equity_age(kTestNow), std::nullopt);
    EXPECT_EQ(breakers.size_multiplier(), 1);
    EXPECT_EQ(breakers.drawdown_mode(), Mode::active);
}

TEST(Breakers, TiersOfTheDrawdown) {
    const std::vector<std::pair<double, std::pair<double, Mode>>> table = {
        {1000, {1, Mode::active}},          {950, {.75, Mode::active}},       {900.01, {.50005, Mode::active}},
        {900, {.5, Mode::active}},          {850.01, {.25005, Mode::active}}, {850, {.25, Mode::reducing}},
        {800.01, {.00005, Mode::reducing}}, {800, {0, Mode::halted}},         {-1, {0, Mode::halted}}};
    for (const auto& [equity, expected] : table) {
        Breakers breakers{Params{}};
        breakers.on_equity(kTestNow, units_of(1000));
        breakers.on_equity(kTestNow + 1s, units_of(equity));
        EXPECT_NEAR(breakers.size_multiplier(), expected.first, 1e-12) << equity;
        EXPECT_EQ(breakers.drawdown_mode(), expected.second) << equity;
    }
    Params gentle;
    gentle.drawdown_half = .04;  // before the line of the throttle gets there
    Breakers breakers{gentle};
    breakers.on_equity(kTestNow, units_of(1000));
    breakers.on_equity(kTestNow + 1s, units_of(960));
    EXPECT_EQ(breakers.size_multiplier(), .5);
    breakers.on_equity(kTestNow + 2s, units_of(960.01));
    EXPECT_GT(breakers.size_multiplier(), .8);
}

TEST(Breakers, BeginsAnewWhereSomebodyTookNote) {
    Breakers breakers{Params{}};
    breakers.on_equity(kTestNow, units_of(1000));
    breakers.on_equity(kTestNow + 1s, units_of(700));
    breakers.begin_anew();
    EXPECT_EQ(breakers.drawdown(), 0);
    breakers.on_equity(kTestNow + 2s, units_of(560));
    EXPECT_DOUBLE_EQ(breakers.drawdown(), .2);
    EXPECT_DOUBLE_EQ(breakers.daily_loss(kTestNow), .44) << "the day's loss is the day's";
}

TEST(Breakers, PaymentsAreNoGainAndNoLoss) {
    Breakers breakers{Params{}};
    breakers.on_equity(kMidnight, units_of(1000));
    breakers.on_equity(kMidnight + 1h, units_of(990));
    breakers.on_transfer(units_of(-495));
    breakers.on_equity(kMidnight + 2h, units_of(495));
    EXPECT_NEAR(breakers.drawdown(), .01, 1e-9);
    EXPECT_NEAR(breakers.daily_loss(kMidnight + 2h), .01, 1e-9);
    EXPECT_NEAR(breakers.weekly_loss(kMidnight + 2h), .01, 1e-9);
    breakers.on_transfer(units_of(4'505));
    breakers.on_equity(kMidnight + 3h, units_of(5'000));
    EXPECT_NEAR(breakers.drawdown(), .01, 1e-9);
    breakers.on_transfer(units_of(-5'000));  // all of it
    EXPECT_EQ(breakers.equity(), std::nullopt);
    breakers.on_equity(kMidnight + 4h, units_of(100));
    EXPECT_EQ(breakers.drawdown(), 0);
}

TEST(Breakers, LossesInARowPauseAndAGainEndsTheRow) {
    Breakers breakers{Params{}};
    for (int i = 0; i < 3; ++i) breakers.on_trade_closed(kTestNow, units_of(-5));
    breakers.on_trade_closed(kTestNow, {});  // neither
    EXPECT_EQ(breakers.loss_cooldown_left(kTestNow), Nanos{});
    breakers.on_trade_closed(kTestNow, units_of(.01));
    for (int i = 0; i < 3; ++i) breakers.on_trade_closed(kTestNow, units_of(-5));
    EXPECT_EQ(breakers.loss_cooldown_left(kTestNow), Nanos{});
    breakers.on_trade_closed(kTestNow, units_of(-5));
    EXPECT_EQ(breakers.loss_cooldown_left(kTestNow + 1h), 3h);
    EXPECT_EQ(breakers.loss_cooldown_left(kTestNow + 4h), 0ns);
    breakers.on_trade_closed(kTestNow + 5h, units_of(-5));
    EXPECT_EQ(breakers.loss_cooldown_left(kTestNow + 5h), 0ns) << "a new row";
}

TEST(Breakers, FailuresWithinTheWindowPause) {
    Breakers breakers{Params{}};
    for (int i = 0; i < 5; ++i) breakers.on_request_failed(kTestNow + i * 16s);  // four within any minute
    EXPECT_EQ(breakers.venue_cooldown_left(kTestNow + 64s), 0ns);
    breakers = Breakers{Params{}};
    for (int i = 0; i < 5; ++i) breakers.on_request_failed(kTestNow + i * 15s);
    EXPECT_EQ(breakers.venue_cooldown_left(kTestNow + 60s), 5min);
    EXPECT_EQ(breakers.venue_cooldown_left(kTestNow + 6min), 0ns);
}

TEST(Breakers, GoesOnFromWhatWasStored) {
    Prng random(3, "breakers");
    Breakers whole{Params{}};
    Breakers stopped{Params{}};
    Timestamp at = kMidnight - 10 * kDay;
    for (int i = 0; i < 3'000; ++i) {
        at += std::chrono::minutes{static_cast<std::int64_t>(random.below(20))};
        const auto equity = units_of(1000 + 50 * random.normal());
        const auto net = units_of(random.normal());
        for (Breakers* each : {&whole, &stopped}) {
            each->on_equity(at, equity);
            if (i % 7 == 0) each->on_trade_closed(at, net);
            if (i % 501 == 0) each->on_transfer(units_of(10));
        }
        if (i % 50 == 0) {  // a restart
            std::string bytes;
            stopped.encode(bytes);
            stopped = Breakers{Params{}};
            ASSERT_TRUE(stopped.decode(bytes));
        }
        ASSERT_EQ(whole.equity(), stopped.equity());
        ASSERT_EQ(whole.daily_loss(at), stopped.daily_loss(at));
        ASSERT_EQ(whole.weekly_loss(at), stopped.weekly_loss(at));
        ASSERT_EQ(whole.drawdown(), stopped.drawdown());
        ASSERT_EQ(whole.loss_cooldown_left(at), stopped.loss_cooldown_left(at));
    }
}

TEST(Breakers, AgainstASlowReference) {
    Prng random(4, "breakers");
    Breakers breakers{Params{}};
    std::vector<std::pair<Timestamp, double>> marks;
    Timestamp at = kMidnight - 20 * kDay;
    double equity = 1000;
    for (int i = 0; i < 400; ++i) {
        at += std::chrono::minutes{static_cast<std::int64_t>(random.below(300))};
        equity = std::max(1.0, equity + 10 * random.normal());
        const auto rounded = units_of(equity);
        marks.emplace_back(at, to_double(rounded));
        breakers.on_equity(at, rounded);
        const auto loss_since = [&](Timestamp begin) {
            double first = marks.front().second, lowest = 0;
            bool is_first = true;
            for (std::size_t m = 0; m < marks.size(); ++m) {
                if (marks[m].first < begin) continue;
                if (is_first) lowest = first = m > 0 ? marks[m - 1].second : marks[m].second;
                is_first = false;
                lowest = std::min(lowest, marks[m].second);
            }
            return (first - lowest) / first;
        };
        double peak = 0;
        for (const auto& mark : marks) peak = std::max(peak, mark.second);
        ASSERT_NEAR(breakers.daily_loss(at), loss_since(floor_to(at, kDay)), 1e-12) << i;
        ASSERT_NEAR(breakers.weekly_loss(at), loss_since(week_of(at)), 1e-12) << i;
        ASSERT_NEAR(breakers.drawdown(), 1 - marks.back().second / peak, 1e-12) << i;
    }
}

TEST(Breakers, WhatIsDamagedIsRefusedAndChangesNothing) {
    Breakers breakers{Params{}};
    breakers.on_equity(kTestNow, units_of(1000));
    std::string bytes;
    breakers.encode(bytes);
    Breakers other{Params{}};
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(other.decode(std::string_view(bytes).substr(0, length))) << length;
    EXPECT_FALSE(other.decode(bytes + "x"));
    EXPECT_EQ(other.equity(), std::nullopt);
    std::string newer = bytes;
    newer[0] = 9;
    EXPECT_EQ(other.decode(newer).error().code, Errc::unsupported);
    EXPECT_TRUE(other.decode(bytes));
    EXPECT_EQ(other.equity(), units_of(1000));
}

}  // namespace
}  // namespace vt::risk
