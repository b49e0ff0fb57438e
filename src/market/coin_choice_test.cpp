#include "market/coin_choice.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vt::market {
namespace {

using namespace std::chrono_literals;

Instrument market_of(const std::string& base, Venue venue, Category category) {
    return {.venue = venue,
            .category = category,
            .symbol = base + "USDT",
            .base = base,
            .quote = "USDT",
            .settle = category == Category::spot ? "" : "USDT",
            .tick_size = {1, 1},
            .lot_size = {1, 1}};
}

TEST(CoinChoice, ThePreferredMarketSpeaksUnlessItIsSilentOrHasNoPrice) {
    using enum Venue;
    using enum Category;
    const Instrument first = market_of("BTC", bybit, linear);
    const Instrument second = market_of("BTC", binance, linear);
    const Instrument spot_market = market_of("BTC", bybit, spot);
    const auto chosen = [&](Voice a, Voice b, Voice c) {
        const Speaker markets[] = {{&spot_market, c}, {&second, b}, {&first, a}};
        const auto found = one_of_each_coin(markets);
        return found.size() == 1 ? markets[found[0]].instrument : nullptr;
    };
    using enum Voice;
    EXPECT_EQ(chosen(speaking, speaking, speaking), &first);
    EXPECT_EQ(chosen(silent, speaking, silent), &second);
    EXPECT_EQ(chosen(unpriced, silent, speaking), &spot_market);
    EXPECT_EQ(chosen(silent, unpriced, silent), &first) << "an old price is more than none";
    EXPECT_EQ(chosen(unpriced, unpriced, unpriced), &first);
}

TEST(CoinChoice, EveryCoinHasOneMarketWhateverTheOrder) {
    using enum Venue;
    using enum Category;
    std::vector<Instrument> listed = {market_of("ETH", binance, linear), market_of("1000SHIB", binance, linear),
                                      market_of("SHIB1000", bybit, linear), market_of("ETH", bybit, spot),
                                      market_of("ETH", bybit, linear)};
    std::sort(listed.begin(), listed.end(),
              [](const Instrument& a, const Instrument& b) { return a.symbol < b.symbol; });
    do {
        std::vector<Speaker> markets;
        for (const Instrument& one : listed) markets.push_back({&one, Voice::speaking});
        const auto chosen = one_of_each_coin(markets);
        ASSERT_EQ(chosen.size(), 2U);
        for (const std::size_t index : chosen) {
            EXPECT_EQ(listed[index].venue, bybit);
            EXPECT_EQ(listed[index].category, linear);
        }
        EXPECT_EQ(listed[chosen[0]].base, "ETH") << "by the name of the coin";
    } while (std::next_permutation(listed.begin(), listed.end(), [](const Instrument& a, const Instrument& b) {
        return std::tuple(a.symbol, a.venue, a.category) < std::tuple(b.symbol, b.venue, b.category);
    }));
    EXPECT_TRUE(one_of_each_coin({}).empty());
}

TEST(CoinChoice, SilenceIsAnOldWordAndNotTheLackOfOne) {
    EXPECT_EQ(voice_of(true, std::nullopt), Voice::speaking);
    EXPECT_EQ(voice_of(true, kSpeakerAgeMax), Voice::speaking);
    EXPECT_EQ(voice_of(true, kSpeakerAgeMax + 1ns), Voice::silent);
    EXPECT_EQ(voice_of(false, 0ns), Voice::unpriced);
}

TEST(CoinChoice, TheAgeIsThatOfTheNewestMovingStream) {
    InstrumentState state(market_of("BTC", Venue::bybit, Category::linear));
    const Timestamp start = from_ms(1'750'000'000'000);
    EXPECT_FALSE(data_age(state, start));
    Candle candle{.open_time = start, .interval = 1min, .open = 1, .high = 1, .low = 1, .close = 1};
    (void)state.apply({{}, start, start, 1, candle});
    EXPECT_FALSE(data_age(state, start)) << "a candle may come from the past";
    (void)state.apply({{}, start, start, 2, Ticker{.last_price = 5}});
    EXPECT_EQ(data_age(state, start + 7s), Nanos{7s});
    EXPECT_EQ(data_age(state, start - 7s), Nanos{0}) << "time was set back";
}

}  // namespace
}  // namespace vt::market
