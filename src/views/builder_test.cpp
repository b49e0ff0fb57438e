#include "views/builder.hpp"

#include <gtest/gtest.h>

namespace vt::views {
namespace {

Row bitcoin(market::Venue venue, market::Category category, std::optional<double> price) {
    Row row;
    row.instrument.venue = venue;
    row.instrument.category = category;
    row.instrument.base = "BTC";
    row.price = price;
    return row;
}

TEST(Overview, BitcoinsPriceIsThePrimaryVenuesPerpetual) {
    using enum market::Venue;
    using enum market::Category;
    std::vector<Row> rows{bitcoin(binance, spot, 3.0), bitcoin(binance, linear, 2.0), bitcoin(bybit, spot, 4.0),
                          bitcoin(bybit, linear, 1.0)};
    EXPECT_EQ(overview_of(rows).btc_price, 1.0);
    rows.back().price.reset();  // not known yet: the next best speaks
    EXPECT_EQ(overview_of(rows).btc_price, 4.0);
    rows[2].age = std::chrono::minutes{2};  // the venue is down: its last price is not the price
    EXPECT_EQ(overview_of(rows).btc_price, 2.0);
    rows[1].age = rows[0].age = std::chrono::minutes{3};
    EXPECT_EQ(overview_of(rows).btc_price, 4.0);  // all are silent
    EXPECT_FALSE(overview_of({}).btc_price);
}

TEST(Overview, ACoinOfTwoVenuesIsCountedOnce) {
    using enum market::Venue;
    using enum market::Category;
    const auto row = [](market::Venue venue, market::Category category, const char* base, double volume) {
        Row made = bitcoin(venue, category, 1.0);
        made.instrument.base = base;
        made.turnover_24h_usd = volume;
        made.open_interest_usd = category == spot ? std::nullopt : std::optional(volume / 10);
        made.change_24h_pct = 1.0;
        made.funding_rate = venue == bybit ? 0.001 : 0.005;
        return made;
    };
    std::vector<Row> rows{row(bybit, linear, "BTC", 100),       row(binance, linear, "BTC", 200),
                          row(binance, spot, "BTC", 400),       row(binance, linear, "1000SHIB", 1000),
                          row(bybit, linear, "SHIB1000", 2000), row(binance, linear, "BNB", 10'000)};
    const MarketOverview overview = overview_of(rows);
    EXPECT_EQ(overview.coins_count, 3U);
    EXPECT_EQ(overview.gainers_count, 3U);
    EXPECT_EQ(overview.total_volume_24h_usd, 100 + 2000 + 10'000);
    EXPECT_EQ(overview.total_open_interest_usd, 10 + 200 + 1000);
    EXPECT_NEAR(overview.average_funding_rate.value(), (0.001 + 0.001 + 0.005) / 3, 1e-12);
    ASSERT_EQ(overview.markets.size(), 3U);
    EXPECT_EQ(overview.markets[0].venue, bybit);
    EXPECT_EQ(overview.markets[0].instruments, 2U);
    EXPECT_EQ(overview.markets[0].volume_24h_usd, 2100);
    EXPECT_EQ(overview.markets[1].category, linear);
    EXPECT_EQ(overview.markets[1].volume_24h_usd, 11'200);
    EXPECT_EQ(overview.markets[2].volume_24h_usd, 400);
    EXPECT_FALSE(overview.markets[2].open_interest_usd);
    rows[0].price.reset();  // the primary venue says nothing yet: the other one speaks for the coin
    EXPECT_EQ(overview_of(rows).total_volume_24h_usd, 200 + 2000 + 10'000);
}

TEST(Overview, WhatNoRowKnowsIsNotKnown) {
    const MarketOverview overview = overview_of({bitcoin(market::Venue::bybit, market::Category::linear, {})});
    EXPECT_FALSE(overview.btc_price);
    EXPECT_FALSE(overview.total_volume_24h_usd);
    EXPECT_FALSE(overview.average_funding_rate);
}

}  // namespace
}  // namespace vt::views
