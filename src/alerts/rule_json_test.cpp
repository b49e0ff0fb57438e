#include "alerts/rule_json.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace vt::alerts {
namespace {

std::string written(const Rule& rule) {
    JsonWriter out;
    write_rule(out, rule);
    return std::string(out.text());
}

std::string refusal_of(std::string_view json) {
    const auto rule = parse_rule(json);
    return rule ? "" : rule.error().what;
}

TEST(RuleJson, WhatIsWrittenIsRead) {
    const Rule full{.name = "btc_70k",
                    .kind = Kind::price_level,
                    .is_on = false,
                    .symbols = {"BTCUSDT", "bybit-linear-ETHUSDT"},
                    .side = Side::up,
                    .level = 70'000.5,
                    .coverage_min = .25,
                    .cooldown = std::chrono::milliseconds{1'500},
                    .severity = Severity::critical,
                    .channels = {"discord"},
                    .is_once = true,
                    .snoozed_until = from_ms(1'780'000'000'123)};
    EXPECT_EQ(parse_rule(written(full)).value(), full);
    for (const Rule& rule : usual_rules()) EXPECT_EQ(parse_rule(written(rule)).value(), rule);
    EXPECT_EQ(parse_rule(R"({"name": "a", "kind": "signal"})").value(), (Rule{.name = "a", .kind = Kind::signal}));
    EXPECT_EQ(parse_rule(R"({"kind": "price_move", "minimum": 5, "name": "a"})")->minimum, 5);
}

TEST(RuleJson, ARefusalSaysWhatAndWhatWouldDo) {
    EXPECT_NE(refusal_of("").find("JSON object like"), std::string::npos);
    EXPECT_NE(refusal_of("[]").find("JSON object like"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"name": "a")").find("JSON object like"), std::string::npos);
    EXPECT_EQ(refusal_of(R"({"kind": "signal"})"), "name: is missing");
    EXPECT_EQ(refusal_of(R"({"name": "a"})"), "kind: is missing");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "signal", "kind": "alpha"})"), "kind: is there twice");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "large_oder"})"),
              "kind: there is no large_oder; did you mean large_order?");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "signal", "symbol": ["BTCUSDT"]})"),
              "symbol: a rule has no such member; did you mean symbols?");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "signal", "symbols": "BTCUSDT"})"),
              "symbols has to be a list of texts");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "signal", "minimum": "5"})"), "minimum has to be a number");
    EXPECT_EQ(refusal_of(R"({"name": "a", "kind": "signal", "enabled": 1})"), "enabled has to be true or false");
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": "signal", "side": "long"})").find("up, down"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": "signal", "cooldown_seconds": 1e300})").find("7 days"),
              std::string::npos);
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": "signal", "cooldown_seconds": 604801})").find("7 days"),
              std::string::npos);
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": "signal", "snoozed_until": -1})").find("1970"), std::string::npos);
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": "signal", "minimum": 51})").find("50 points is the most"),
              std::string::npos)
        << "what contradicts is refused here, too";
    EXPECT_NE(refusal_of(R"({"name": "a", "kind": [[[[[[[[[[[[1]]]]]]]]]]]]})"), "");
}

}  // namespace
}  // namespace vt::alerts
