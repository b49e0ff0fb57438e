#include "signals/gates.hpp"

#include "confluence/test_opinions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>

namespace vt::signals {
namespace {

using confluence::Part;
using confluence::Past;
using confluence::RegimeLabel;
using confluence::ScoreRecord;
using std::chrono::hours;
using std::chrono::seconds;

GateFacts good() {
    const SideFacts side{.round_trip_bps = 15, .market_stop_bps = 150, .stop_atr = 2.5, .liquidation_share = .2};
    return {.is_trading = true,
            .listed_for = hours{24 * 400},
            .turnover_24h_usd = 9e7,
            .book_age = seconds{1},
            .trades_age = seconds{1},
            .clock_offset = Nanos{0},
            .has_funding = true,
            .to_funding = hours{3},
            .sides = {side, side}};
}

/// A record that every gate lets through that it can judge.
ScoreRecord strong() {
    ScoreRecord record;
    record.at = from_ms(1'700'000'040'000);
    record.score = record.sum = 75;
    record.coverage = .9;
    record.confidence = .8;
    record.members = 3;
    record.regime.market.volatility_percentile = 60;
    record.regime.p_stress = 0.1;
    record.regime.label = RegimeLabel::calm;
    record.quality.spread_bps = 1.0;
    for (std::size_t d = 0; d < 3; ++d) {
        record.parts[d].membership = analysis::Membership::member;
        record.parts[d].contribution = 25.0 / 3;
        record.parts[d].opinion = {.dimension = static_cast<analysis::Dimension>(d), .score = 75, .coverage = .9};
        record.parts[d].opinion.components.push_back(
            {.name = "only", .weight = 1, .leaves = {{.frame = analysis::Frame::m1, .weight = 1}}});
    }
    return record;
}
const Past kPast{.minute_before = 68};

/// The first gate that does not let the score through.
std::string first_failure(const ScoreRecord& record, const Past& past, const GateFacts& facts) {
    for (const Gate& gate : gates(record, past, facts, {})) {
        if (gate.passes && !*gate.passes) return std::string(gate.name);
    }
    return "";
}

}  // namespace

TEST(Gates, AStrongScoreOfALiveMarketPassesAll) {
    const auto all = gates(strong(), kPast, good(), {});
    ASSERT_EQ(all.size(), 18U);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].passes, true) << all[i].name;
    }
    EXPECT_EQ(holding_gate(all), nullptr);
    EXPECT_NEAR(*all[5].distance(), 5, 1e-12) << "75 is 5 points beyond 70";
}

TEST(Gates, EachNamesWhatFails) {
    const auto with = [](auto&& spoil) {
        ScoreRecord record = strong();
        Past past = kPast;
        GateFacts facts = good();
        spoil(record, past, facts);
        return first_failure(record, past, facts);
    };
    using R = ScoreRecord;
    EXPECT_EQ(with([](R&, Past&, GateFacts&) {}), "");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.is_trading = false; }), "tradable");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.listed_for = hours{24 * 29}; }), "tradable");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.turnover_24h_usd = 4e6; }), "tradable");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.book_age = seconds{3}; }), "feed_live");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.clock_offset = -seconds{1}; }), "feed_live");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) {
                  r.parts[0].opinion.components[0].leaves[0].flags.set(analysis::Flag::warming);
              }),
              "warm");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.coverage = .79; }), "coverage");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.parts[0].opinion.coverage = r.parts[1].opinion.coverage = .4; }),
              "dimensions");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.score = 69; }), "score");
    EXPECT_EQ(with([](R&, Past& p, GateFacts&) { p.minute_before = 64; }), "persistence");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.confidence = .4; }), "confidence");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.parts[2].contribution = -7; }), "opposition");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.regime.label = RegimeLabel::stressed; }), "volatility");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.quality.spread_bps = 16; }), "spread");
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.quality.spread_p99_bps = 0.9; }), "spread")
        << "wide for this market";
    EXPECT_EQ(with([](R& r, Past&, GateFacts&) { r.regime.market.volatility_percentile = 99.5; }), "volatility");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.to_funding = seconds{90}; }), "funding_window");
    const auto with_side = [&](auto&& spoil) {
        return with([&](R&, Past&, GateFacts& f) { spoil(f.side(market::Side::buy)); });
    };
    EXPECT_EQ(with_side([](SideFacts& s) { s.round_trip_bps = 31; }), "cost") << "31 of 150 bps is more than a fifth";
    EXPECT_EQ(with_side([](SideFacts& s) { s.round_trip_bps = 30; }), "");
    EXPECT_EQ(with_side([](SideFacts& s) { s.stop_atr = 4.1; }), "stop_sane");
    EXPECT_EQ(with_side([](SideFacts& s) { s.liquidation_share = .51; }), "stop_sane");
    EXPECT_EQ(with_side([](SideFacts& s) { s.edge = Edge{.effective = 200, .low_net_r = -.01}; }), "edge");
    EXPECT_EQ(with_side([](SideFacts& s) { s.edge = Edge{.effective = 199, .low_net_r = -.01}; }), "")
        << "too few outcomes to hold anything back";
    EXPECT_EQ(with_side([](SideFacts& s) { s.edge = Edge{.effective = 200, .low_net_r = 0}; }), "");
    EXPECT_EQ(with_side([](SideFacts& s) { s.decay = Decay{.level = 5.1, .recovery = 5}; }), "edge");
    EXPECT_EQ(with_side([](SideFacts& s) { s.open = 1; }), "duplicate");
    EXPECT_EQ(with_side([](SideFacts& s) { s.cooldown_left = seconds{1}; }), "duplicate");
    EXPECT_EQ(with_side([](SideFacts& s) { s.is_rearmed = false; }), "duplicate");
    EXPECT_EQ(with_side([](SideFacts& s) { s.open_in_cluster = 3; }), "crowding") << "it would be the fourth";
    EXPECT_EQ(with_side([](SideFacts& s) { s.open_in_cluster = 2; }), "");
    EXPECT_EQ(with_side([](SideFacts& s) { s.new_in_hour = 10; }), "crowding");
    EXPECT_EQ(with([](R&, Past&, GateFacts& f) { f.side(market::Side::sell) = SideFacts{.open = 1}; }), "")
        << "the other side is not asked";
}

TEST(Gates, OfACrossingWhatLooksAtEarlierSignalsComesLast) {
    GateFacts facts = good();
    facts.signal_distance = 30;  // 75 does not reach it
    facts.side(market::Side::buy).decay = Decay{.level = 8, .recovery = 5};
    auto all = gates(strong(), {.minute_before = 80}, facts, {});
    EXPECT_EQ(crossing_gate(all)->name, "score");
    facts.side(market::Side::buy).open = 1;
    all = gates(strong(), {.minute_before = 80}, facts, {});
    EXPECT_EQ(crossing_gate(all)->name, "duplicate") << "it would not have been raised with any record";
    EXPECT_EQ(holding_gate(all)->name, "score");
    EXPECT_EQ(crossing_gate(gates(strong(), kPast, good(), {})), nullptr);
}

TEST(Gates, AMarketCanBeEnteredWhateverTheScoreSays) {
    ScoreRecord record = strong();
    record.score = record.sum = 50;
    record.coverage = 0;
    record.confidence.reset();
    const auto can = [&](auto&& spoil) {
        GateFacts facts = good();
        spoil(facts);
        return can_be_entered(record, facts, market::Side::sell, {});
    };
    EXPECT_TRUE(can([](GateFacts&) {}));
    EXPECT_TRUE(can([](GateFacts& f) { f.side(market::Side::sell).open = 1; })) << "that is about signals";
    EXPECT_TRUE(can([](GateFacts& f) { f.side(market::Side::buy).round_trip_bps = 31; })) << "the other side";
    EXPECT_FALSE(can([](GateFacts& f) { f.side(market::Side::sell).round_trip_bps = 31; }));
    EXPECT_FALSE(can([](GateFacts& f) { f.side(market::Side::sell).stop_atr = 4.1; }));
    EXPECT_FALSE(can([](GateFacts& f) { f.book_age.reset(); })) << "not known";
    EXPECT_FALSE(can([](GateFacts& f) { f.is_trading = false; }));
}

TEST(Gates, TheEdgeSaysHowMuchIsKnown) {
    const auto edge_of = [](const std::optional<Edge>& edge, const std::optional<Decay>& decay = std::nullopt) {
        GateFacts facts = good();
        facts.side(market::Side::buy).edge = edge;
        facts.side(market::Side::buy).decay = decay;
        return gates(strong(), kPast, facts, {})[14];
    };
    EXPECT_EQ(edge_of(std::nullopt).unit, "uncalibrated: too few outcomes yet");
    EXPECT_EQ(edge_of(Edge{.effective = 29.9, .low_net_r = -1}).unit, "uncalibrated: too few outcomes yet");
    EXPECT_EQ(edge_of(Edge{.effective = 30, .low_net_r = -1}).unit, "too few outcomes yet to hold a signal back");
    EXPECT_EQ(edge_of(Edge{.effective = 30, .low_net_r = -1}).passes, true);
    const Gate judged = edge_of(Edge{.effective = 200, .low_net_r = -.25});
    EXPECT_EQ(judged.value, -.25);
    EXPECT_EQ(judged.threshold, 0);
    EXPECT_EQ(judged.passes, false);
    EXPECT_FALSE(edge_of(Edge{.effective = 200}).passes) << "many outcomes, none with a result: not known";
    const Gate decayed = edge_of(Edge{.effective = 500, .low_net_r = .2}, Decay{.level = 8, .recovery = 5});
    EXPECT_EQ(decayed.passes, false) << "a past edge does not excuse that it is gone";
    EXPECT_EQ(decayed.value, 8);
    EXPECT_EQ(decayed.threshold, 5);
    EXPECT_EQ(decayed.unit, "sd behind what was claimed");
    EXPECT_FALSE(is_calibrated(Edge{.effective = 29.9}, {}));
    EXPECT_TRUE(is_calibrated(Edge{.effective = 30}, {}));
}

/// What is not known holds a signal back too: after what fails, in the order of the gates.
TEST(Gates, WhatIsNotKnownHoldsASignalBack) {
    GateFacts facts = good();
    facts.side(market::Side::buy).round_trip_bps.reset();
    auto all = gates(strong(), kPast, facts, {});
    ASSERT_NE(holding_gate(all), nullptr);
    EXPECT_EQ(holding_gate(all)->name, "cost");
    facts.side(market::Side::buy).open = 1;
    all = gates(strong(), kPast, facts, {});
    EXPECT_EQ(holding_gate(all)->name, "duplicate") << "it fails, and that is a better answer";
}

TEST(Gates, AShortIsJudgedLikeALong) {
    ScoreRecord record = strong();
    record.score = record.sum = 25;
    for (Part& part : record.parts) part.contribution = -part.contribution;
    Past past;
    past.minute_before = 32;
    EXPECT_EQ(first_failure(record, past, good()), "");
    past.minute_before = 68;
    EXPECT_EQ(first_failure(record, past, good()), "persistence") << "the minute before was on the other side";
}

TEST(Gates, WhatIsNotKnownIsNeitherPassedNorFailed) {
    const ScoreRecord record;
    const auto all = gates(record, {}, {.is_trading = true, .has_funding = true}, {});
    for (const std::string_view name :
         {"tradable", "feed_live", "warm", "coverage", "dimensions", "score", "persistence", "confidence",
          "volatility", "spread", "funding_window", "cost", "stop_sane"}) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const Gate& gate) { return gate.name == name; });
        ASSERT_NE(found, all.end());
        EXPECT_FALSE(found->passes.has_value()) << name;
        if (name == "dimensions") {
            EXPECT_FALSE(found->threshold.has_value()) << "of how many sides is not known either";
        }
    }
}

/// What a signal asks for follows how far scores spread; the minute before is asked for five points less.
TEST(Gates, TheLevelIsThatOfTheMarket) {
    GateFacts facts = good();
    facts.signal_distance = facts.crossing_distance = 12;
    ScoreRecord record = strong();
    record.score = record.sum = 63;
    for (Part& part : record.parts) part.contribution = 13.0 / 3;
    EXPECT_EQ(first_failure(record, {.minute_before = 57.5}, facts), "");
    EXPECT_EQ(first_failure(record, {.minute_before = 56.5}, facts), "persistence");
    facts.signal_distance = 13.5;
    EXPECT_EQ(first_failure(record, {.minute_before = 62}, facts), "score");
    EXPECT_EQ(first_failure(record, {.minute_before = 57.5}, facts), "score")
        << "the minute before has to be near a crossing, whatever the record asks of a signal";
}

TEST(Gates, AMarketWithoutFundingHasNoFundingWindow) {
    GateFacts facts = good();
    facts.has_funding = false;
    facts.to_funding.reset();
    const auto all = gates(strong(), kPast, facts, {});
    const Gate& funding = all[11];
    EXPECT_EQ(funding.name, "funding_window");
    EXPECT_EQ(funding.passes, true);
    EXPECT_EQ(funding.unit, "this market has no funding");
    EXPECT_FALSE(funding.value || funding.threshold || funding.distance());
}

TEST(Gates, AStressedMarketIsNamedAsWhatFails) {
    ScoreRecord record = strong();
    record.regime.label = RegimeLabel::stressed;
    const Gate gate = gates(record, kPast, good(), {})[9];
    EXPECT_EQ(gate.name, "volatility");
    EXPECT_EQ(gate.passes, false);
    EXPECT_LT(gate.distance().value(), 0) << "a gate that fails is on the wrong side of what it shows";
    EXPECT_EQ(gate.unit, "stressed market");
}

TEST(Gates, ARoundedCoverageReachesItsMinimum) {
    ScoreRecord record = strong();
    record.coverage = 0;
    for (int i = 0; i < 8; ++i) record.coverage += .1;  // 0.7999999999999999
    ASSERT_LT(record.coverage, .8);
    for (Part& part : record.parts) part.opinion.coverage = .8 - .1 - .1 - .1;  // 0.5000000000000001 or less
    record.parts[0].opinion.coverage = std::nextafter(.5, 0);
    record.parts[1].opinion.coverage = std::nextafter(.5, 0);
    EXPECT_EQ(first_failure(record, kPast, good()), "");
}

TEST(Gates, WhereTheOwnSpreadIsNotKnownFifteenPointsAreTheLimit) {
    ScoreRecord record = strong();
    EXPECT_EQ(gates(record, kPast, good(), {})[10].threshold, 15);
    record.quality.spread_p99_bps = 40;
    EXPECT_EQ(gates(record, kPast, good(), {})[10].threshold, 15);
    record.quality.spread_p99_bps = 3;
    EXPECT_EQ(gates(record, kPast, good(), {})[10].threshold, 3);
}

namespace {

std::string names_of(const std::vector<Gate>& all) {
    std::string names;
    for (const Gate& gate : all) names += std::string(gate.name) + " ";
    return names;
}

}  // namespace

TEST(Gates, AStrategysOwnConditionsTakeThePlaceOfThoseAboutTheScore) {
    ScoreRecord weak = strong();
    weak.score = weak.sum = 50;  // no opinion, no coverage, no confidence: none of it is asked
    weak.coverage = 0;
    weak.confidence.reset();
    const std::vector<Gate> own{{.name = "gap", .value = 3, .threshold = 2, .passes = true}};
    const auto all = strategy_gates(weak, own, market::Side::sell, good(), {});
    EXPECT_EQ(names_of(all),
              "tradable feed_live warm gap volatility spread funding_window cost stop_sane edge duplicate crowding "
              "risk ");
    EXPECT_EQ(holding_gate(all), nullptr);
    EXPECT_EQ(holding_gate(strategy_gates(weak, own, std::nullopt, good(), {}))->name, "cost")
        << "without a side nothing of it is known";
    const std::vector<Gate> failing{{.name = "gap", .value = 1, .threshold = 2, .passes = false}};
    EXPECT_EQ(holding_gate(strategy_gates(weak, failing, market::Side::sell, good(), {}))->name, "gap");
    EXPECT_EQ(names_of(market_gates(weak, good(), {})), "tradable feed_live volatility spread funding_window ");
}

}  // namespace vt::signals
