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
    EXPECT_FALSE(overview_of({}).btc_price);
}

TEST(Overview, WhatNoRowKnowsIsNotKnown) {
    const MarketOverview overview = overview_of({bitcoin(market::Venue::bybit, market::Category::linear, {})});
    EXPECT_FALSE(overview.btc_price);
    EXPECT_FALSE(overview.total_volume_24h_usd);
    EXPECT_FALSE(overview.average_funding_rate);
}

}  // namespace
}  // namespace vt::views
