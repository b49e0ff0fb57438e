#include "runtime/track_reading.hpp"

#include "base/json_writer.hpp"
#include "records/database_url.hpp"
#include "runtime/record_keeping.hpp"
#include "signals/follow.hpp"
#include "signals/test_signal.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace vt::runtime {
namespace {

using namespace std::chrono_literals;

/// When the time of every signal here has passed.
constexpr Timestamp kLater = signals::kEntered + 9h;

market::Instrument bitcoin() {
    return {.symbol = "BTCUSDT",
            .base = "BTC",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 1},
            .lot_size = {1, 3}};
}

std::string body_of(const signals::Signal& signal) {
    JsonWriter out;
    signals::write_signal(out, signal, bitcoin());
    return out.take();
}

/// A signal whose trades are these, after so many minutes.
signals::Signal followed(market::Side side, std::initializer_list<std::pair<int, double>> trades) {
    signals::Signal signal = signals::test_signal(side);
    std::vector<signals::Change> changes;
    for (const auto& [minute, price] : trades)
        signals::follow_trade(signal, signals::kEntered + minute * 1min, price, changes);
    return signal;
}

records::Repository opened_repository(const storage::TemporaryDirectory& folder) {
    return records::Repository::open(std::move(*records::open_database({.path = (folder.path() / "r.db").string()})),
                                     signals::kEntered)
        .value();
}

/// What a ledger holds of a signal after its first entry, or that first one.
records::LedgerEntry ledger_entry(int number, const std::string& run, const signals::Signal& signal,
                                  const char* kind = "ended", const char* strategy = "confluence") {
    return {.market = "live",
            .signal = "s" + std::to_string(number),
            .entry = kind,
            .at = signals::kEntered,
            .run = run,
            .instrument = "bybit-linear-BTCUSDT",
            .direction = "long",
            .strategy = strategy,
            .state = std::string(signals::name(signal.state())),
            .score = signal.score,
            .body = body_of(signal)};
}

/// What is read back from the ledger is what was followed.
TEST(TrackReading, ASignalIsReadAsItWasWritten) {
    const signals::Signal signal = followed(market::Side::sell, {{1, 99.7}, {16, 98.5}, {61, 100}});
    const auto judged = judged_of(body_of(signal), track_record::Segment::live, kLater);
    ASSERT_TRUE(judged.has_value()) << judged.error().what;
    EXPECT_EQ(judged->strategy, "confluence");
    EXPECT_EQ(judged->symbol, "bybit-linear-BTCUSDT");
    EXPECT_EQ(judged->side, -1);
    EXPECT_EQ(judged->score, 28);
    EXPECT_EQ(judged->barrier, track_record::Barrier::target);
    EXPECT_EQ(judged->net_r, signal.net_r());
    EXPECT_EQ(judged->ended_at, signals::kEntered + 61min);
    EXPECT_EQ(judged->horizons[0].gross->value(), signal.path.horizons[0]->gross_bps);
    EXPECT_EQ(judged->horizons[1].net->value(), signal.path.horizons[1]->net_bps);
    EXPECT_FALSE(judged->horizons[2].gross) << "not reached";
}

TEST(TrackReading, WhatAGapMayHideIsNoOutcome) {
    signals::Signal signal = followed(market::Side::buy, {{1, 98}});
    signal.path.has_gap = true;
    signal.probability = .25;
    EXPECT_EQ(judged_of(body_of(signal), track_record::Segment::live, kLater)->probability, .25);
    const auto judged = judged_of(body_of(signal), track_record::Segment::live, kLater);
    EXPECT_EQ(judged->barrier, track_record::Barrier::none);
    EXPECT_FALSE(judged->net_r);
    EXPECT_EQ(judged_of("{}", track_record::Segment::live, kLater).error().code, Errc::malformed);
    EXPECT_EQ(judged_of("[1", track_record::Segment::live, kLater).error().code, Errc::malformed);
}

TEST(TrackReading, AnEndCountsOnceItsTimeHasPassed) {
    const std::string body = body_of(followed(market::Side::buy, {{1, 98.5}, {16, 98.5}}));
    const auto early = judged_of(body, track_record::Segment::live, signals::kEntered + 7h);
    EXPECT_EQ(early->barrier, track_record::Barrier::none);
    EXPECT_FALSE(early->net_r);
    EXPECT_TRUE(early->horizons[0].net) << "what a horizon brought is known whatever comes later";
    EXPECT_EQ(judged_of(body, track_record::Segment::live, kLater)->barrier, track_record::Barrier::stop);
}

TEST(TrackReading, TheRecordIsOfRaisedSignalsAndCountsItsTrials) {
    const storage::TemporaryDirectory folder{"track"};
    auto repository = opened_repository(folder);
    const signals::Signal won = followed(market::Side::buy, {{1, 101.5}, {2, 102.5}, {3, 104}});
    const signals::Signal lost = followed(market::Side::buy, {{1, 98.9}});
    signals::Signal held = lost;
    held.suppressed_by = "spread";
    records::LedgerEntry left = ledger_entry(7, "c", signals::test_signal());
    left.entry = kAbandoned;
    left.state = "closed";
    ASSERT_TRUE(repository.append(
        {.runs = {{.run = "a", .market = "live", .configuration = "one", .weights = "w"},
                  {.run = "b", .market = "live", .configuration = "one", .weights = "w"},
                  {.run = "c", .market = "live", .configuration = "two", .weights = "w"}},
         .ledger = {ledger_entry(1, "a", won, "raised"), ledger_entry(2, "a", lost, "raised"),
                    ledger_entry(3, "b", lost, "raised"), ledger_entry(4, "c", won, "raised"),
                    ledger_entry(5, "c", lost, "raised"), ledger_entry(6, "c", held, "suppressed"), left}}));
    const LedgerOutcomes outcomes = outcomes_in(repository, "live", kLater).value();
    EXPECT_EQ(outcomes.raised.size(), 5U);
    EXPECT_TRUE(outcomes.held_by_record.empty()) << "the spread held it back, not what became of others";
    KeptTrackRecords kept;
    const track_record::EdgePlan plan{.segment = track_record::Segment::live};
    const auto record = kept.get(repository, "live", plan, kLater).value();
    EXPECT_EQ(record->performance.all.n, 5U);
    EXPECT_EQ(record->performance.segment, track_record::Segment::live);
    EXPECT_EQ(record->trials, 2) << "the same parameters in two runs are one trial";
    ASSERT_EQ(record->calibrations.size(), 1U);
    EXPECT_EQ(record->calibrations[0].calibration.n, 5U);
    EXPECT_TRUE(record->performance.all.is_thin);
    ASSERT_EQ(record->segments.size(), 1U);
    EXPECT_EQ(record->segments[0].n, 5U);
    EXPECT_EQ(kept.get(repository, "live", plan, kLater + 29s).value(), record);
    const track_record::EdgePlan past{.segment = track_record::Segment::reconstructed};
    EXPECT_EQ(kept.get(repository, "live", past, kLater + 29s).value()->performance.all.n, 0U);
    EXPECT_EQ(kept.get(repository, "live", plan, kLater + 29s).value(), record) << "each segment is kept by itself";
    EXPECT_NE(kept.get(repository, "live", plan, kLater + 30s).value(), record);
}

/// A trial is a strategy with a set of parameters and weights under which a signal was raised. It is counted where it
/// was raised, not where it ended, and no restart forgets it.
TEST(TrackReading, TrialsOutliveRestartsAndGrowWithAChange) {
    const storage::TemporaryDirectory folder{"trials"};
    const signals::Signal won = followed(market::Side::buy, {{1, 101.5}, {2, 102.5}, {3, 104}});
    const signals::Signal open = signals::test_signal();
    const track_record::EdgePlan plan{.segment = track_record::Segment::live};
    const auto trials_after = [&](const records::Batch& batch) {
        auto repository = opened_repository(folder);  // each time another program
        EXPECT_TRUE(repository.append(batch));
        return track_record_of(repository, "live", plan, kLater).value().trials;
    };
    const auto run = [](const char* name, const char* configuration, const char* weights) {
        return records::RunRow{.run = name, .market = "live", .configuration = configuration, .weights = weights};
    };
    EXPECT_EQ(trials_after({.runs = {run("a", "one", "w")}}), 1) << "nothing was tried yet: no division by 0";
    EXPECT_EQ(trials_after({.ledger = {ledger_entry(1, "a", open, "raised")}}), 1);
    EXPECT_EQ(trials_after({.runs = {run("b", "two", "w")}, .ledger = {ledger_entry(1, "b", won)}}), 1)
        << "it ended under other parameters, but these raised none";
    EXPECT_EQ(trials_after({.ledger = {ledger_entry(2, "b", won, "raised")}}), 2) << "a change of the configuration";
    EXPECT_EQ(trials_after({.runs = {run("c", "two", "v")}, .ledger = {ledger_entry(3, "c", won, "raised")}}), 3)
        << "of the weights";
    EXPECT_EQ(trials_after({.runs = {run("d", "one", "w")}, .ledger = {ledger_entry(4, "d", won, "raised")}}), 3)
        << "the first set again";
    EXPECT_EQ(trials_after({.ledger = {ledger_entry(5, "d", won, "raised", "lead_lag")}}), 4) << "another strategy";
    EXPECT_EQ(trials_after({}), 4) << "a restart";
}

TEST(TrackReading, WhatTheRecordHeldBackCountsForTheEdgeAndPlacebosForNothingElse) {
    const storage::TemporaryDirectory folder{"edge"};
    auto repository = opened_repository(folder);
    records::Batch batch{.runs = {{.run = "a", .market = "live", .configuration = "one", .weights = "w"}}};
    for (int i = 0; i < 90; ++i) {
        const bool has_won = i % 3 == 0;
        signals::Signal signal = followed(market::Side::buy, {{1, has_won ? 104 : 98.9}});
        signal.confirmed_at += i * 2h;
        signal.entered_at += i * 2h;
        signal.expires_at += i * 2h;
        signal.path.ended_at = *signal.path.ended_at + i * 2h;
        signal.probability = .4;
        if (i % 3 == 1) signal.suppressed_by = i % 2 == 0 ? "edge" : "spread";
        if (i % 3 == 2) signal.placebo_of = "s" + std::to_string(i - 2);
        const char* kind = signal.is_placebo() ? "placebo" : signal.is_raised() ? "raised" : "suppressed";
        batch.ledger.push_back(ledger_entry(i, "a", signal, kind));
    }
    ASSERT_TRUE(repository.append(batch));
    const Timestamp now = kLater + 90 * 2h;
    const LedgerOutcomes outcomes = outcomes_in(repository, "live", now).value();
    EXPECT_EQ(outcomes.raised.size(), 30U);
    EXPECT_EQ(outcomes.held_by_record.size(), 15U) << "what the spread held back would not have been raised";
    EXPECT_EQ(outcomes.placebos.size(), 30U);
    EXPECT_EQ(outcomes.raised[0].probability, .4);
    const track_record::EdgePlan plan{.segment = track_record::Segment::live};
    const auto edges = edges_of_outcomes(outcomes, plan);
    ASSERT_EQ(edges.size(), 1U);
    EXPECT_NEAR(edges[0].effective, 45, 1e-9) << "one after another";
    EXPECT_NEAR(edges[0].bins[0].probability.value(), 30. / 45, .05);
    EXPECT_TRUE(edges_of_outcomes(outcomes, {.segment = track_record::Segment::demo}).empty());

    const api::TrackRecord record = track_record_of(repository, "live", plan, now).value();
    EXPECT_EQ(record.performance.all.n, 30U) << "neither what was held back nor placebos";
    ASSERT_TRUE(record.performance.strategies[0].placebo);
    EXPECT_TRUE(record.performance.strategies[0].placebo->is_beaten) << "all signals won, all placebos lost";
    EXPECT_LT(record.performance.strategies[0].placebo->mean, -1);
    EXPECT_EQ(repository.signals({.market = "live", .limit = 1000}).value().signals.size(), 60U)
        << "placebos are no signals";
    EXPECT_EQ(repository.signals({.market = "live", .state = "placebo", .limit = 1000}).value().signals.size(), 30U);
}

}  // namespace
}  // namespace vt::runtime
