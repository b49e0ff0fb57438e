#include "analysis/liquidity/zone_map.hpp"

#include "analysis/archive.hpp"
#include "analysis/liquidity/test_bars.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using market::Candle;
using test::kMonday;

/// Feeds candles one by one, or all at once, and lets the map follow until `until`.
struct MapRun {
    BarHistory bars;
    ZoneMap map{0.01};

    void follow(Timestamp until) {
        bars.advance(
            until, [&] { map.clear(); }, [&](BarSize size, const PriceBar& bar) { map.on_bar(size, bar, bars); });
    }
    void live(const std::vector<Candle>& candles) {
        for (const Candle& candle : candles) {
            bars.put(candle);
            follow(candle.open_time + candle.interval + BarHistory::kSettle);
        }
    }
    [[nodiscard]] std::string state() {
        std::string bytes;
        StateWriter writer(bytes);
        writer(map);
        return bytes;
    }
};

// A level at 100, bars of five minutes, ATR 8: band 99..101, armed from 103, bounce above 105, break below 95.
PriceBar bar(double high, double low, double close) { return {.high = high, .low = low, .close = close}; }

TEST(LevelWatch, ABounceNeedsAnApproachATouchAndACloseBack) {
    LevelWatch watch;
    EXPECT_FALSE(watch.update(100, bar(102, 99, 102), 8));   // too near to be armed
    EXPECT_FALSE(watch.update(100, bar(102, 99, 102), 8));   // touches do not count
    EXPECT_FALSE(watch.update(100, bar(106, 101, 104), 8));  // armed
    EXPECT_FALSE(watch.update(100, bar(104, 101.1, 104), 8));
    EXPECT_FALSE(watch.update(100, bar(104, 100.5, 104.9), 8));  // touched
    EXPECT_FALSE(watch.update(100, bar(106, 98, 100), 8)) << "the high does not decide, a close does";
    const auto outcome = watch.update(100, bar(106, 100, 105), 8);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_TRUE(outcome->is_bounce);
    EXPECT_TRUE(outcome->is_from_above);
    EXPECT_DOUBLE_EQ(outcome->penetration_atr, 3.0 / 8);  // to 98, from the near edge 101
}

TEST(LevelWatch, ABreakIsACloseBeyondTheFarSideAndTurnsTheLevelAround) {
    LevelWatch watch;
    (void)watch.update(100, bar(106, 104, 105), 8);
    const auto outcome = watch.update(100, bar(104, 94, 95), 8);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_FALSE(outcome->is_bounce);
    EXPECT_FALSE(watch.update(100, bar(98.9, 94, 96), 8)) << "armed from below, not touched";
    const auto from_below = watch.update(100, bar(99.5, 94, 95), 8);
    ASSERT_TRUE(from_below.has_value());
    EXPECT_TRUE(from_below->is_bounce);
    EXPECT_FALSE(from_below->is_from_above);
}

TEST(LevelWatch, ATouchThatDoesNotEndIsDropped) {
    LevelWatch watch;
    (void)watch.update(100, bar(106, 104, 105), 8);
    for (std::uint32_t i = 0; i < LevelWatch::kMaxBars; ++i) EXPECT_FALSE(watch.update(100, bar(101, 99, 100), 8));
    EXPECT_FALSE(watch.update(100, bar(106, 100, 105), 8)) << "dropped: this only arms it";
    EXPECT_TRUE(watch.update(100, bar(106, 100, 105), 8).has_value());
}

TEST(ZoneMap, ASwingFoundsAZoneOnlyWhenItIsConfirmed) {
    // Half hours of 10 000 with one high of 10 100: known five bars later.
    MapRun run;
    for (int i = 0; i < 40; ++i) {
        const double high = i == 30 ? 10'100 : 10'010 + 0.1 * (i % 7);
        run.bars.put({.open_time = kMonday + std::chrono::minutes{30} * i,
                      .interval = std::chrono::minutes{30},
                      .open = 10'000,
                      .high = high,
                      .low = 9'990 + 0.1 * (i % 5),
                      .close = 10'000,
                      .volume_base = 1,
                      .is_closed = true});
        run.follow(kMonday + std::chrono::minutes{30} * (i + 1) + BarHistory::kSettle);
        bool is_known = false;
        for (const Zone& zone : run.map.zones())
            is_known = is_known || (zone.price == 10'100 && zone.has(ZoneKind::swing_30m));
        EXPECT_EQ(is_known, i >= 35) << i;
    }
}

TEST(ZoneMap, DayAndWeekLeaveTheirExtremesProfileAndRoundNumbers) {
    const auto candles = test::random_walk(3, 288 * 7);
    MapRun run;
    run.live(test::in_live_order(candles));
    std::uint32_t kinds = 0;
    for (const Zone& zone : run.map.zones()) kinds |= zone.kinds;
    EXPECT_EQ(kinds, (1U << kZoneKindCount) - 1) << "a week ends on Monday: every kind occurs";
    double week_high = 0;
    for (const Candle& candle : candles) week_high = std::max(week_high, candle.high);
    bool found = false;
    for (const Zone& zone : run.map.zones()) {
        found =
            found || (zone.has(ZoneKind::week_extreme) && std::abs(zone.price - week_high) <= .25 * *run.map.atr());
    }
    EXPECT_TRUE(found);
    EXPECT_LE(run.map.zones().size(), ZoneMap::kMaxZones);
}

/// A market that turns at 9 960 each time it gets there, up to 10 120, and anywhere between by chance.
std::vector<Candle> floor_market(std::uint64_t seed, std::size_t count) {
    Prng prng(seed);
    double price = 10'000;
    return test::candles_5m(kMonday, count, [&] {
        price += 2.5 * prng.normal();
        if (price < 9'960) price = 9'960 + 3 + std::abs(prng.normal()) * 6;
        if (price > 10'120) price = 10'120;
        return price;
    });
}

TEST(ZoneMap, AFloorThatHoldsIsProvenAndPullsTheBalanceUp) {
    int proven = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto candles = floor_market(seed, 288 * 6);
        MapRun run;
        run.live(test::in_live_order(candles));
        const double atr = *run.map.atr();
        double best = 0;
        for (const Zone& zone : run.map.zones()) {
            if (std::abs(zone.price - 9'960) > .5 * atr) continue;
            best = std::max(best, run.map.value_of(zone, 9'960 + .5 * atr));
        }
        if (best > 0) ++proven;
        EXPECT_GT(run.map.balance_at(9'960 + .5 * atr), .1) << seed;
    }
    EXPECT_EQ(proven, 5);
}

TEST(ZoneMap, ARandomWalkProvesNothing) {
    double sum = 0;
    double count = 0;
    double largest = 0;
    double touches = 0, bounces = 0, placebo_touches = 0, placebo_bounces = 0;
    for (std::uint64_t seed = 100; seed < 140; ++seed) {
        const auto candles = test::random_walk(seed, 288 * 6);
        MapRun run;
        for (const Candle& candle : test::in_live_order(candles)) {
            run.bars.put(candle);
            const Timestamp end = candle.open_time + candle.interval;
            run.follow(end + BarHistory::kSettle);
            if (candle.interval != Nanos{std::chrono::hours{4}}) continue;
            const double x = run.map.balance_at(candle.close);
            sum += x;
            largest = std::max(largest, std::abs(x));
            count += 1;
        }
        for (const Zone& zone : run.map.zones()) {
            touches += zone.from_above.touches + zone.from_below.touches;
            bounces += zone.from_above.bounces + zone.from_below.bounces;
        }
        placebo_touches += run.map.placebo().touches;
        placebo_bounces += run.map.placebo().bounces;
    }
    const double mean_score = 50 + 50 * sum / count;
    EXPECT_NEAR(mean_score, 50, 1);
    EXPECT_LT(largest, .5);
    const double rate = bounces / touches;
    const double placebo_rate = placebo_bounces / placebo_touches;
    EXPECT_NEAR(rate, placebo_rate, 3 * std::sqrt(.25 / touches + .25 / placebo_touches))
        << touches << ' ' << placebo_touches;
    RecordProperty("mean_score", std::to_string(mean_score));
    std::cout << "random walks: mean score " << mean_score << ", largest |x| " << largest << ", bounce rate of zones "
              << rate << " (" << touches << "), of placebos " << placebo_rate << " (" << placebo_touches << ")\n";
}

TEST(ZoneMap, BarByBarEqualsAllAtOnceInWhateverOrderTheyCome) {
    const auto fine = test::random_walk(8, 800);
    auto candles = test::in_live_order(fine);
    const Timestamp until = candles.back().open_time + candles.back().interval + BarHistory::kSettle;
    MapRun live, batch, backfilled;
    live.live(candles);
    for (const Candle& candle : candles) batch.bars.put(candle);
    batch.follow(until);
    EXPECT_EQ(live.state(), batch.state());
    // Sizes one after the other, with a look in between: what comes late makes it start anew.
    std::stable_sort(candles.begin(), candles.end(),
                     [](const Candle& a, const Candle& b) { return a.interval < b.interval; });
    for (const Candle& candle : candles) {
        backfilled.bars.put(candle);
        if (candle.open_time.time_since_epoch() % std::chrono::hours{24} == Nanos{0}) backfilled.follow(until);
    }
    backfilled.follow(until);
    EXPECT_EQ(live.state(), backfilled.state());
}

TEST(ZoneMap, WhatIsKnownAtAnInstantDoesNotDependOnWhatFollows) {
    const auto candles = test::in_live_order(test::random_walk(8, 800));
    const Timestamp cut = kMonday + std::chrono::hours{50};
    MapRun whole, truncated;
    for (const Candle& candle : candles) {
        whole.bars.put(candle);
        if (candle.open_time + candle.interval <= cut) truncated.bars.put(candle);
    }
    whole.follow(cut);
    truncated.follow(cut + std::chrono::hours{100});
    whole.follow(cut + BarHistory::kSettle);
    EXPECT_EQ(whole.state(), truncated.state());
}

TEST(ZoneMap, ARepeatedOrCorrectedBarOfTheSameValuesChangesNothing) {
    const auto candles = test::in_live_order(test::random_walk(8, 300));
    MapRun once, twice;
    once.live(candles);
    twice.live(candles);
    twice.live(candles);
    EXPECT_EQ(once.state(), twice.state());
}

TEST(ZoneMap, AMissingBarEndsTheTouchesThatWereOn) {
    auto candles = test::random_walk(8, 400);
    MapRun whole, holed;
    whole.live(test::in_live_order(candles));
    candles.erase(candles.begin() + 350, candles.begin() + 352);
    holed.live(test::in_live_order(candles));
    EXPECT_NE(whole.state(), holed.state());
    double more = 0;
    for (const Zone& zone : whole.map.zones()) more += zone.from_above.touches + zone.from_below.touches;
    double fewer = 0;
    for (const Zone& zone : holed.map.zones()) fewer += zone.from_above.touches + zone.from_below.touches;
    EXPECT_LT(fewer, more);
}

TEST(ZoneMap, StateSurvivesABrokenArchive) {
    MapRun run;
    run.live(test::in_live_order(test::random_walk(8, 700)));
    const std::string bytes = run.state();
    ZoneMap loaded(0.01);
    StateReader reader(bytes);
    reader(loaded);
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(reader.remaining(), 0U);
    std::string again;
    StateWriter writer(again);
    writer(loaded);
    EXPECT_EQ(bytes, again);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 97) {
        ZoneMap broken(0.01);
        StateReader cut_reader(std::string_view(bytes).substr(0, cut));
        cut_reader(broken);
        EXPECT_TRUE(cut_reader.failed()) << cut;
    }
}

}  // namespace
}  // namespace vt::analysis::liquidity
