#include "market/cross_venue.hpp"

#include "market/instrument_directory.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::market {
namespace {

Instrument instrument(Venue venue, Category category, std::string base, std::string quote = "USDT") {
    Instrument one;
    one.venue = venue;
    one.category = category;
    one.base = std::move(base);
    one.quote = std::move(quote);
    one.settle = category == Category::spot ? "" : one.quote;
    one.symbol = one.base + one.quote;
    one.tick_size = one.lot_size = {1, 2};
    return one;
}

TEST(CrossVenue, AMultiplierIsNoPartOfTheCoin) {
    const auto of = [](const char* base) { return underlying_of(base); };
    EXPECT_EQ(of("BTC").coin, "BTC");
    EXPECT_EQ(of("1000PEPE").coin, "PEPE");
    EXPECT_EQ(of("1000PEPE").units, 1000);
    EXPECT_EQ(of("SHIB1000").coin, "SHIB");
    EXPECT_EQ(of("1000000MOG").units, 1e6);
    EXPECT_EQ(of("1MBABYDOGE").coin, "BABYDOGE");
    EXPECT_EQ(of("1MBABYDOGE").units, 1e6);
    EXPECT_EQ(of("1000000BABYDOGE").coin, "BABYDOGE");
    EXPECT_EQ(of("10000LADYS").units, 1e4);
    EXPECT_EQ(of("kPEPE").coin, "PEPE");
    EXPECT_EQ(of("kPEPE").units, 1000);
    for (const char* const coin : {"1INCH", "1000X", "KAS", "kas", "k", "LUNA2", "API3", "C98"}) {
        EXPECT_EQ(of(coin).coin, coin);
        EXPECT_EQ(of(coin).units, 1);
    }
    EXPECT_EQ(of("1000").coin, "1000");
}

TEST(CrossVenue, EveryCoinListsItsMarketsPreferredFirst) {
    InstrumentDirectory directory;
    const auto thousand = directory.list(instrument(Venue::binance, Category::linear, "1000SHIB"));
    const auto spot = directory.list(instrument(Venue::binance, Category::spot, "SHIB"));
    const auto shib = directory.list(instrument(Venue::bybit, Category::linear, "SHIB1000"));
    const auto bitcoin = directory.list(instrument(Venue::bybit, Category::linear, "BTC"));
    const CrossVenueMap map(directory.all());
    ASSERT_EQ(map.coins().size(), 2U);
    EXPECT_EQ(map.coins()[0].coin, "BTC");
    EXPECT_EQ(map.coins()[0].instruments, std::vector{bitcoin});
    EXPECT_EQ(map.coins()[1].coin, "SHIB");
    EXPECT_EQ(map.coins()[1].quote, "USDT");
    EXPECT_EQ(map.coins()[1].instruments, (std::vector{shib, thousand, spot}));
    EXPECT_EQ(map.units(shib), 1000);
    EXPECT_EQ(map.units(spot), 1);
    EXPECT_EQ(map.spot_of(shib), spot);  // its prices differ by the thousand
}

TEST(CrossVenue, FindsTheSameInstrumentElsewhereAndItsSpot) {
    InstrumentDirectory directory;
    const auto bybit = directory.list(instrument(Venue::bybit, Category::linear, "BTC"));
    const auto binance = directory.list(instrument(Venue::binance, Category::linear, "BTC"));
    const auto spot = directory.list(instrument(Venue::binance, Category::spot, "BTC"));
    const auto shib = directory.list(instrument(Venue::bybit, Category::linear, "SHIB1000"));
    const auto thousand = directory.list(instrument(Venue::binance, Category::linear, "1000SHIB"));
    const auto dollar = directory.list(instrument(Venue::binance, Category::linear, "BTC", "USDC"));
    Instrument dated = instrument(Venue::binance, Category::linear, "BTC");
    dated.symbol = "BTCUSDT_260925";
    dated.is_dated = true;
    dated.delivers_at = from_ms(1'790'000'000'000);
    const auto quarter = directory.list(dated);
    const CrossVenueMap map(directory.all());
    ASSERT_EQ(map.counterparts(bybit).size(), 1U);
    EXPECT_EQ(map.counterparts(bybit)[0], binance);
    ASSERT_EQ(map.counterparts(shib).size(), 1U);
    EXPECT_EQ(map.counterparts(shib)[0], thousand);
    EXPECT_TRUE(map.counterparts(dollar).empty());
    EXPECT_TRUE(map.counterparts(quarter).empty());
    EXPECT_TRUE(map.counterparts(spot).empty());
    EXPECT_EQ(map.spot_of(binance), spot);
    EXPECT_EQ(map.spot_of(bybit), spot);  // its own venue lists none here
    EXPECT_EQ(map.spot_of(quarter), spot);
    EXPECT_FALSE(map.spot_of(dollar));
    EXPECT_FALSE(map.spot_of(spot));
    EXPECT_FALSE(map.spot_of(InstrumentId{99}));
}

TEST(CrossVenue, TheOwnVenuesSpotComesFirst) {
    InstrumentDirectory directory;
    directory.list(instrument(Venue::binance, Category::spot, "BTC"));
    const auto contract = directory.list(instrument(Venue::bybit, Category::linear, "BTC"));
    const auto own = directory.list(instrument(Venue::bybit, Category::spot, "BTC"));
    EXPECT_EQ(CrossVenueMap(directory.all()).spot_of(contract), own);
}

TEST(CrossVenue, ANarrowQuoteCountsMoreThanAWideOne) {
    const VenueQuote quotes[] = {{99.9, 100.1, {}}, {100.8, 101.2, {}}};
    const auto found = cross_mid(quotes, std::chrono::seconds{1});
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->mid, (25 * 100.0 + 6.25 * 101.0) / 31.25, 1e-9);
    EXPECT_EQ(found->venues, 2U);
    EXPECT_TRUE(found->is_crossed);  // 100.8 is bid above 100.1
    EXPECT_NEAR(found->dispersion_bps, (101.0 - found->mid) / found->mid * 1e4, 1e-9);
    EXPECT_EQ(found->best_bid, 100.8);
    EXPECT_EQ(found->best_ask, 100.1);
}

TEST(CrossVenue, WhatIsLateEmptyOrCrossedInItselfIsLeftOut) {
    const Nanos old = std::chrono::seconds{5};
    const VenueQuote quotes[] = {{99, 101, {}}, {50, 51, old}, {0, 100, {}}, {101, 100, {}}};
    const auto found = cross_mid(quotes, std::chrono::seconds{1});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->venues, 1U);
    EXPECT_EQ(found->mid, 100);
    EXPECT_EQ(found->dispersion_bps, 0);
    EXPECT_FALSE(found->is_crossed);
    EXPECT_FALSE(cross_mid(std::span(quotes).subspan(1), std::chrono::seconds{1}));
    EXPECT_FALSE(cross_mid({}, std::chrono::seconds{1}));
}

TEST(CrossVenue, BasisIsLogarithmic) {
    EXPECT_NEAR(basis_bps(101.2, 100), std::log(1.012) * 1e4, 1e-9);
    EXPECT_NEAR(basis_bps(100, 101.2), -basis_bps(101.2, 100), 1e-9);
    // 101.2 against 100, 45 days: 9.6754 % a year, continuously
    EXPECT_NEAR(annualised_basis(101.2, 100, std::chrono::hours{45 * 24}).value(), 0.09675396368499871, 1e-15);
    EXPECT_FALSE(annualised_basis(101, 100, Nanos{0}));
    EXPECT_FALSE(annualised_basis(101, 100, Nanos{-1}));
}

}  // namespace
}  // namespace vt::market
