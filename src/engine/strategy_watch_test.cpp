#include "engine/strategy_watch.hpp"

#include "base/math.hpp"
#include "base/prng.hpp"
#include "engine/test_listed.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vt::engine {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kBarsEnd = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC
constexpr Timestamp kMeasured = kBarsEnd + StrategyWatch::kMeasuredAfter;

market::Candle bar(Timestamp open_time, Nanos interval, double log_return) {
    return {.open_time = open_time,
            .interval = interval,
            .open = 100,
            .high = 110,
            .low = 90,
            .close = 100 * math::exp(log_return),
            .is_closed = true};
}

/// Bitcoin and coins that follow it with beta 1.3, with full windows of candles that end at kBarsEnd.
std::vector<std::unique_ptr<Symbol>> market_of(const std::vector<std::string>& coins) {
    std::vector<std::unique_ptr<Symbol>> all;
    all.push_back(std::make_unique<Symbol>(listed_perpetual(0, "BTC"), confluence::Params{}));
    for (std::size_t i = 0; i < coins.size(); ++i) {
        all.push_back(std::make_unique<Symbol>(listed_perpetual(static_cast<std::uint32_t>(i + 1), coins[i]),
                                               confluence::Params{}));
        for (const auto& [interval, count] : {std::pair{Nanos{5min}, 288}, std::pair{Nanos{30min}, 336}}) {
            Prng bitcoin(5, "bitcoin");
            Prng own(7 + i, coins[i]);
            for (int n = count; n > 0; --n) {
                const double x = 1e-3 * bitcoin.normal();
                const double y = 1.3 * x + 1e-3 * own.normal();
                const Timestamp open = kBarsEnd - interval * n;
                all.back()->analysis().on_bitcoin_candle(bar(open, interval, y), bar(open, interval, x));
            }
        }
    }
    return all;
}

TEST(StrategyWatch, MeasuresEveryInstrumentOnceInFiveMinutes) {
    const auto all = market_of({"ETH", "SOL", "ADA", "SUI"});
    StrategyWatch watch{alpha::Params{}};
    watch.refresh(market::Venue::bybit, kMeasured - 1s, all);
    EXPECT_FALSE(watch.facts(*all[1], kMeasured, 10).measured.level) << "not yet its second";
    watch.refresh(market::Venue::binance, kMeasured, all);
    EXPECT_FALSE(watch.facts(*all[1], kMeasured, 10).measured.momentum) << "another venue";
    watch.refresh(market::Venue::bybit, kMeasured, all);
    for (std::size_t i = 1; i < all.size(); ++i) {
        const alpha::Facts facts = watch.facts(*all[i], kMeasured, 10);
        EXPECT_TRUE(facts.is_applicable);
        ASSERT_TRUE(facts.measured.momentum) << i;
        ASSERT_TRUE(facts.measured.correlation) << i;
        ASSERT_TRUE(facts.measured.sector) << i << ": three others of layer_1";
        EXPECT_NEAR(facts.measured.momentum->beta, 1.3, .2);
        EXPECT_NEAR(facts.measured.correlation->coverage, .7, 1e-9) << "candles";
        EXPECT_GE(facts.measured.correlation->q.value(), facts.measured.correlation->p) << "corrected for the others";
        EXPECT_EQ(facts.measured.sector->coins, 3U);
        EXPECT_EQ(facts.round_trip_bps, 10);
        EXPECT_FALSE(facts.lead_lag) << "seconds were never seen";
        EXPECT_FALSE(facts.lead_q);
    }
    const alpha::Facts bitcoin = watch.facts(*all[0], kMeasured, 10);
    EXPECT_FALSE(bitcoin.is_applicable);
    EXPECT_FALSE(bitcoin.measured.momentum);
}

TEST(StrategyWatch, OldBarsFade) {
    const auto all = market_of({"ETH"});
    StrategyWatch watch{alpha::Params{}};
    watch.refresh(market::Venue::bybit, kMeasured + 2h, all);
    const double faded = watch.facts(*all[1], kMeasured + 2h, 10).measured.correlation.value().coverage;
    EXPECT_GT(faded, 0);
    EXPECT_LT(faded, .2) << "bars of five minutes, two hours old";
    watch.refresh(market::Venue::bybit, kMeasured + 24h, all);
    EXPECT_EQ(watch.facts(*all[1], kMeasured + 24h, 10).measured.correlation.value().coverage, 0);
}

TEST(StrategyWatch, OfACoinsMarketsOneSpeaksInItsSector) {
    auto all = market_of({"ETH", "SOL", "ADA", "SUI"});
    market::Instrument second = listed_perpetual(5, "SOL");
    second.symbol = "SOLUSDC";
    second.quote = second.settle = "USDC";
    all.push_back(std::make_unique<Symbol>(second, confluence::Params{}));
    Prng prng(1, "second");
    for (int n = 288; n > 0; --n) {
        const Timestamp open = kBarsEnd - n * Nanos{5min};
        const double x = 1e-3 * prng.normal();
        all[5]->analysis().on_bitcoin_candle(bar(open, 5min, 1.3 * x + 1e-3 * prng.normal()), bar(open, 5min, x));
    }
    StrategyWatch watch{alpha::Params{}};
    watch.refresh(market::Venue::bybit, kMeasured, all);
    EXPECT_EQ(watch.facts(*all[1], kMeasured, 10).measured.sector.value().coins, 3U);
    EXPECT_EQ(watch.facts(*all[5], kMeasured, 10).measured.sector.value().coins, 3U) << "of itself it is no other";
}

}  // namespace
}  // namespace vt::engine
