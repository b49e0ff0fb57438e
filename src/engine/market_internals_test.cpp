#include "engine/market_internals.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace vt::engine {
namespace {

using market::Candle;
using market::Category;
using market::Venue;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp kStart = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC
constexpr Nanos kBar = hours{4};

std::vector<Candle> random_bars(std::uint64_t seed, std::size_t count, double price = 100, double last_move = 0) {
    Prng prng(seed, "bars");
    std::vector<Candle> bars;
    for (std::size_t i = 0; i < count; ++i) {
        const double open = price;
        price *= std::exp(.01 * prng.normal() + (i + 6 >= count ? last_move : 0));
        bars.push_back({.open_time = kStart - static_cast<std::int64_t>(count - i) * kBar,
                        .interval = kBar,
                        .open = open,
                        .high = std::max(open, price),
                        .low = std::min(open, price),
                        .close = price,
                        .volume_base = 10,
                        .turnover_quote = 1000 * (1 + prng.uniform()),
                        .is_closed = true});
    }
    return bars;
}

market::CandleSeries series_of(const std::vector<Candle>& bars) {
    market::CandleSeries series(kBar, 1000);
    for (const Candle& bar : bars) (void)series.put(bar);
    return series;
}

TEST(CoinPast, EqualsPlainLoopsOverTheBars) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto bars = random_bars(seed, 181 + 13 * seed);
        const CoinPast past = coin_past(series_of(bars));
        const std::size_t n = bars.size();
        EXPECT_EQ(past.until, kStart);
        long double mean = 0, squares = 0;
        for (std::size_t i = n - 180; i < n; ++i) {
            mean += std::log(bars[i].close) / 180;
            const long double move = std::log(bars[i].close / bars[i - 1].close);
            squares += move * move / 180;
        }
        EXPECT_NEAR(*past.mean_30d, static_cast<double>(mean), 1e-12);
        EXPECT_NEAR(past.sigma_4h, static_cast<double>(std::sqrt(squares)), 1e-12);
        EXPECT_EQ(past.mean_90d.has_value(), n >= 540);
        std::vector<long double> moves, turnovers;
        for (std::size_t day = 0; day < 30; ++day) {
            long double move = 0, turnover = 0;
            for (std::size_t i = n - 6 * (day + 1); i < n - 6 * day; ++i) {
                const long double one = std::log(bars[i].close / bars[i - 1].close);
                move += one * one;
                turnover += bars[i].turnover_quote;
            }
            moves.push_back(move);
            turnovers.push_back(turnover);
        }
        const auto wilder =
            std::count_if(moves.begin() + 1, moves.end(), [&](long double m) { return m > moves[0]; });
        EXPECT_NEAR(*past.calm_percentile, 100 * static_cast<double>(wilder) / 29, 1e-9);
        long double others = 0;
        for (std::size_t day = 1; day < 30; ++day) others += turnovers[day] / 29;
        EXPECT_NEAR(*past.turnover_ratio, static_cast<double>(std::log(turnovers[0] / others)), 1e-12);
    }
}

TEST(CoinPast, AHoleEndsWhatIsKnownAndTooLittleSaysNothing) {
    auto bars = random_bars(3, 300);
    bars.erase(bars.begin() + 200);
    const CoinPast cut = coin_past(series_of(bars));
    EXPECT_FALSE(cut.mean_30d) << "99 bars since the hole";
    EXPECT_TRUE(cut.calm_percentile);
    EXPECT_EQ(cut.turnovers.size(), 16U);
    const CoinPast young = coin_past(series_of(random_bars(4, 40)));
    EXPECT_FALSE(young.calm_percentile);
    EXPECT_FALSE(young.turnover_ratio);
    EXPECT_FALSE(coin_past(market::CandleSeries(kBar, 10)).until);
}

TEST(FearGreedIndex, AveragesWhatIsKnownByWeightAndCoverage) {
    std::array<MarketInternals::Part, kMoodParts> parts{};
    EXPECT_FALSE(fear_greed_of(parts)) << "nothing is known: not 50";
    double weights = 0;
    for (std::size_t i = 0; i < kMoodParts; ++i) weights += weight_of(static_cast<MoodPart>(i));
    EXPECT_NEAR(weights, 1, 1e-15);
    parts[0] = {.value = 80, .coverage = 1};   // weight .25
    parts[6] = {.value = 20, .coverage = .5};  // weight .05
    EXPECT_NEAR(*fear_greed_of(parts), (.25 * 80 + .025 * 20) / .275, 1e-12);
}

struct Market {
    Symbol& add(const std::string& base, Venue venue = Venue::bybit, Category category = Category::linear) {
        market::Instrument one;
        one.id = market::InstrumentId{static_cast<std::uint32_t>(symbols.size())};
        one.venue = venue;
        one.category = category;
        one.base = base;
        one.quote = "USDT";
        one.settle = category == Category::spot ? "" : "USDT";
        one.symbol = base + "USDT";
        one.tick_size = one.lot_size = {1, 4};
        symbols.push_back(std::make_unique<Symbol>(one, confluence::Params{}));
        return *symbols.back();
    }
    static void tell(Symbol& symbol, market::EventBody body, Timestamp at = kStart) {
        (void)symbol.apply({symbol.instrument().id, at, at, 1, std::move(body)});
    }
    static void tick(Symbol& symbol, double price, double change, double turnover, double interest) {
        market::Ticker ticker;
        ticker.last_price = ticker.mark_price = price;
        ticker.change_24h = change;
        ticker.turnover_24h_quote = turnover;
        ticker.open_interest_base = interest;
        tell(symbol, ticker);
    }
    static void history(Symbol& symbol, const std::vector<Candle>& bars) {
        for (const Candle& bar : bars) tell(symbol, bar, bar.open_time);
    }
    std::vector<std::unique_ptr<Symbol>> symbols;
    MarketWatch watch;
};

TEST(MarketWatch, CountsEachCoinOnceByItsPreferredPerpetual) {
    Market market;
    Market::tick(market.add("BTC"), 100, .02, 6e6, 300);
    Market::tick(market.add("BTC", Venue::binance), 100, -.5, 9e9, 9e9);
    Market::tick(market.add("BTC", Venue::bybit, Category::spot), 100, -.5, 9e9, 9e9);
    Market::tick(market.add("ETH"), 10, -.01, 3e6, 1000);
    Market::tick(market.add("SOL"), 1, .05, 1e6, 60'000);
    market.add("NEW");  // nothing is known of it
    market.watch.refresh(market.symbols, kStart);
    const MarketInternals& all = market.watch.internals();
    EXPECT_EQ(all.at, kStart);
    EXPECT_EQ(all.n_coins, 4U);
    EXPECT_EQ(all.n_changes, 3U);
    EXPECT_EQ(all.n_advancing, 2U);
    EXPECT_EQ(all.n_declining, 1U);
    EXPECT_NEAR(*all.btc_turnover_share, .6, 1e-12);
    EXPECT_NEAR(all.btc_turnover_coverage, .75, 1e-12) << "nothing is known of one of the four";
    EXPECT_NEAR(*all.btc_open_interest_share, 30'000.0 / 100'000, 1e-12);
    EXPECT_NEAR(all.btc_open_interest_coverage, .75, 1e-12);
    EXPECT_NEAR(*all.dispersion_24h, .03, 1e-12);  // .02, -.01, .05
    EXPECT_FALSE(all.above_mean_30d_share);
    const auto& breadth = all.parts[static_cast<std::size_t>(MoodPart::breadth)];
    EXPECT_NEAR(*breadth.value, 200.0 / 3, 1e-9);
    EXPECT_NEAR(breadth.coverage, .75, 1e-12);
    EXPECT_FALSE(all.parts[static_cast<std::size_t>(MoodPart::volatility)].value);
    EXPECT_NEAR(*all.fear_greed, 200.0 / 3, 1e-9);
    EXPECT_NEAR(all.fear_greed_coverage, .05 * .75, 1e-12) << "that it is all it knows is said";
}

TEST(MarketWatch, AVenueThatIsSilentLeavesItsCoinsToTheOtherOne) {
    Market market;
    Symbol& primary = market.add("BTC");
    Symbol& second = market.add("BTC", Venue::binance);
    Market::tick(market.add("ETH"), 10, .01, 1e6, 10);
    Market::tick(primary, 100, .02, 6e6, 300);
    Market::tick(second, 100, -.02, 1e6, 300);
    market.watch.refresh(market.symbols, kStart);
    EXPECT_EQ(market.watch.internals().n_advancing, 2U);
    Market::tell(second, market::Ticker{.last_price = 100.5}, kStart + minutes{2});
    market.watch.refresh(market.symbols, kStart + minutes{2});
    EXPECT_EQ(market.watch.internals().n_declining, 1U) << "the primary venue said nothing for two minutes";
    EXPECT_EQ(market.watch.internals().n_coins, 2U);
    Market::tell(primary, market::Ticker{.last_price = 100.5}, kStart + minutes{3});
    market.watch.refresh(market.symbols, kStart + minutes{3});
    EXPECT_EQ(market.watch.internals().n_declining, 0U) << "it is back";
}

TEST(MarketWatch, CalmRisingMarketsAreGreedyAndStormyFallingOnesAfraid) {
    const auto mood = [](double last_move, double change) {
        Market market;
        for (const auto& [base, seed] : {std::pair{"BTC", 11U}, std::pair{"ETH", 12U}, std::pair{"SOL", 13U}}) {
            Symbol& symbol = market.add(base);
            const auto bars = random_bars(seed, 600, 100, last_move);
            Market::history(symbol, bars);
            Market::tick(symbol, bars.back().close, change, 1e6, 100);
        }
        market.watch.refresh(market.symbols, kStart);
        return market.watch.internals();
    };
    const MarketInternals afraid = mood(-.06, -.3);
    const MarketInternals greedy = mood(.06, .3);
    const auto value = [](const MarketInternals& all, MoodPart part) {
        return all.parts[static_cast<std::size_t>(part)].value.value_or(-1);
    };
    EXPECT_LT(value(afraid, MoodPart::momentum), 40);
    EXPECT_GT(value(greedy, MoodPart::momentum), 60);
    EXPECT_LT(value(afraid, MoodPart::volatility), 5) << "the wildest day of thirty";
    EXPECT_EQ(value(afraid, MoodPart::breadth), 0);
    EXPECT_EQ(*greedy.above_mean_30d_share, 1);
    EXPECT_EQ(*afraid.above_mean_30d_share, 0);
    EXPECT_GT(value(greedy, MoodPart::dominance), 0);
    EXPECT_LT(*afraid.fear_greed, *greedy.fear_greed);
    EXPECT_NEAR(afraid.fear_greed_coverage, .25 + .25 + .10 + .05, 1e-12);
}

TEST(MarketWatch, AShareOfCoinsThatAreMostlyUnknownIsNone) {
    Market market;
    Market::tick(market.add("BTC"), 100, .02, 6e6, 300);
    market.add("ETH");
    market.watch.refresh(market.symbols, kStart);
    EXPECT_NEAR(*market.watch.internals().btc_turnover_share, 1, 1e-12);
    EXPECT_NEAR(market.watch.internals().btc_turnover_coverage, .5, 1e-12);
    market.add("SOL");
    market.watch.refresh(market.symbols, kStart + minutes{1});
    EXPECT_FALSE(market.watch.internals().btc_turnover_share);
    EXPECT_FALSE(market.watch.internals().btc_open_interest_share);
    EXPECT_NEAR(market.watch.internals().btc_turnover_coverage, 1.0 / 3, 1e-12);
}

TEST(MarketWatch, OlderBarsThatComeLaterAreCountedAtOnce) {
    const auto bars = random_bars(21, 600);
    const auto momentum = [](const Market& market) {
        return market.watch.internals().parts[static_cast<std::size_t>(MoodPart::momentum)].value;
    };
    Market at_once, later;
    for (Market* market : {&at_once, &later}) Market::tick(market->add("BTC"), bars.back().close, .01, 1e6, 100);
    Market::history(*at_once.symbols[0], bars);
    at_once.watch.refresh(at_once.symbols, kStart);
    // 30 days are known from the first 200, 90 days are not.
    Market::history(*later.symbols[0], {bars.end() - 200, bars.end()});
    later.watch.refresh(later.symbols, kStart);
    ASSERT_TRUE(momentum(later));
    EXPECT_NE(momentum(later), momentum(at_once));
    Market::history(*later.symbols[0], {bars.begin(), bars.end() - 200});
    later.watch.refresh(later.symbols, kStart + minutes{1});
    EXPECT_EQ(momentum(later), momentum(at_once));
}

TEST(MarketWatch, TheFirstVenueToReachAMinuteMakesIt) {
    Market market;
    Symbol& bitcoin = market.add("BTC");
    Market::tick(bitcoin, 100, .02, 6e6, 300);
    market.watch.refresh(market.symbols, kStart + minutes{1});
    Market::tick(bitcoin, 100, -.02, 6e6, 300);
    market.watch.refresh(market.symbols, kStart + minutes{1});
    EXPECT_EQ(market.watch.internals().n_advancing, 1U);
    market.watch.refresh(market.symbols, kStart);  // the other venue, a little behind
    EXPECT_EQ(market.watch.internals().n_advancing, 1U);
    market.watch.refresh(market.symbols, kStart + minutes{2});
    EXPECT_EQ(market.watch.internals().n_declining, 1U);
    market.watch.refresh(market.symbols, kStart - hours{1});  // time was set back
    EXPECT_EQ(market.watch.internals().at, kStart - hours{1});
    EXPECT_EQ(market.watch.internals().n_coins, 1U);
}

}  // namespace
}  // namespace vt::engine
