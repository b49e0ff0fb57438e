#include "alerts/wording.hpp"

#include <gtest/gtest.h>

namespace vt::alerts {
namespace {

std::string title_of(const Occurrence& seen, std::uint32_t count = 1) {
    Alert alert{.kind = seen.kind, .count = count};
    put_into_words(seen, alert);
    return alert.title;
}

TEST(AlertWording, ATitleSaysWhatWhereWhoAndHowMuch) {
    EXPECT_EQ(title_of({.kind = Kind::signal, .symbol = "BTCUSDT", .side = Side::up, .size = 28.34}),
              "Signal: BTCUSDT, long, 28.3 points");
    EXPECT_EQ(title_of({.kind = Kind::liquidation_single, .symbol = "SOLUSDT", .side = Side::down, .size = 1.5e6}, 4),
              "4 x Liquidation: SOLUSDT, longs, 1.50M USDT");
    EXPECT_EQ(title_of({.kind = Kind::funding_extreme, .symbol = "SOLUSDT", .side = Side::up, .size = 51.2}),
              "Funding extreme: SOLUSDT, longs pay, 51 bps");
    EXPECT_EQ(title_of({.kind = Kind::cascade, .symbol = "SOLUSDT", .side = Side::down, .size = 2.88}),
              "Liquidation cascade: SOLUSDT, longs, 2.9%");
    EXPECT_EQ(title_of({.kind = Kind::feed_stale, .what = "bybit is silent: 5 x book"}),
              "Feed silent: bybit is silent: 5 x book");
    EXPECT_EQ(title_of({.kind = Kind::trade, .symbol = "SOLUSDT", .side = Side::down}), "Trade: SOLUSDT, short");
}

TEST(AlertWording, FiguresHaveTheirUnitsAndWhatIsNotKnownIsLeftOut) {
    Alert alert{.kind = Kind::large_order};
    put_into_words({.kind = Kind::large_order,
                    .symbol = "BTCUSDT",
                    .size = 1'250'000,
                    .usual = 300'000,
                    .price = 61'840.3,
                    .price_decimals = 1,
                    .coverage = .914},
                   alert);
    EXPECT_EQ(alert.figures,
              (std::vector<Figure>{
                  {"Size", "1.25M USDT"}, {"Usual", "300K USDT"}, {"Price", "61,840.3"}, {"Coverage", "91%"}}));
    EXPECT_EQ(alert.text, "One taker's order among the largest thousandth of the last day.");
    put_into_words({.kind = Kind::large_order, .symbol = "BTCUSDT", .size = 1}, alert);
    EXPECT_EQ(alert.figures.size(), 1U);
}

TEST(AlertWording, SeveralAlertsBecomeOneWithALineEach) {
    std::vector<std::shared_ptr<const Alert>> alerts;
    for (int i = 0; i < 35; ++i)
        alerts.push_back(std::make_shared<const Alert>(Alert{.id = std::to_string(i),
                                                             .severity = i == 7 ? Severity::high : Severity::info,
                                                             .at = from_ms(1'780'000'000'000 + 1'000 * i),
                                                             .title = "title " + std::to_string(i),
                                                             .count = 2}));
    const Alert digest = digest_of(alerts, "key");
    EXPECT_EQ(digest.id, "key");
    EXPECT_EQ(digest.title, "35 alerts that had to wait");
    EXPECT_EQ(digest.severity, Severity::high);
    EXPECT_EQ(digest.count, 70U);
    EXPECT_EQ(digest.at, alerts.back()->at);
    EXPECT_EQ(digest.text.rfind("2026-05-28 20:26:40 UTC  title 0\n", 0), 0U) << digest.text;
    EXPECT_NE(digest.text.find("title 29\n5 more are in the inbox."), std::string::npos);
    EXPECT_EQ(digest_of(std::span(alerts).first(1), "key"), *alerts[0]);
}

}  // namespace
}  // namespace vt::alerts
