#include "runtime/kept_score.hpp"

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
