#include "alerts/rule.hpp"

#include "alerts/kind_terms.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace vt::alerts {
namespace {

std::string refusal_of(const Rule& rule) {
    const auto checked = check_rule(rule);
    return checked ? "" : checked.error().what;
}

TEST(AlertRule, UsualOnesAreSoundAndNamedApart) {
    std::set<std::string> names;
    for (const Rule& rule : usual_rules()) {
        EXPECT_EQ(refusal_of(rule), "");
        EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    }
    EXPECT_TRUE(names.contains("account"));
}

TEST(AlertRule, EveryKindHasANameThatReadsBack) {
    for (std::size_t i = 0; i < kKindCount; ++i) {
        const auto kind = static_cast<Kind>(i);
        EXPECT_EQ(kind_named(name(kind)), kind);
        EXPECT_EQ(terms_of(kind).kind, kind);
        EXPECT_FALSE(terms_of(kind).meaning.empty());
    }
    EXPECT_EQ(kind_named("whale"), std::nullopt);
    EXPECT_EQ(severity_named("critical"), Severity::critical);
    EXPECT_EQ(side_named("up"), Side::up);
    EXPECT_EQ(side_named("long"), std::nullopt);
}

TEST(AlertRule, WhatCanNeverFireIsRefusedWithWhatWould) {
    const Rule move{.name = "move", .kind = Kind::price_move};
    const auto with = [](Rule rule, auto change) {
        change(rule);
        return refusal_of(rule);
    };
    EXPECT_EQ(refusal_of(move), "");
    EXPECT_NE(with(move, [](Rule& r) { r.minimum = 2; }).find("3 sd is the least"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.level = 5; }).find("set minimum instead"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.minimum = std::numeric_limits<double>::quiet_NaN(); }), "");
    EXPECT_NE(with(move, [](Rule& r) { r.coverage_min = 1.5; }).find("between 0 and 1"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.cooldown = Nanos{-1}; }).find("7 days"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.cooldown = 8 * kDay; }), "");
    EXPECT_NE(with(move, [](Rule& r) { r.symbols = {"BTC USDT"}; }).find("symbols"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.channels = {"Discord!"}; }).find("channels"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.name = "Big Move"; }).find("small letters"), std::string::npos);
    EXPECT_NE(with(move, [](Rule& r) { r.symbols.assign(501, "BTCUSDT"); }).find("500"), std::string::npos);

    const Rule whales{.name = "whales", .kind = Kind::whale_cluster};
    EXPECT_NE(with(whales, [](Rule& r) { r.minimum = 1.2; }).find("1 is the most"), std::string::npos);
    const Rule score{.name = "score", .kind = Kind::score_level};
    EXPECT_NE(refusal_of(score).find("is missing"), std::string::npos);
    EXPECT_NE(with(score, [](Rule& r) { r.level = 100; }).find("never crossed"), std::string::npos);
    EXPECT_NE(with(score, [](Rule& r) { r.level = 70, r.minimum = 1; }).find("set level instead"), std::string::npos);
    EXPECT_EQ(with(score, [](Rule& r) { r.level = 70; }), "");
    const Rule price{.name = "price", .kind = Kind::price_level, .level = 0};
    EXPECT_NE(refusal_of(price).find("above 0"), std::string::npos);
    const Rule regime{.name = "regime", .kind = Kind::regime_change, .side = Side::up};
    EXPECT_NE(refusal_of(regime).find("points nowhere"), std::string::npos);
    const Rule account{.name = "account", .kind = Kind::account, .symbols = {"BTCUSDT"}};
    EXPECT_NE(refusal_of(account).find("never fire"), std::string::npos);
    const Rule stale{.name = "stale", .kind = Kind::feed_stale, .minimum = 1};
    EXPECT_NE(refusal_of(stale).find("no size"), std::string::npos);
}

TEST(AlertRule, IsAboutWhatItNames) {
    const Occurrence seen{.kind = Kind::large_order,
                          .instrument = "bybit-linear-BTCUSDT",
                          .symbol = "BTCUSDT",
                          .side = Side::up,
                          .size = 300'000};
    const auto about = [&](Rule rule) {
        rule.name = "one";
        rule.kind = Kind::large_order;
        return is_about(rule, seen);
    };
    EXPECT_TRUE(about({}));
    EXPECT_TRUE(about({.symbols = {"ETHUSDT", "BTCUSDT"}}));
    EXPECT_TRUE(about({.symbols = {"bybit-linear-BTCUSDT"}}));
    EXPECT_FALSE(about({.symbols = {"binance-linear-BTCUSDT"}}));
    EXPECT_FALSE(about({.side = Side::down}));
    EXPECT_TRUE(about({.minimum = 300'000}));
    EXPECT_FALSE(about({.minimum = 300'001}));
    EXPECT_FALSE(about({.is_on = false}));
    EXPECT_FALSE(about({.coverage_min = .5})) << "a coverage that is not known is none";
    EXPECT_FALSE(is_about({.name = "other", .kind = Kind::iceberg}, seen));
}

TEST(AlertRule, NoRuleMakesLessOfWhatIsCritical) {
    const Rule quiet{.name = "account", .kind = Kind::account, .severity = Severity::info};
    EXPECT_EQ(severity_of(quiet, {.kind = Kind::account, .severity = Severity::critical}), Severity::critical);
    EXPECT_EQ(severity_of(quiet, {.kind = Kind::account, .severity = Severity::high}), Severity::info);
    EXPECT_EQ(severity_of({.name = "account", .kind = Kind::account}, {.kind = Kind::account}), Severity::high);
}

}  // namespace
}  // namespace vt::alerts
