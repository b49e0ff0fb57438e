#include "market/instrument_directory.hpp"

#include <gtest/gtest.h>

namespace vt::market {
namespace {

Instrument make(Venue venue, Category category, const std::string& base) {
    return Instrument{.venue = venue,
                      .category = category,
                      .symbol = base + "USDT",
                      .base = base,
                      .quote = "USDT",
                      .settle = category == Category::spot ? "" : "USDT",
                      .tick_size = {1, 1},
                      .lot_size = {1, 3}};
}

}  // namespace

TEST(InstrumentDirectory, ResolvesEveryAcceptedForm) {
    InstrumentDirectory directory;
    const InstrumentId spot = directory.list(make(Venue::binance, Category::spot, "BTC"));
    const InstrumentId perpetual = directory.list(make(Venue::bybit, Category::linear, "BTC"));
    for (const char* text : {"bybit-linear-BTCUSDT", "BTC/USDT:USDT", "BTC/USDT", "BTCUSDT", "bybit:BTC/USDT:USDT"}) {
        EXPECT_EQ(*directory.resolve(text), perpetual) << text;
    }
    EXPECT_EQ(*directory.resolve("binance:BTC/USDT"), spot);
    EXPECT_EQ(*directory.resolve("binance-spot-BTCUSDT"), spot);
}

TEST(InstrumentDirectory, SuggestsTheNearestSymbol) {
    InstrumentDirectory directory;
    (void)directory.list(make(Venue::bybit, Category::linear, "ETH"));
    const auto missing = directory.resolve("EHTUSDT");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::not_found);
    EXPECT_NE(missing.error().what.find("did you mean ETHUSDT?"), std::string::npos) << missing.error().what;
}

TEST(InstrumentDirectory, ListingAgainKeepsTheId) {
    InstrumentDirectory directory;
    const InstrumentId first = directory.list(make(Venue::bybit, Category::linear, "BTC"));
    Instrument changed = make(Venue::bybit, Category::linear, "BTC");
    changed.tick_size = {5, 1};
    EXPECT_EQ(directory.list(changed), first);
    EXPECT_EQ(directory[first].tick_size, (Decimal{5, 1}));
    EXPECT_EQ(directory.all().size(), 1U);
}

}  // namespace vt::market
