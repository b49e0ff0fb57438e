#include "signals/follow.hpp"

#include "base/prng.hpp"
#include "market/candle_series.hpp"
#include "signals/signal_codec.hpp"
#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

namespace vt::signals {
namespace {

using market::Side;
using namespace std::chrono_literals;
using Changes = std::vector<Change>;

/// A signal with its trades and seconds.
struct Walk {
    explicit Walk(Side side = Side::buy) : signal(test_signal(side)) {}
    void trade(Nanos after, double price) { follow_trade(signal, kEntered + after, price, changes); }
    void second(Nanos after, SecondFacts facts = {.are_trades_live = true}) {
        facts.at = kEntered + after;
        follow_second(signal, facts, changes);
    }
    [[nodiscard]] const Path& path() const { return signal.path; }
    Signal signal;
    Changes changes;
};

/// Fees of 5 bps on the entry and on an exit at `paid` of the entry.
double fees(double paid) { return 5 * (1 + paid); }

TEST(Follow, AStopEndsAllOfItWithItsCosts) {
    Walk walk;
    walk.trade(1s, 100.4);
    walk.trade(2s, 99.5);
    walk.trade(3s, 99);
    EXPECT_EQ(walk.changes, Changes{Change::ended});
    EXPECT_EQ(walk.path().first_barrier, Ending::stop);
    EXPECT_EQ(walk.path().ended_at, kEntered + 3s);
    EXPECT_EQ(walk.path().open_share, 0);
    EXPECT_NEAR(walk.path().gross_bps, -100, 1e-9);
    const double paid = .99 * (1 - 2e-4);
    EXPECT_NEAR(walk.path().net_bps, 1e4 * (paid - 1) - fees(paid), 1e-9);
    EXPECT_NEAR(walk.signal.net_r().value(), walk.path().net_bps / 100, 1e-12);
    EXPECT_NEAR(walk.path().mfe_bps, 40, 1e-9);
    EXPECT_NEAR(walk.path().mae_bps, -100, 1e-9);
}

/// A jump over the barrier is filled where the market was, not where the stop lay.
TEST(Follow, AGapOverTheStopCostsTheGap) {
    Walk walk;
    walk.trade(1s, 97);
    EXPECT_NEAR(walk.path().gross_bps, -300, 1e-9);
    EXPECT_EQ(walk.path().first_barrier, Ending::stop);
}

/// A resting order is filled at its own price, even where the market jumped beyond.
TEST(Follow, AGapOverTargetsFillsEachAtItsPrice) {
    Walk walk;
    walk.trade(1s, 103);
    EXPECT_EQ(walk.changes, (Changes{Change::target_1, Change::target_2}));
    EXPECT_NEAR(walk.path().gross_bps, .5 * 150 + .3 * 250, 1e-9);
    EXPECT_NEAR(walk.path().open_share, .2, 1e-12);
    EXPECT_EQ(walk.path().first_barrier, Ending::target);
    EXPECT_FALSE(walk.path().ended_at);
}

TEST(Follow, AllTargetsEndIt) {
    Walk walk;
    for (const double price : {101.5, 102.5, 104.0}) walk.trade(1s, price);
    EXPECT_EQ(walk.changes, (Changes{Change::target_1, Change::target_2, Change::ended}));
    EXPECT_NEAR(walk.path().gross_bps, .5 * 150 + .3 * 250 + .2 * 400, 1e-9);
    EXPECT_EQ(walk.path().open_share, 0);
    EXPECT_EQ(walk.path().first_barrier, Ending::target);
}

TEST(Follow, AfterTheFirstTargetTheRestCannotLose) {
    Walk walk;
    walk.trade(1s, 101.5);
    const double stop = walk.path().stop;
    EXPECT_NEAR(stop, 100 * (1 + (2 * 5 + 2) * 1e-4), 1e-9);
    walk.trade(2s, 101);
    EXPECT_FALSE(walk.path().ended_at);
    walk.trade(3s, stop);
    ASSERT_TRUE(walk.path().ended_at);
    EXPECT_EQ(walk.path().first_barrier, Ending::target) << "the label is the first barrier that was reached";
    const double half = .5 * (150 - fees(1.015));
    EXPECT_NEAR(walk.path().net_bps, half, .05) << "what was left came out even";
}

TEST(Follow, AShortIsAMirror) {
    Walk walk(Side::sell);
    walk.trade(1s, 98.5);
    EXPECT_EQ(walk.changes, Changes{Change::target_1});
    walk.trade(2s, 100);
    EXPECT_EQ(walk.path().first_barrier, Ending::target);
    ASSERT_TRUE(walk.path().ended_at) << "break-even lies below the entry";
    Walk stopped(Side::sell);
    stopped.trade(1s, 101.2);
    EXPECT_NEAR(stopped.path().gross_bps, -120, 1e-9);
}

TEST(Follow, ItExpiresAtTheLastPrice) {
    Walk walk;
    walk.trade(1s, 100.3);
    walk.second(8h);
    EXPECT_EQ(walk.path().first_barrier, Ending::expired);
    EXPECT_EQ(walk.path().ended_at, kEntered + 8h);
    EXPECT_NEAR(walk.path().gross_bps, 30, 1e-9);
    EXPECT_FALSE(is_followed_to_the_end(walk.signal)) << "a day's horizon is open";
    walk.second(24h);
    EXPECT_TRUE(is_followed_to_the_end(walk.signal));
}

/// A trade after the expiry is not what it expires at.
TEST(Follow, ALateTradeDoesNotMoveTheExpiry) {
    Walk walk;
    walk.trade(1s, 100.3);
    walk.trade(8h + 1s, 104);
    EXPECT_EQ(walk.path().first_barrier, Ending::expired);
    EXPECT_NEAR(walk.path().gross_bps, 30, 1e-9);
    EXPECT_NEAR(walk.path().mfe_bps, 30, 1e-9);
}

TEST(Follow, HorizonsAreWrittenWhateverBecameOfThePosition) {
    Walk walk;
    walk.trade(1min, 99);  // stopped
    walk.trade(14min, 101);
    walk.second(15min);
    const HorizonOutcome& quarter = walk.path().horizons[0].value();
    EXPECT_NEAR(quarter.gross_bps, 100, 1e-9);
    const double paid = 1.01 * (1 - 2e-4);
    EXPECT_NEAR(quarter.net_bps, 1e4 * (paid - 1) - fees(paid), 1e-9);
    EXPECT_NEAR(quarter.mae_bps, -100, 1e-9);
    EXPECT_NEAR(quarter.mfe_bps, 100, 1e-9);
    EXPECT_FALSE(walk.path().horizons[1]);
    EXPECT_NEAR(walk.path().mfe_bps, 0, 1e-9) << "of the position itself: it was over";
}

TEST(Follow, FundingIsPaidByTheOpenShare) {
    Walk walk;
    walk.trade(1s, 101.5);  // half is closed
    const double before = walk.path().net_bps;
    walk.second(1h, {.are_trades_live = true, .funding_rate = .0001});
    EXPECT_NEAR(walk.path().funding_bps, -.5 * 1.015, 1e-9) << "a long pays a positive rate, on the price as it is";
    EXPECT_NEAR(walk.path().net_bps - before, walk.path().funding_bps, 1e-12);
    EXPECT_NEAR(walk.path().held_funding_bps, -1.015, 1e-9);
    Walk sold(Side::sell);
    sold.second(1h, {.are_trades_live = true, .funding_rate = .0001});
    EXPECT_NEAR(sold.path().funding_bps, 1, 1e-9) << "a short receives it";
}

TEST(Follow, ADelistedMarketEndsItAtItsLastPrice) {
    Walk walk;
    walk.trade(1s, 100.2);
    walk.second(2s, {.are_trades_live = true, .is_listed = false});
    EXPECT_EQ(walk.path().first_barrier, Ending::delisted);
    EXPECT_NEAR(walk.path().gross_bps, 20, 1e-9);
}

market::Candle minute(Nanos after, double open, double high, double low, double close) {
    return {.open_time = kEntered + after,
            .interval = 1min,
            .open = open,
            .high = high,
            .low = low,
            .close = close,
            .volume_base = 1,
            .turnover_quote = 100,
            .is_closed = true};
}

/// Trades are missing for two minutes; the venue's candles say what happened.
TEST(Follow, AHoleIsFilledFromCandlesTheStopFirst) {
    const auto through = [](market::Candle first, market::Candle second_one) {
        Walk walk;
        walk.trade(90s, 100.1);
        walk.second(120s);
        walk.second(121s, {.are_trades_live = false});
        walk.trade(150s, 95) /* not to be believed while it is not known what came before */;
        market::CandleSeries minutes(1min, 100);
        minutes.put(first);
        minutes.put(second_one);
        walk.second(235s, {.are_trades_live = true, .minutes = &minutes});
        EXPECT_FALSE(walk.path().ended_at) << "within a minute nothing is filled";
        walk.second(240s, {.are_trades_live = true, .minutes = &minutes});
        EXPECT_FALSE(walk.path().hole_since);
        EXPECT_FALSE(walk.path().has_gap);
        return walk;
    };
    const Walk quiet = through(minute(2min, 100, 100.5, 99.5, 100), minute(3min, 100, 100.8, 99.8, 100.2));
    EXPECT_FALSE(quiet.path().ended_at);
    EXPECT_NEAR(quiet.path().mfe_bps, 80, 1e-9);
    EXPECT_NEAR(quiet.path().mae_bps, -50, 1e-9);
    EXPECT_EQ(quiet.path().last_price, 100.2);

    const Walk both = through(minute(2min, 100, 102, 98.9, 101), minute(3min, 101, 101, 101, 101));
    EXPECT_EQ(both.path().first_barrier, Ending::stop) << "a minute that reached both is a loss";
    EXPECT_NEAR(both.path().gross_bps, -100, 1e-9) << "at the stop: the minute opened above it";

    const Walk gap = through(minute(2min, 98, 98.5, 97, 98), minute(3min, 98, 98, 98, 98));
    EXPECT_NEAR(gap.path().gross_bps, -200, 1e-9) << "the minute opened beyond the stop";

    const Walk up = through(minute(2min, 100, 101.6, 100, 101.5), minute(3min, 101.5, 102.6, 101.4, 102));
    EXPECT_EQ(up.changes, (Changes{Change::target_1, Change::target_2}));
}

/// The program was down from 2:00 to 3:20, and at 3:00 the venue settled.
struct Downtime {
    Downtime() {
        walk.trade(90s, 100.1);
        walk.second(120s);
        walk.signal.path.hole_since = walk.path().seen_until;
        facts.minutes = &minutes;
        facts.began = kEntered + 200s;
        minutes.put(minute(3min, 100.2, 100.3, 100, 100.1));
    }
    void second(Nanos after, const std::vector<Settlement>& missed) {
        facts.missed = missed;
        walk.second(after, facts);
    }
    Walk walk;
    market::CandleSeries minutes{1min, 100};
    SecondFacts facts{.are_trades_live = true};
};
const std::vector<Settlement> kSettled{{kEntered + 60s, .5}, {kEntered + 180s, .0001}};

TEST(Follow, WhatWasSettledWhileTheProgramWasDownIsChargedOnce) {
    Downtime down;
    down.minutes.put(minute(2min, 100, 100.5, 99.5, 100.2));
    down.second(240s, kSettled);
    EXPECT_FALSE(down.walk.path().hole_since);
    EXPECT_NEAR(down.walk.path().funding_bps, -1.002, 1e-9) << "at the price as of then; the one before was charged";
    EXPECT_NEAR(down.walk.path().net_bps, -1.002, 1e-9);
    EXPECT_NEAR(down.walk.path().held_funding_bps, -1.002, 1e-9);
    // A hole of this run: the ticker's rate is charged at its second.
    down.walk.second(241s, {.are_trades_live = false});
    down.minutes.put(minute(4min, 100.1, 100.1, 100.1, 100.1));
    down.second(300s, {{kEntered + 180s, .0001}, {kEntered + 245s, .01}});
    EXPECT_FALSE(down.walk.path().hole_since);
    EXPECT_NEAR(down.walk.path().funding_bps, -1.002, 1e-9);
}

TEST(Follow, WhatWasSettledBehindTheStopWithinTheHoleIsNotPaid) {
    Downtime down;
    down.minutes.put(minute(2min, 100, 100.5, 98.9, 100.2));
    down.second(240s, kSettled);
    EXPECT_EQ(down.walk.path().first_barrier, Ending::stop);
    EXPECT_EQ(down.walk.path().funding_bps, 0);
    EXPECT_NEAR(down.walk.path().held_funding_bps, -1.002, 1e-9) << "the horizons go on";
}

TEST(Follow, AHoleWaitsForTheSettlementThatIsDueInIt) {
    for (const bool comes : {true, false}) {
        Downtime down;
        down.facts.funding_interval = 1min;
        down.minutes.put(minute(2min, 100, 100.5, 99.5, 100.2));
        down.second(240s, {kSettled.front()});
        EXPECT_TRUE(down.walk.path().hole_since) << "at 3:00 one was due, and the history does not have it yet";
        for (Nanos at = 4min; at < 14min; at += 1min) down.minutes.put(minute(at, 100.1, 100.1, 100.1, 100.1));
        down.second(300s, comes ? kSettled : std::vector{kSettled.front()});
        EXPECT_EQ(down.walk.path().hole_since.has_value(), !comes);
        down.second(240s + kHoleWait, comes ? kSettled : std::vector{kSettled.front()});
        EXPECT_FALSE(down.walk.path().hole_since);
        EXPECT_EQ(down.walk.path().has_gap, !comes) << "never known: said, not guessed";
        EXPECT_NEAR(down.walk.path().funding_bps, comes ? -1.002 : 0, 1e-9);
    }
}

/// Of the minute in which it was entered only the close is known to be later than the entry.
TEST(Follow, TheMinuteOfTheEntryHidesNothingWhereNoBarrierLiesInIt) {
    const auto after = [](double low, double high) {
        Walk walk;
        const Timestamp first = floor_to(kEntered, 1min);
        market::CandleSeries minutes(1min, 10);
        for (int i = 0; i < 2; ++i) {
            minutes.put({.open_time = first + i * 1min,
                         .interval = 1min,
                         .open = 100,
                         .high = i == 0 ? high : 100.1,
                         .low = i == 0 ? low : 99.9,
                         .close = 100,
                         .volume_base = 1,
                         .turnover_quote = 100,
                         .is_closed = true});
        }
        walk.signal.entered_at = kEntered + 20s;
        walk.signal.path.hole_since = kEntered + 20s;
        walk.second(first + 2min - kEntered, {.are_trades_live = true, .minutes = &minutes});
        EXPECT_FALSE(walk.path().hole_since);
        EXPECT_FALSE(walk.path().ended_at);
        return walk.path().has_gap;
    };
    EXPECT_FALSE(after(99.2, 101.4));
    EXPECT_TRUE(after(98.9, 100.5)) << "the stop may have been reached before the entry or after it";
    EXPECT_TRUE(after(99.5, 101.5));
}

/// A candle made of the trades that were seen says nothing of those that were not.
TEST(Follow, OurOwnCandleFillsNoHole) {
    Walk walk;
    market::CandleSeries minutes(1min, 10);
    const Timestamp first = floor_to(kEntered, 1min) + 1min;
    minutes.add_trade(first + 5s, 100, 1);
    minutes.close_until(first + 1min);
    walk.second(first + 10s - kEntered);
    walk.second(first + 20s - kEntered, {.are_trades_live = false});
    walk.second(first + 1min - kEntered, {.are_trades_live = true, .minutes = &minutes});
    EXPECT_TRUE(walk.path().hole_since);
}

TEST(Follow, AHoleThatNobodyFillsIsSaid) {
    Walk walk;
    market::CandleSeries minutes(1min, 100);
    walk.second(60s);
    walk.second(61s, {.are_trades_live = false});
    for (Nanos t = 2min; t < 2min + kHoleWait; t += 1s) {
        walk.second(t, {.are_trades_live = true, .minutes = &minutes});
        ASSERT_TRUE(walk.path().hole_since);
    }
    walk.second(2min + kHoleWait, {.are_trades_live = true, .minutes = &minutes});
    EXPECT_FALSE(walk.path().hole_since);
    EXPECT_TRUE(walk.path().has_gap);
    walk.trade(2min + kHoleWait + 1s, 98.5);
    EXPECT_NEAR(walk.path().gross_bps, -150, 1e-9) << "the first price that is seen decides";
}

/// The same path as single trades, and read back from bytes after each of them, ends in the same state.
TEST(Follow, AStateThatWasKeptGoesOnTheSame) {
    Prng random(11);
    for (int run = 0; run < 50; ++run) {
        const Side side = run % 2 == 0 ? Side::buy : Side::sell;
        Walk one(side), other(side);
        double price = 100;
        for (int i = 1; i <= 400; ++i) {
            price *= 1 + .002 * (random.uniform() - .5);
            const Nanos after = i * 30s;
            for (Walk* walk : {&one, &other}) {
                walk->trade(after, price);
                walk->second(after + 1s, {.are_trades_live = i % 37 != 0});
            }
            std::string bytes;
            encode_signal(other.signal, bytes);
            other.signal = decode_signal(bytes).value();
            ASSERT_EQ(one.path(), other.path());
        }
        EXPECT_EQ(one.changes, other.changes);
    }
}

/// Against a slow reference that knows nothing but the rules: random walks, no holes.
TEST(Follow, AgreesWithASlowReference) {
    Prng random(5);
    int stops = 0, targets = 0, expiries = 0;
    for (int run = 0; run < 300; ++run) {
        const Side side = random.below(2) == 0 ? Side::buy : Side::sell;
        Walk walk(side);
        const double sign = market::sign(side);
        std::vector<std::pair<Nanos, double>> prices;
        double price = 100;
        for (Nanos t = 20s; t < 9h; t += 20s) {
            price *= 1 + .0014 * (random.uniform() - .5);
            prices.emplace_back(t, price);
        }
        double open = 1, net = 0, stop = 100 - sign, last = 100;
        std::size_t next = 0;
        bool is_over = false;
        const double shares[] = {.5, .3, .2};
        const double levels[] = {100 + 1.5 * sign, 100 + 2.5 * sign, 100 + 4 * sign};
        const auto leave = [&](double share, double at, double slip) {
            const double paid = at * (1 - sign * slip * 1e-4) / 100;
            net += share * (sign * 1e4 * (paid - 1) - 5 * (1 + paid));
            open -= share;
        };
        std::string label;
        for (const auto& [t, p] : prices) {
            if (t >= 8h) {
                leave(open, last, 2);
                if (label.empty()) label = "expired";
                is_over = true;
            } else if (sign * (p - stop) <= 0) {
                leave(open, p, 2);
                if (label.empty()) label = "stop";
                is_over = true;
            } else {
                while (next < 3 && sign * (p - levels[next]) >= 0) {
                    leave(next == 2 ? open : shares[next], levels[next], 0);
                    if (label.empty()) label = "target";
                    if (next == 0) stop = 100 * (1 + sign * 12e-4);
                    is_over = ++next == 3;
                }
            }
            if (is_over) break;
            last = p;
        }
        for (const auto& [t, p] : prices) walk.trade(t, p);
        walk.second(9h);
        ASSERT_TRUE(is_over);
        ASSERT_TRUE(walk.path().first_barrier);
        EXPECT_EQ(name(*walk.path().first_barrier), label);
        EXPECT_NEAR(walk.path().net_bps, net, 1e-9);
        stops += label == "stop";
        targets += label == "target";
        expiries += label == "expired";
    }
    EXPECT_GT(std::min({stops, targets, expiries}), 10) << "each end is among them";
}

}  // namespace
}  // namespace vt::signals
