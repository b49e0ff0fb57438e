#include "signals/symbol_signals.hpp"

#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace vt::signals {
namespace {

using market::Side;
using namespace std::chrono_literals;

market::Instrument alt() {
    return {.id = market::InstrumentId{3},
            .symbol = "ALTUSDT",
            .base = "ALT",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 2},
            .lot_size = {1, 0}};
}

/// One instrument, minute by minute. Gates other than those of score and persistence pass unless a test says no.
class Desk {
public:
    /// Closes the next minute with this score. out: what changed
    std::vector<SignalChange> minute(double score) {
        now_ += 1min;
        signals_.on_second({.at = now_, .are_trades_live = true}, std::nullopt, std::nullopt);
        confluence::ScoreRecord record;
        record.at = now_;
        record.score = record.sum = score;
        record.coverage = .9;
        const double distance = std::abs(score - 50);
        const Params params;
        std::vector<Gate> gates{
            {.name = "score", .value = distance, .threshold = 20, .passes = distance >= 20},
            {.name = "persistence",
             .passes = before_ && std::abs(*before_ - 50) >= 15 && (*before_ - 50) * (score - 50) > 0}};
        if (!blocked_by.empty()) gates.push_back({.name = blocked_by, .passes = false});
        SideFacts side;
        if (const auto lean = leaning(score)) signals_.fill(side, *lean, now_);
        gates.push_back(
            {.name = "duplicate", .passes = side.open == 0 && side.cooldown_left == Nanos{0} && side.is_rearmed});
        before_ = score;
        const EntryFacts entry{.mid = 100, .quote_at = now_ + 900ms, .atr = .5, .slippage_bps = {1, 1}, .tick = .01};
        const auto sides = levels_of_sides(entry, params);
        signals_.decide({.record = record, .gates = gates, .sides = sides, .entry = entry, .signal_distance = 20},
                        alt());
        return signals_.take_changes();
    }
    std::vector<SignalChange> trade(double price) {
        signals_.on_trade(now_ + 2s, price);
        return signals_.take_changes();
    }
    [[nodiscard]] const SymbolSignals& signals() const { return signals_; }
    [[nodiscard]] Timestamp now() const { return now_; }
    std::string blocked_by;

private:
    SymbolSignals signals_{Params{}};
    Timestamp now_ = kEntered - (kEntered.time_since_epoch() % Nanos{1min});
    std::optional<double> before_;
};

TEST(SymbolSignals, ASecondMinuteBeyondTheLevelRaisesOne) {
    Desk desk;
    EXPECT_TRUE(desk.minute(72).empty()) << "the minute before was not there";
    const auto changes = desk.minute(73);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, Change::raised);
    const Signal& signal = changes[0].signal;
    EXPECT_EQ(signal.side, Side::buy);
    EXPECT_EQ(signal.state(), State::open);
    EXPECT_EQ(signal.confirmed_at, desk.now());
    EXPECT_EQ(signal.entered_at, desk.now() + 900ms) << "at the quote after the confirmation, not before";
    EXPECT_EQ(signal.id, id_of("bybit-linear-ALTUSDT", Side::buy, desk.now(), "confluence", ""));
    EXPECT_NEAR(signal.levels->entry, 100.01, 1e-9);
    EXPECT_TRUE(desk.minute(74).empty()) << "the same crossing raises nothing more";
}

TEST(SymbolSignals, BothSidesAreAlike) {
    Desk desk;
    desk.minute(28);
    const auto changes = desk.minute(27);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].signal.side, Side::sell);
    EXPECT_NEAR(changes[0].signal.levels->entry, 99.99, 1e-9);
}

TEST(SymbolSignals, ASecondCrossingWhileOneIsOpenIsWrittenDownAsADuplicate) {
    Desk desk;
    desk.minute(72);
    desk.minute(72);
    desk.minute(59);
    desk.minute(66);
    const auto changes = desk.minute(71);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, Change::suppressed);
    EXPECT_EQ(changes[0].signal.suppressed_by, "duplicate");
    EXPECT_EQ(changes[0].signal.state(), State::suppressed);
}

TEST(SymbolSignals, WhatAGateHoldsBackIsWrittenDownOnceAndRaisedWhenItOpens) {
    Desk desk;
    desk.blocked_by = "spread";
    desk.minute(72);
    const auto held = desk.minute(72);
    ASSERT_EQ(held.size(), 1U);
    EXPECT_EQ(held[0].signal.suppressed_by, "spread");
    EXPECT_TRUE(desk.minute(72).empty());
    desk.blocked_by.clear();
    const auto raised = desk.minute(72);
    ASSERT_EQ(raised.size(), 1U);
    EXPECT_EQ(raised[0].change, Change::raised);
    EXPECT_EQ(desk.signals().followed().size(), 2U) << "what was held back is followed too";
}

TEST(SymbolSignals, AfterAStopTheCooldownIsLongerAndTheScoreHasToComeBack) {
    const auto minutes_until_next = [](double exit_price) {
        Desk desk;
        desk.minute(72);
        desk.minute(72);
        for (const double price : {exit_price, exit_price > 100 ? 102.6 : exit_price, exit_price > 100 ? 104.1 : 1.0})
            desk.trade(price);
        for (int minute = 1; minute < 300; ++minute) {
            // Back and beyond again, every other pair of minutes.
            const double score = minute % 4 < 2 ? 55 : 75;
            for (const SignalChange& change : desk.minute(score))
                if (change.change == Change::raised) return minute;
        }
        return 0;
    };
    EXPECT_NEAR(minutes_until_next(98), 120, 4);
    EXPECT_NEAR(minutes_until_next(101.6), 60, 4);

    Desk desk;
    desk.minute(72);
    desk.minute(72);
    desk.trade(98);
    for (int minute = 0; minute < 200; ++minute) {
        for (const SignalChange& change : desk.minute(72)) EXPECT_NE(change.change, Change::raised);
    }
}

TEST(SymbolSignals, TheCooldownOutlivesARestart) {
    const auto left_after = [](double exit_price) {
        Signal signal = test_signal();
        std::vector<Change> changes;
        follow_trade(signal, kEntered + 10min, exit_price, changes);
        SymbolSignals signals{Params{}};
        signals.resume(signal);
        SideFacts buy, sell;
        signals.fill(buy, Side::buy, kEntered + 40min);
        signals.fill(sell, Side::sell, kEntered + 40min);
        EXPECT_EQ(sell.cooldown_left, Nanos{0});
        return buy.cooldown_left;
    };
    EXPECT_EQ(left_after(98), Nanos{90min}) << "stopped half an hour ago";
    EXPECT_EQ(left_after(104), Nanos{30min});
}

TEST(SymbolSignals, FundingIsSettledOnce) {
    SymbolSignals signals{Params{}};
    signals.resume(test_signal());
    const Timestamp settlement = kEntered + 10min;
    for (Nanos t = 1s; t < 20min; t += 1s) {
        const Timestamp at = kEntered + t;
        const Timestamp next = at < settlement ? settlement : settlement + 8h;
        signals.on_second({.at = at, .are_trades_live = true}, next, at < settlement ? .0003 : .0009);
    }
    EXPECT_NEAR(signals.followed()[0].path.funding_bps, -3, 1e-9) << "the rate as it stood before the settlement";
}

TEST(SymbolSignals, TheWorstThatIsFollowedIsBounded) {
    Desk desk;
    desk.blocked_by = "spread";
    for (int i = 0; i < 100; ++i) {
        desk.minute(72);
        desk.minute(72);
        desk.minute(50);
        ASSERT_LE(desk.signals().followed().size(), SymbolSignals::kFollowedMax);
    }
    EXPECT_EQ(desk.signals().followed().size(), SymbolSignals::kFollowedMax);
}

TEST(SymbolSignals, WithoutABookItIsWrittenDownAndNotFollowed) {
    SymbolSignals signals{Params{}};
    confluence::ScoreRecord record;
    record.at = kEntered;
    record.score = 75;
    const std::vector<Gate> gates{{.name = "feed_live", .passes = false},
                                  {.name = "score", .passes = true},
                                  {.name = "persistence", .passes = true}};
    const EntryFacts entry;
    const auto sides = levels_of_sides(entry, {});
    EXPECT_EQ(signals.decide(
                  {.record = record, .gates = gates, .sides = sides, .entry = entry, .signal_distance = 20}, alt()),
              nullptr);
    const auto changes = signals.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].signal.suppressed_by, "feed_live");
    EXPECT_FALSE(changes[0].signal.levels);
    EXPECT_TRUE(signals.followed().empty());
}

/// The venue's minutes from a whole one on, in which no barrier was reached and which end where they began.
market::CandleSeries quiet_minutes(Timestamp from, int count) {
    market::CandleSeries minutes(1min, 10);
    for (int i = 0; i < count; ++i) {
        minutes.put({.open_time = from + i * 1min,
                     .interval = 1min,
                     .open = 100,
                     .high = 100.2,
                     .low = 99.9,
                     .close = 100,
                     .volume_base = 1,
                     .turnover_quote = 100,
                     .is_closed = true});
    }
    return minutes;
}

/// The venue's history of settlements comes in any order and more than once.
TEST(SymbolSignals, WhatWasSettledBeforeTheRunIsChargedToWhatItLeftOpen) {
    SymbolSignals signals{Params{}};
    signals.resume(test_signal());
    const market::CandleSeries minutes = quiet_minutes(kEntered, 4);
    const auto second = [&](Nanos after) {
        signals.on_second({.at = kEntered + after, .are_trades_live = true, .minutes = &minutes}, std::nullopt,
                          std::nullopt);
        return signals.followed()[0].path.funding_bps;
    };
    EXPECT_EQ(second(150s), 0) << "the run's first second";
    for (const auto& [after, rate] :
         std::vector<std::pair<Nanos, double>>{{120s, 1e-4}, {60s, 2e-4}, {120s, 1e-4}, {-60s, .5}, {160s, .5}})
        signals.on_settlement(kEntered + after, rate);
    EXPECT_NEAR(second(180s), -3, 1e-9) << "not what was settled before the entry, nor what this run charges itself";
    EXPECT_NEAR(second(240s), -3, 1e-9);
}

/// A trade of the second that is not evaluated yet is judged when the hole before it is filled.
TEST(SymbolSignals, TradesAheadOfAFilledHoleAreNotLost) {
    SymbolSignals signals{Params{}};
    signals.resume(test_signal());  // what an earlier run left: everything since is a hole
    const market::CandleSeries minutes = quiet_minutes(kEntered, 2);
    const Timestamp filled = kEntered + 2min;
    signals.on_trade(filled + 300ms, 98.5);
    EXPECT_TRUE(signals.followed()[0].is_in_position());
    signals.on_second({.at = filled, .are_trades_live = true, .minutes = &minutes}, std::nullopt, std::nullopt);
    EXPECT_EQ(signals.followed()[0].path.first_barrier, Ending::stop);
    EXPECT_EQ(signals.followed()[0].path.ended_at, filled + 300ms);
}

/// One minute of a strategy, a minute after `at`'s.
const Signal* strategy_minute(SymbolSignals& signals, std::string_view strategy, Timestamp at, double score,
                              std::vector<Gate> gates = {}) {
    const EntryFacts entry{.mid = 100, .quote_at = at + 900ms, .atr = .5, .slippage_bps = {1, 1}, .tick = .01};
    SideFacts side;
    signals.fill(side, score > 50 ? Side::buy : Side::sell, at, strategy);
    gates.push_back(
        {.name = "duplicate", .passes = side.open == 0 && side.cooldown_left == Nanos{0} && side.is_rearmed});
    return signals.decide({.strategy = strategy,
                           .at = at,
                           .score = score,
                           .coverage = .8,
                           .is_crossing = std::abs(score - 50) >= 20,
                           .signal_distance = 20,
                           .horizon = 2h,
                           .reasons = {"gap 3.1 sd"}},
                          gates, levels_of_sides(entry, Params{}), entry, alt());
}

TEST(SymbolSignals, EachStrategyHasItsOwnSidesAndCooldowns) {
    SymbolSignals signals{Params{}};
    const Signal* first = strategy_minute(signals, "lead_lag", kEntered, 75);
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first->strategy, "lead_lag");
    EXPECT_TRUE(first->is_raised());
    EXPECT_EQ(first->id, id_of("bybit-linear-ALTUSDT", Side::buy, kEntered, "lead_lag", ""));
    EXPECT_EQ(first->expires_at, first->entered_at + 2h) << "its own horizon, not that of the score";
    EXPECT_EQ(first->coverage, .8);
    EXPECT_FALSE(first->confidence) << "that is of a score";
    EXPECT_EQ(first->reasons, std::vector<std::string>{"gap 3.1 sd"});
    EXPECT_EQ(strategy_minute(signals, "lead_lag", kEntered + 1min, 75), nullptr) << "the same crossing";
    const Signal* other = strategy_minute(signals, "beta_shift", kEntered + 1min, 75);
    ASSERT_NE(other, nullptr);
    EXPECT_TRUE(other->is_raised()) << "an open signal of another strategy is no duplicate";

    signals.on_trade(kEntered + 2min, 98.9);  // stops both
    SideFacts rests, free;
    signals.fill(rests, Side::buy, kEntered + 3min, "beta_shift");
    signals.fill(free, Side::buy, kEntered + 3min);
    EXPECT_EQ(rests.cooldown_left, Nanos{119min});
    EXPECT_EQ(free.cooldown_left, Nanos{0}) << "the score itself had none";
    EXPECT_TRUE(free.is_rearmed);
}

TEST(SymbolSignals, AnOpenSignalOfAnotherStrategyCountsAsOneOfACorrelatedMarket) {
    SymbolSignals signals{Params{}};
    ASSERT_NE(strategy_minute(signals, "lead_lag", kEntered, 75), nullptr);
    ASSERT_NE(strategy_minute(signals, "beta_shift", kEntered, 75), nullptr);
    SideFacts score{.open_in_cluster = 1}, own{.open_in_cluster = 1}, other_side{.open_in_cluster = 1};
    signals.fill(score, Side::buy, kEntered + 1min);
    signals.fill(own, Side::buy, kEntered + 1min, "lead_lag");
    signals.fill(other_side, Side::sell, kEntered + 1min);
    EXPECT_EQ(score.open_in_cluster, 2U) << "one market, however many strategies hold it";
    EXPECT_EQ(score.open, 0U);
    EXPECT_EQ(own.open_in_cluster, 2U);
    EXPECT_EQ(own.open, 1U);
    EXPECT_EQ(other_side.open_in_cluster, 1U);
}

TEST(SymbolSignals, AStrategyHasToComeHalfwayBackBeforeItIsWrittenDownAgain) {
    SymbolSignals signals{Params{}};
    const std::vector<Gate> shadow{{.name = "shadow", .passes = false}};
    ASSERT_NE(strategy_minute(signals, "lead_lag", kEntered, 28, shadow), nullptr);
    EXPECT_EQ(strategy_minute(signals, "lead_lag", kEntered + 1min, 39.9, shadow), nullptr);
    EXPECT_EQ(strategy_minute(signals, "lead_lag", kEntered + 2min, 28, shadow), nullptr) << "not yet back";
    EXPECT_EQ(strategy_minute(signals, "lead_lag", kEntered + 3min, 40, shadow), nullptr);
    const Signal* again = strategy_minute(signals, "lead_lag", kEntered + 4min, 28, shadow);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->suppressed_by, "shadow");
    EXPECT_EQ(again->side, Side::sell);
}

TEST(SymbolSignals, AResumedSignalIsOfItsOwnStrategy) {
    Signal signal = test_signal();
    signal.strategy = "lead_lag";
    SymbolSignals signals{Params{}};
    signals.resume(signal);
    SideFacts own, score;
    signals.fill(own, Side::buy, kEntered, "lead_lag");
    signals.fill(score, Side::buy, kEntered);
    EXPECT_EQ(own.open, 1U);
    EXPECT_FALSE(own.is_rearmed);
    EXPECT_EQ(score.open, 0U);
    EXPECT_TRUE(score.is_rearmed);
}

/// A market that can be entered on both sides, or on none, at this minute.
std::vector<SignalChange> offer_placebos(SymbolSignals& signals, Timestamp at, bool may_enter = true) {
    confluence::ScoreRecord record;
    record.at = at;
    record.coverage = .9;
    const EntryFacts entry{.mid = 100, .quote_at = at + 900ms, .atr = .5, .slippage_bps = {1, 1}, .tick = .01};
    const std::array<bool, 2> open{may_enter, may_enter};
    signals.enter_placebos(
        {.record = record, .may_enter = open, .sides = levels_of_sides(entry, Params{}), .entry = entry}, alt());
    return signals.take_changes();
}

TEST(SymbolSignals, EachRaisedSignalHasOnePlaceboThatIsNone) {
    SymbolSignals signals{Params{}};
    const Signal raised = *strategy_minute(signals, "lead_lag", kEntered, 28);
    (void)signals.take_changes();
    const Timestamp from = planned_placebo(raised).from;
    EXPECT_FALSE(signals.has_placebo_due(from - 1min));
    EXPECT_TRUE(offer_placebos(signals, from - 1min).empty()) << "not before its minute";
    EXPECT_TRUE(signals.has_placebo_due(from));
    EXPECT_TRUE(offer_placebos(signals, from, false).empty()) << "the market cannot be entered";
    const auto changes = offer_placebos(signals, from + 1min);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, Change::placebo);
    const Signal& placebo = changes[0].signal;
    EXPECT_EQ(placebo.placebo_of, raised.id);
    EXPECT_NE(placebo.id, raised.id);
    EXPECT_EQ(placebo.state(), State::placebo);
    EXPECT_FALSE(placebo.is_raised());
    EXPECT_EQ(placebo.strategy, "lead_lag");
    EXPECT_EQ(placebo.side, Side::sell);
    EXPECT_EQ(placebo.score, 28) << "of the signal that it stands beside";
    EXPECT_EQ(placebo.expires_at, placebo.entered_at + 2h);
    EXPECT_EQ(placebo.levels->stop_distance, raised.levels->stop_distance) << "levels are made in the same way";
    EXPECT_FALSE(placebo.probability) << "it claims nothing";
    EXPECT_TRUE(offer_placebos(signals, from + 2min).empty()) << "one";

    SideFacts facts;
    signals.fill(facts, Side::sell, from + 2min, "lead_lag");
    EXPECT_EQ(facts.open, 1U) << "the signal itself, not its placebo";
}

TEST(SymbolSignals, OfAPlaceboTheEndIsToldAndNoCooldownBegins) {
    SymbolSignals signals{Params{}};
    Signal placebo = test_signal();
    placebo.placebo_of = "ffeeddccbbaa9988";
    signals.resume(placebo);
    signals.on_second({.at = kEntered + 1s, .are_trades_live = true}, std::nullopt, std::nullopt);
    signals.on_second({.at = kEntered + 1s + kHoleWait, .are_trades_live = true}, std::nullopt, std::nullopt);
    signals.on_trade(kEntered + 20min, 101.6);  // its first target: not told
    EXPECT_TRUE(signals.take_changes().empty());
    signals.on_trade(kEntered + 21min, 98);
    const auto changes = signals.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, Change::ended);
    EXPECT_EQ(changes[0].signal.state(), State::placebo);
    SideFacts facts;
    signals.fill(facts, Side::buy, kEntered + 22min);
    EXPECT_EQ(facts.cooldown_left, Nanos{0});
    EXPECT_TRUE(facts.is_rearmed);
}

TEST(SymbolSignals, ARestartNeitherLosesAPlaceboNorEntersItTwice) {
    const Timestamp from = planned_placebo(test_signal()).from;
    SymbolSignals again{Params{}};
    again.resume(test_signal());
    EXPECT_EQ(offer_placebos(again, from).size(), 1U) << "its minute had not come";

    Signal placebo = test_signal();
    placebo.id = "0123456789abcdef";
    placebo.placebo_of = test_signal().id;
    for (const bool is_first : {true, false}) {
        SymbolSignals signals{Params{}};
        if (is_first) signals.resume(placebo);
        signals.resume(test_signal());
        if (!is_first) signals.resume(placebo);
        EXPECT_TRUE(offer_placebos(signals, from).empty()) << "it was entered before the restart";
    }
}

TEST(SymbolSignals, APlaceboThatCannotBeEnteredForADayIsForgotten) {
    SymbolSignals signals{Params{}};
    signals.resume(test_signal());
    const PlannedPlacebo planned = planned_placebo(test_signal());
    EXPECT_TRUE(offer_placebos(signals, planned.until - 1min, false).empty());
    EXPECT_TRUE(signals.has_placebo_due(planned.until));
    EXPECT_TRUE(offer_placebos(signals, planned.until, false).empty());
    EXPECT_FALSE(signals.has_placebo_due(planned.until));
}

TEST(SymbolSignals, WhatIsKnownOfSuchScoresIsClaimed) {
    const auto claimed = [](const std::optional<Edge>& edge) {
        SymbolSignals signals{Params{}};
        confluence::ScoreRecord record;
        record.at = kEntered;
        record.score = 75;
        const std::vector<Gate> gates{{.name = "score", .passes = true}, {.name = "persistence", .passes = true}};
        const EntryFacts entry{.mid = 100, .quote_at = kEntered, .atr = .5, .slippage_bps = {1, 1}, .tick = .01};
        const auto sides = levels_of_sides(entry, {});
        return *signals.decide({.record = record, .gates = gates, .sides = sides, .entry = entry, .edge = edge},
                               alt());
    };
    EXPECT_TRUE(claimed(std::nullopt).is_uncalibrated);
    EXPECT_FALSE(claimed(std::nullopt).probability);
    EXPECT_TRUE(claimed(Edge{.effective = 29.9, .probability = .31}).is_uncalibrated);
    EXPECT_EQ(claimed(Edge{.effective = 29.9, .probability = .31}).probability, .31);
    EXPECT_FALSE(claimed(Edge{.effective = 30, .probability = .31}).is_uncalibrated);
}

/// Between the level of crossings and that of signals: written down, followed, and its end told, since it counts for
/// the edge.
TEST(SymbolSignals, WhatOnlyTheLevelHoldsBackIsFollowed) {
    SymbolSignals signals{Params{}};
    confluence::ScoreRecord record;
    record.at = kEntered;
    record.score = 63;
    std::vector<Gate> gates{{.name = "score", .value = 13, .threshold = 16, .passes = false},
                            {.name = "persistence", .passes = true}};
    const EntryFacts entry{.mid = 100, .quote_at = kEntered, .atr = .5, .slippage_bps = {1, 1}, .tick = .01};
    const auto sides = levels_of_sides(entry, {});
    const auto decide = [&](double crossing) {
        return signals.decide({.record = record,
                               .gates = gates,
                               .sides = sides,
                               .entry = entry,
                               .signal_distance = 16,
                               .crossing_distance = crossing},
                              alt());
    };
    EXPECT_EQ(decide(13.1), nullptr) << "no crossing";
    const Signal* held = decide(12);
    ASSERT_NE(held, nullptr);
    EXPECT_TRUE(held->is_held_by_record());
    EXPECT_EQ(held->suppressed_by, "score");
    (void)signals.take_changes();
    signals.on_trade(kEntered + 1min, 98);
    const auto changes = signals.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, Change::ended);
    EXPECT_EQ(changes[0].signal.state(), State::suppressed);
}

}  // namespace
}  // namespace vt::signals
