#include "views/gate_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace vt::views {
namespace {

using signals::Gate;
using signals::GateFacts;
using namespace std::chrono_literals;

/// Facts of a market with which nothing is wrong.
GateFacts sound() {
    return {.is_trading = true,
            .listed_for = 24h * 400,
            .turnover_24h_usd = 1e9,
            .book_age = 100ms,
            .trades_age = 100ms,
            .clock_offset = 5ms,
            .has_funding = true,
            .to_funding = 3h};
}

/// What stops a record of which nothing is known.
GateView stopped_by(const GateFacts& facts, confluence::ScoreRecord record = {}) {
    const auto gates = signals::gates(record, {}, facts, {});
    return stopping_gate(gates).value();
}

TEST(StoppingGate, IsTheFirstThatFailsWithItsValueThresholdAndRemedy) {
    GateFacts facts = sound();
    facts.turnover_24h_usd = 3'218'765;
    facts.to_funding = 30s;  // fails too, but later
    const GateView view = stopped_by(facts);
    EXPECT_EQ(view.name, "tradable");
    EXPECT_EQ(view.unit, "USD in 24 h");
    EXPECT_EQ(view.value, 3'220'000) << "to three digits";
    EXPECT_EQ(view.threshold, 5e6);
    EXPECT_TRUE(view.is_known);
    EXPECT_EQ(view.text, "3.22 million USD traded in 24 h, 5 million are needed");
    EXPECT_NE(view.remedy.find("larger market"), std::string::npos);
}

TEST(StoppingGate, SharesAreWordedInPercent) {
    confluence::ScoreRecord record;
    record.at = from_ms(1'700'000'040'000);
    record.coverage = 0.6249;
    const GateView view = stopped_by(sound(), record);
    EXPECT_EQ(view.name, "coverage");
    EXPECT_EQ(view.value, 0.625);
    EXPECT_EQ(view.text, "62.5 % of the evidence is alive, 80 % are needed");
}

/// A failure is a better answer than a lack of knowledge, wherever it stands.
TEST(StoppingGate, WhatIsNotKnownStopsOnlyWhereNothingFails) {
    const auto gate = [](std::string_view name, std::optional<double> value, std::optional<double> threshold,
                         std::optional<bool> passes) {
        return Gate{.name = name, .value = value, .threshold = threshold, .unit = "", .passes = passes};
    };
    std::vector<Gate> gates = {gate("warm", {}, 0, {}), gate("spread", 1, 15, true),
                               gate("confidence", 0.2, 0.6, false), gate("risk", {}, {}, true)};
    EXPECT_EQ(stopping_gate(gates)->name, "confidence");
    gates[2].passes = true;
    const GateView unknown = stopping_gate(gates).value();
    EXPECT_EQ(unknown.name, "warm");
    EXPECT_FALSE(unknown.is_known);
    EXPECT_FALSE(unknown.value);
    EXPECT_EQ(unknown.text, "order flow has not been evaluated yet");
    gates[0].passes = true;
    EXPECT_FALSE(stopping_gate(gates));
    EXPECT_FALSE(stopping_gate({}));
}

TEST(StoppingGate, EveryConditionOfEveryGateHasWords) {
    const std::vector<std::function<void(GateFacts&)>> faults = {
        [](GateFacts& facts) { facts.is_trading = false; },   [](GateFacts& facts) { facts.listed_for = 24h * 3; },
        [](GateFacts& facts) { facts.turnover_24h_usd = 1; }, [](GateFacts& facts) { facts.book_age = 9s; },
        [](GateFacts& facts) { facts.trades_age = 90s; },     [](GateFacts& facts) { facts.clock_offset = -3s; },
    };
    for (const auto& fault : faults) {
        GateFacts facts = sound();
        fault(facts);
        const GateView view = stopped_by(facts);
        EXPECT_TRUE(view.name == "tradable" || view.name == "feed_live") << view.name;
        EXPECT_FALSE(view.text.empty()) << view.unit;
        EXPECT_EQ(view.text.find('{'), std::string::npos) << view.text;
        EXPECT_FALSE(view.remedy.empty());
    }
    // The others one by one, failing and not known.
    for (const Gate& known : signals::gates({}, {}, sound(), {})) {
        if (!known.threshold) continue;
        for (const bool has_value : {true, false}) {
            Gate gate = known;
            gate.value = has_value ? std::optional(0.123) : std::nullopt;
            gate.passes = has_value ? std::optional(false) : std::nullopt;
            const GateView view = stopping_gate(std::vector{gate}).value();
            EXPECT_FALSE(view.text.empty()) << gate.name;
            EXPECT_EQ(view.text.find('{'), std::string::npos) << view.text;
            EXPECT_FALSE(view.remedy.empty()) << gate.name;
        }
    }
}

TEST(StoppingGate, AConditionIsNamedByItsUnit) {
    Gate gate{.name = "volatility", .value = 1, .threshold = 0, .unit = "stressed market", .passes = false};
    EXPECT_EQ(stopping_gate(std::vector{gate})->text, "the market is stressed");
    gate = {.name = "volatility", .value = 99.5, .threshold = 99, .unit = "percentile", .passes = false};
    EXPECT_EQ(stopping_gate(std::vector{gate})->text,
              "volatility stands at its 99.5 percentile, at most 99 is allowed");
}

}  // namespace
}  // namespace vt::views
