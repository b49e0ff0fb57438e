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
    auto repository =
        records::Repository::open(std::move(*records::open_database({.path = (folder.path() / "r.db").string()})),
                                  signals::kEntered)
            .value();
    const auto entry = [&](int number, const std::string& run, const signals::Signal& signal) {
        return records::LedgerEntry{.market = "live",
                                    .signal = "s" + std::to_string(number),
                                    .entry = "ended",
                                    .at = signals::kEntered,
                                    .run = run,
                                    .instrument = "bybit-linear-BTCUSDT",
                                    .direction = "long",
                                    .strategy = "confluence",
                                    .state = std::string(signals::name(signal.state())),
                                    .score = signal.score,
                                    .body = body_of(signal)};
    };
    const signals::Signal won = followed(market::Side::buy, {{1, 101.5}, {2, 102.5}, {3, 104}});
    const signals::Signal lost = followed(market::Side::buy, {{1, 98.9}});
    signals::Signal held = lost;
    held.suppressed_by = "spread";
    records::LedgerEntry left = entry(7, "c", signals::test_signal());
    left.entry = kAbandoned;
    left.state = "closed";
    ASSERT_TRUE(repository.append({.runs = {{.run = "a", .market = "live", .configuration = "one", .weights = "w"},
                                            {.run = "b", .market = "live", .configuration = "one", .weights = "w"},
                                            {.run = "c", .market = "live", .configuration = "two", .weights = "w"}},
                                   .ledger = {entry(1, "a", won), entry(2, "a", lost), entry(3, "b", lost),
                                              entry(4, "c", won), entry(5, "c", lost), entry(6, "c", held), left}}));
    EXPECT_EQ(judged_in(repository, "live", kLater)->size(), 5U);
    KeptTrackRecord kept;
    const auto record = kept.get(repository, "live", kLater).value();
    EXPECT_EQ(record->performance.all.n, 5U);
    EXPECT_EQ(record->performance.segment, track_record::Segment::live);
    EXPECT_EQ(record->trials, 2) << "the same parameters in two runs are one trial";
    EXPECT_EQ(record->calibration.n, 5U);
    EXPECT_TRUE(record->performance.all.is_thin);
    EXPECT_EQ(kept.get(repository, "live", kLater + 29s).value(), record);
    EXPECT_NE(kept.get(repository, "live", kLater + 30s).value(), record);
}

}  // namespace
}  // namespace vt::runtime
