#include "runtime/kept_score.hpp"

#include "records/database_url.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace vt::runtime {
namespace {

market::Instrument instrument() { return {.symbol = "BTCUSDT", .base = "BTC", .quote = "USDT", .settle = "USDT"}; }

confluence::ScoreRecord made() {
    confluence::ScoreRecord record{.at = from_ms(1'700'000'060'000), .sum = 61.25, .score = 61.25, .coverage = 0.75};
    record.confidence = 0.5;
    record.direction = confluence::Direction::rising;
    record.causes.set(confluence::Cause::minute);
    record.causes.set(confluence::Cause::regime);
    record.parts[0].opinion.score = 70;
    analysis::Component component{.name = "cvd", .unit = "share", .weight = 1};
    component.leaves.push_back({.frame = analysis::Frame::m1, .weight = 1, .score = 70, .source_sequence = 90});
    component.leaves.push_back({.frame = analysis::Frame::m5, .weight = 0, .source_sequence = 0});
    record.parts[0].opinion.components.push_back(component);
    record.first_sequences[static_cast<std::size_t>(analysis::Frame::m1)] = 40;
    return record;
}

TEST(ScoreScribe, WritesTheRowAndTheWholeRecord) {
    ScoreScribe scribe("demo", "00000000000000aa");
    const SaidScore said{std::make_shared<const confluence::ScoreRecord>(made()), instrument(), 17};
    const records::Batch kept = scribe.write(said);
    const records::ScoreRow& row = kept.scores.at(0);
    EXPECT_EQ(row.key, (records::ScoreKey{"demo", "bybit-linear-BTCUSDT", from_ms(1'700'000'060'000),
                                          "00000000000000aa", 17}));
    EXPECT_EQ(row.score, 61.25);
    EXPECT_EQ(row.direction, "long");
    EXPECT_EQ(row.causes, "minute,regime");
    EXPECT_EQ(row.dimensions[0], 70.0);
    EXPECT_EQ(row.dimensions[1], std::nullopt);
    EXPECT_EQ(row.first_sequence, 40);
    EXPECT_EQ(row.last_sequence, 90);
    ASSERT_EQ(kept.explanations.size(), 1U);
    std::string json;
    ASSERT_TRUE(
        storage::Decompressor().decompress(kept.explanations[0].body, kept.explanations[0].plain_bytes, json));
    JsonWriter expected;
    confluence::write_record(expected, *said.record, said.instrument);
    EXPECT_EQ(json, expected.text());
}

TEST(ScoreScribe, AStoredRecordIsFoundByItsInstant) {
    const storage::TemporaryDirectory folder{"record"};
    auto repository =
        records::Repository::open(std::move(*records::open_database({.path = (folder.path() / "r.db").string()})),
                                  from_ms(1'700'000'000'000))
            .value();
    ScoreScribe scribe("demo", "00000000000000aa");
    const SaidScore said{std::make_shared<const confluence::ScoreRecord>(made()), instrument(), 17};
    ASSERT_TRUE(repository.append(scribe.write(said)));
    JsonWriter expected;
    confluence::write_record(expected, *said.record, said.instrument);
    const Timestamp at = from_ms(1'700'000'060'000);
    EXPECT_EQ(record_at(repository, "demo", "bybit-linear-BTCUSDT", at).value(), std::string(expected.text()));
    EXPECT_EQ(record_at(repository, "demo", "bybit-linear-BTCUSDT", at + std::chrono::milliseconds{1}).value(),
              std::nullopt);
    EXPECT_EQ(record_at(repository, "live", "bybit-linear-BTCUSDT", at).value(), std::nullopt);
    // The score stays when its explanation goes.
    ASSERT_TRUE(repository.database().run("DELETE FROM explanations"));
    EXPECT_EQ(record_at(repository, "demo", "bybit-linear-BTCUSDT", at).value(), std::nullopt);
}

TEST(ScoreScribe, WhatIsNotKnownStaysAbsent) {
    confluence::ScoreRecord record;
    record.at = from_ms(1);
    ScoreScribe scribe("live", "aa");
    const records::Batch kept =
        scribe.write({std::make_shared<const confluence::ScoreRecord>(record), instrument(), 1});
    EXPECT_EQ(kept.scores.at(0).score, std::nullopt);
    EXPECT_EQ(kept.scores.at(0).confidence, std::nullopt);
    EXPECT_EQ(kept.scores.at(0).direction, std::nullopt);
    EXPECT_EQ(kept.scores.at(0).first_sequence, std::nullopt);
    EXPECT_EQ(kept.scores.at(0).last_sequence, std::nullopt);
}

}  // namespace
}  // namespace vt::runtime
