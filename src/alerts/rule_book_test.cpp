#include "alerts/rule_book.hpp"

#include "alerts/kind_terms.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace vt::alerts {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);  // a whole minute

Occurrence large_order(Nanos after, double size, std::string symbol = "BTCUSDT", Side side = Side::up) {
    return {.kind = Kind::large_order,
            .instrument = "bybit-linear-" + symbol,
            .symbol = symbol,
            .side = side,
            .at = kStart + after,
            .size = size};
}

Reading price(Nanos after, double low, double high, double last) {
    return {.kind = Kind::price_level,
            .instrument = "bybit-linear-BTCUSDT",
            .symbol = "BTCUSDT",
            .at = kStart + after,
            .low = low,
            .high = high,
            .last = last};
}

struct Book {
    explicit Book(std::vector<Rule> rules) { made.set_rules(std::move(rules)); }
    /// What was told of it.
    std::vector<Alert> sees(const auto& what) {
        std::vector<Alert> alerts;
        made.take(what, alerts);
        return alerts;
    }
    std::vector<Alert> at(Nanos after) {
        std::vector<Alert> alerts;
        made.on_time(kStart + after, alerts);
        return alerts;
    }
    RuleBook made;
};

TEST(AlertBook, TellsOnceInACooldownOfEachInstrumentAndSide) {
    Book book({{.name = "large", .kind = Kind::large_order, .cooldown = minutes{5}}});
    const auto first = book.sees(large_order(seconds{0}, 300'000));
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].rule, "large");
    EXPECT_EQ(first[0].title, "Large order: BTCUSDT, buyer, 300K USDT");
    EXPECT_EQ(first[0].id.size(), 32U);
    EXPECT_TRUE(book.sees(large_order(seconds{1}, 400'000)).empty());
    EXPECT_EQ(book.sees(large_order(seconds{1}, 400'000, "ETHUSDT")).size(), 1U);
    EXPECT_EQ(book.sees(large_order(seconds{2}, 400'000, "BTCUSDT", Side::down)).size(), 1U);
    EXPECT_TRUE(book.sees(large_order(seconds{3}, 249'999, "SOLUSDT")).empty()) << "below the kind's minimum";
}

TEST(AlertBook, TellsWhatACooldownHeldBackAtItsEndWithTheLargest) {
    Book book({{.name = "large", .kind = Kind::large_order, .cooldown = minutes{5}}});
    (void)book.sees(large_order(seconds{0}, 300'000));
    for (int i = 1; i <= 4; ++i) (void)book.sees(large_order(seconds{i}, 250'000 + 100'000 * (i % 3)));
    EXPECT_TRUE(book.at(minutes{5} - milliseconds{1}).empty());
    const auto digest = book.at(minutes{5});
    ASSERT_EQ(digest.size(), 1U);
    EXPECT_EQ(digest[0].count, 4U);
    EXPECT_EQ(digest[0].at, kStart + minutes{5});
    EXPECT_EQ(digest[0].title, "4 x Large order: BTCUSDT, buyer, 450K USDT");
    // the digest begins another cooldown
    EXPECT_TRUE(book.sees(large_order(minutes{6}, 300'000)).empty());
    EXPECT_EQ(book.at(minutes{10}).size(), 1U);
    EXPECT_TRUE(book.at(minutes{15}).empty());
    EXPECT_EQ(book.made.silences(), 0U);
    EXPECT_EQ(book.sees(large_order(minutes{16}, 300'000)).size(), 1U);
}

TEST(AlertBook, AThousandASecondAreTwoAlertsAndNoneIsUncounted) {
    Book book({{.name = "large", .kind = Kind::large_order, .cooldown = minutes{5}}});
    std::size_t told = 0, counted = 0;
    const auto add = [&](const std::vector<Alert>& alerts) {
        told += alerts.size();
        for (const Alert& alert : alerts) counted += alert.count;
    };
    for (int i = 0; i < 60'000; ++i) add(book.sees(large_order(milliseconds{i}, 300'000 + i)));
    add(book.at(minutes{5}));
    EXPECT_EQ(told, 2U);
    EXPECT_EQ(counted, 60'000U);
}

TEST(AlertBook, WhatIsCriticalIsToldEachTime) {
    Book book({{.name = "account", .kind = Kind::account, .cooldown = minutes{30}}});
    Occurrence seen{.kind = Kind::account, .at = kStart, .what = "no stop", .severity = Severity::critical};
    EXPECT_EQ(book.sees(seen).size(), 1U);
    EXPECT_EQ(book.sees(seen).size(), 1U);
    seen.severity = Severity::high;
    EXPECT_EQ(book.sees(seen).size(), 1U) << "critical ones begin no cooldown";
    EXPECT_TRUE(book.sees(seen).empty());
}

TEST(AlertBook, TwoThingsThatTheAccountSaysInOneInstantAreTwoAlerts) {
    Book book({{.name = "account", .kind = Kind::account}});
    Occurrence seen{.kind = Kind::account, .at = kStart, .what = "liquidated", .severity = Severity::critical};
    const auto first = book.sees(seen);
    seen.what = "HALTED";
    const auto second = book.sees(seen);
    ASSERT_EQ(first.size() + second.size(), 2U);
    EXPECT_NE(first[0].id, second[0].id);
}

TEST(AlertBook, NoRuleSilencesWhatIsCritical) {
    const Occurrence seen{.kind = Kind::account, .at = kStart, .what = "no stop", .severity = Severity::critical};
    EXPECT_EQ(Book({}).sees(seen).size(), 1U) << "no rule at all";
    EXPECT_EQ(Book({{.name = "a", .kind = Kind::account, .is_on = false}}).sees(seen).size(), 1U);
    EXPECT_EQ(Book({{.name = "a", .kind = Kind::account, .snoozed_until = kStart + minutes{1}}}).sees(seen).size(),
              1U);
    EXPECT_EQ(Book({{.name = "a", .kind = Kind::account}}).sees(seen).at(0).rule, "a") << "once, by its rule";
}

TEST(AlertBook, SnoozedRulesAreSilentUntilTheTimeHasCome) {
    Book book({{.name = "large", .kind = Kind::large_order, .snoozed_until = kStart + minutes{1}}});
    EXPECT_TRUE(book.sees(large_order(seconds{59}, 300'000)).empty());
    EXPECT_EQ(book.sees(large_order(seconds{60}, 300'000)).size(), 1U);
}

TEST(AlertBook, ARuleThatSpeaksOnceIsOffAfterwards) {
    Book book({{.name = "once", .kind = Kind::large_order, .cooldown = Nanos{0}, .is_once = true}});
    EXPECT_EQ(book.sees(large_order(seconds{0}, 300'000)).size(), 1U);
    EXPECT_TRUE(book.sees(large_order(seconds{1}, 300'000)).empty());
    EXPECT_EQ(book.made.take_spent(), std::vector<std::string>{"once"});
    EXPECT_TRUE(book.made.take_spent().empty());
    EXPECT_FALSE(book.made.rules()[0].is_on);
}

TEST(AlertBook, NewRulesKeepTheCooldownsOfTheirNames) {
    const Rule large{.name = "large", .kind = Kind::large_order, .cooldown = minutes{5}};
    Book book({large, {.name = "gone", .kind = Kind::large_order}});
    EXPECT_EQ(book.sees(large_order(seconds{0}, 300'000)).size(), 2U);
    book.made.set_rules({{.name = "new", .kind = Kind::large_order}, large});
    const auto told = book.sees(large_order(seconds{1}, 300'000));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].rule, "new");
}

TEST(AlertBook, ANewRunGoesOnInTheCooldownOfTheOldOne) {
    Book before({{.name = "large", .kind = Kind::large_order, .cooldown = minutes{5}}});
    const auto told = before.sees(large_order(seconds{0}, 300'000));
    Book after(before.made.rules());
    after.made.resume(told.at(0));
    EXPECT_TRUE(after.sees(large_order(seconds{299}, 300'000)).empty());
    EXPECT_EQ(after.at(minutes{5}).size(), 1U) << "the one that was held back";
}

TEST(AlertBook, ALevelIsCrossedFromWhereTheMinuteBeforeEnded) {
    Book book({{.name = "level", .kind = Kind::price_level, .level = 100}});
    EXPECT_TRUE(book.sees(price(seconds{0}, 99, 101, 99)).empty()) << "nobody knows where it came from";
    EXPECT_TRUE(book.sees(price(seconds{61}, 98, 99.9, 99.9)).empty());
    const auto up = book.sees(price(seconds{62}, 98, 100, 99.5));
    ASSERT_EQ(up.size(), 1U);
    EXPECT_EQ(up[0].side, Side::up);
    EXPECT_EQ(up[0].title, "BTCUSDT above 100.00");
    EXPECT_TRUE(book.sees(price(seconds{63}, 98, 101, 101)).empty()) << "the same minute";
    EXPECT_TRUE(book.sees(price(seconds{121}, 101, 102, 102)).empty());
    const auto down = book.sees(price(seconds{181}, 99, 102, 99));
    ASSERT_EQ(down.size(), 1U) << "the cooldown is of the way up";
    EXPECT_EQ(down[0].side, Side::down);
}

TEST(AlertBook, ACrossingIsToldOnceHoweverOftenItsMinuteIsReadAndTimePasses) {
    Book book({{.name = "level", .kind = Kind::price_level, .level = 100, .cooldown = Nanos{0}}});
    (void)book.sees(price(seconds{0}, 99, 99, 99));
    EXPECT_EQ(book.sees(price(seconds{60}, 99, 101, 101)).size(), 1U);
    (void)book.at(minutes{10});  // the cooldown is over, the feed stands still
    EXPECT_TRUE(book.sees(price(seconds{60}, 99, 101, 101)).empty());
}

TEST(AlertBook, AMinuteSeenInPartsAndItsCandleSayTheSame) {
    // random walks around a level, by the second and as candles
    Prng random(7);
    std::size_t told = 0;
    for (int round = 0; round < 50; ++round) {
        const Rule rule{.name = "level", .kind = Kind::price_level, .level = 100, .cooldown = minutes{round % 4}};
        Book live({rule});
        std::vector<Alert> seen_live;
        std::vector<Reading> candles;
        double last = 100 + random.uniform() - .5;
        for (int minute = 0; minute < 60; ++minute) {
            Reading candle = price(minutes{minute}, last, last, last);
            for (int second = 0; second < 60; second += 5) {
                last += (random.uniform() - .5) * .4;
                candle.low = std::min(candle.low, last);
                candle.high = std::max(candle.high, last);
                candle.last = last;
                Reading part = candle;
                part.at += seconds{second};
                live.made.take(part, seen_live);
            }
            candles.push_back(candle);
        }
        const auto tried = preview(rule, {}, candles, kStart + minutes{60});
        ASSERT_EQ(tried.size(), seen_live.size()) << round;
        for (std::size_t i = 0; i < tried.size(); ++i) EXPECT_EQ(tried[i].id, seen_live[i].id);
        told += tried.size();
    }
    EXPECT_GT(told, 100U);
}

TEST(AlertBook, APreviewIsWhatThenFiresWheneverTimeIsTold) {
    Prng random(3);
    std::vector<Occurrence> day;
    for (int i = 0; i < 5'000; ++i)
        day.push_back(large_order(seconds{random.below(86'400)}, 200'000 + 1e6 * random.uniform(),
                                  random.below(2) == 0 ? "BTCUSDT" : "ETHUSDT",
                                  random.below(2) == 0 ? Side::up : Side::down));
    std::ranges::stable_sort(day, {}, &Occurrence::at);
    const Rule rule{.name = "large", .kind = Kind::large_order, .minimum = 400'000};
    const auto tried = preview(rule, day, {}, kStart + kDay + minutes{5});
    for (const int step : {1, 7, 3'600}) {
        Book live({rule});
        std::vector<Alert> told;
        int second = 0;
        for (const Occurrence& seen : day) {
            for (; kStart + seconds{second} < seen.at; second += step)
                live.made.on_time(kStart + seconds{second}, told);
            live.made.take(seen, told);
        }
        live.made.on_time(kStart + kDay + minutes{5}, told);
        std::ranges::stable_sort(told, {}, &Alert::at);
        ASSERT_EQ(told.size(), tried.size()) << step;
        std::set<std::string> of_live, of_preview;
        for (const Alert& alert : told) of_live.insert(alert.id);
        for (const Alert& alert : tried) of_preview.insert(alert.id);
        EXPECT_EQ(of_live, of_preview) << step;
        EXPECT_EQ(of_live.size(), told.size()) << "no two of one id";
    }
}

TEST(AlertBook, RulesThatNameSymbolsAreFoundByBothNamesOnce) {
    Book book({{.name = "both", .kind = Kind::large_order, .symbols = {"BTCUSDT", "bybit-linear-BTCUSDT"}},
               {.name = "path", .kind = Kind::large_order, .symbols = {"bybit-linear-BTCUSDT"}},
               {.name = "other", .kind = Kind::large_order, .symbols = {"ETHUSDT"}}});
    const auto told = book.sees(large_order(seconds{0}, 300'000));
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].rule, "both");
    EXPECT_EQ(told[1].rule, "path");
}

TEST(AlertBook, KeepsNoMoreSilencesThanItMay) {
    Book book({{.name = "large", .kind = Kind::large_order}});
    std::vector<Alert> alerts;
    for (std::size_t i = 0; i < RuleBook::kMostSilences + 10; ++i)
        book.made.take(large_order(milliseconds{i}, 300'000, "S" + std::to_string(i)), alerts);
    EXPECT_EQ(book.made.silences(), RuleBook::kMostSilences);
}

}  // namespace
}  // namespace vt::alerts
