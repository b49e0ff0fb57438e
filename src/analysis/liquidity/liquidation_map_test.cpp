#include "analysis/liquidity/liquidation_map.hpp"

#include "analysis/archive.hpp"
#include "analysis/grid.hpp"
#include "base/math.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>

namespace vt::analysis::liquidity {
namespace {

constexpr Timestamp kStart = from_ms(1'700'438'400'000);
using std::chrono::hours;

/// Minutes of a market whose price and open interest are given.
class Market {
public:
    LiquidationMap map;
    Timestamp at = kStart;

    MinuteFeatures minute(double low, double high, double price, std::optional<double> open_interest) const {
        return {.start = at,
                .vwap_1m = price,
                .high_1m = high,
                .low_1m = low,
                .liq_long_notional_1m = 0,
                .liq_short_notional_1m = 0,
                .open_interest_close = open_interest};
    }
    void pass(const MinuteFeatures& minute) {
        map.close_minute(minute);
        at += kMinute;
    }
    void quiet(double price, double open_interest, int minutes = 1) {
        for (int i = 0; i < minutes; ++i) pass(minute(price, price, price, open_interest));
    }
    [[nodiscard]] double long_quote() const { return sum(&LiquidationMap::Level::long_quote); }
    [[nodiscard]] double short_quote() const { return sum(&LiquidationMap::Level::short_quote); }

private:
    [[nodiscard]] double sum(double LiquidationMap::Level::* side) const {
        double total = 0;
        for (const auto& level : map.levels()) total += level.*side;
        return total;
    }
};

TEST(LiquidationMap, WhatIsOpenedIsSpreadByLeverage) {
    Market market;
    market.quiet(1000, 500);
    EXPECT_TRUE(market.map.levels().empty()) << "what was open before is at nobody knows which price";
    market.quiet(1000, 600);
    ASSERT_EQ(market.map.levels().size(), 10U);
    EXPECT_NEAR(market.long_quote(), 100 * 1000, 1e-6);
    EXPECT_NEAR(market.short_quote(), 100 * 1000, 1e-6);
    const double wanted[] = {1000 * (1 - .2 + .005),  1000 * (1 - .1 + .005),  1000 * (1 - .04 + .005),
                             1000 * (1 - .02 + .005), 1000 * (1 - .01 + .005), 1000 * (1 + .01 - .005),
                             1000 * (1 + .02 - .005), 1000 * (1 + .04 - .005), 1000 * (1 + .1 - .005),
                             1000 * (1 + .2 - .005)};
    for (std::size_t i = 0; i < 10; ++i) {
        const auto& level = market.map.levels()[i];
        EXPECT_NEAR(LiquidationMap::price_of(level) / wanted[i], 1, LiquidationMap::kLevelWidth / 2 + 1e-9);
        const std::size_t leverage = i < 5 ? i : 9 - i;
        EXPECT_NEAR(i < 5 ? level.long_quote : level.short_quote, 1e5 * LiquidationMap::kShares[leverage], 1e-6);
        EXPECT_EQ(i < 5 ? level.short_quote : level.long_quote, 0);
    }
    EXPECT_NEAR(market.map.explained_share().value(), 100.0 / 600, 1e-9);
    double shares = 0;
    for (const double share : LiquidationMap::kShares) shares += share;
    EXPECT_NEAR(shares, 1, 1e-12);
}

TEST(LiquidationMap, APriceThatPassesTakesTheLevelsWithIt) {
    Market market;
    market.quiet(1000, 500);
    market.quiet(1000, 600);
    market.pass(market.minute(983, 1001, 990, 600));  // through 100x and 50x longs
    EXPECT_NEAR(market.long_quote(), 1e5 * .8, 200);
    EXPECT_NEAR(market.short_quote(), 1e5, 200);
    market.pass(market.minute(983, 1200, 1100, 600));  // and every short
    EXPECT_EQ(market.short_quote(), 0);
}

TEST(LiquidationMap, PositionsThatCloseAndTimeThinTheMap) {
    Market market;
    market.quiet(1000, 500);
    market.quiet(1000, 600);
    market.quiet(1000, 300);
    EXPECT_NEAR(market.long_quote(), 1e5 / 2, 50);
    market.quiet(1000, 300, 24 * 60);
    EXPECT_NEAR(market.long_quote(), 1e5 / 4, 50);
    EXPECT_NEAR(market.map.explained_share().value(), 25.0 / 300, 1e-3);
}

TEST(LiquidationMap, TimeThinsTheMapAlsoWhereNobodyLooked) {
    Market market;
    market.quiet(1000, 500);
    market.quiet(1000, 600);
    market.at += hours{12};
    market.quiet(1000, 600);
    EXPECT_NEAR(market.long_quote(), 1e5 / std::sqrt(2), 100);
    for (int i = 0; i < 12 * 60; ++i) market.pass({.start = market.at});  // minutes without a price
    market.quiet(1000, 600);
    EXPECT_NEAR(market.long_quote(), 1e5 / 2, 100);
}

TEST(LiquidationMap, AHoleOpensNothingAndEndsWhatIsWatched) {
    Market market;
    market.quiet(1000, 500);
    market.quiet(1000, 600);
    market.quiet(1000, 600, 60);
    market.at += 5 * kMinute;
    market.quiet(1000, 900);  // three hundred coins were opened, at an unknown price
    EXPECT_NEAR(market.long_quote(), 1e5, 5e3);
    market.pass(market.minute(900, 1000, 950, 900));
    market.quiet(950, 900, 5);
    EXPECT_EQ(market.map.announced().reached, 0);
}

TEST(LiquidationMap, AWindowInWhichLiquidationsAreNotSeenProvesNothing) {
    for (const bool is_seen : {true, false}) {
        Market market;
        market.quiet(1000, 500);
        market.quiet(1000, 600);
        market.quiet(1000, 600, 60);
        for (int i = 0; i < 3; ++i) {
            MinuteFeatures minute = market.minute(970, 1000, 975, 600);
            if (i == 0) minute.liq_long_notional_1m = 5e4;
            if (i == 1 && !is_seen) minute.liq_long_notional_1m.reset();
            market.pass(minute);
        }
        EXPECT_EQ(market.map.announced().reached, is_seen ? 2 : 0) << "100x and 50x; shorts were not reached";
        EXPECT_EQ(market.map.announced().hits, is_seen ? 2 : 0);
        EXPECT_EQ(market.map.announced().liquidated_quote, is_seen ? 1e5 : 0);
    }
}

/// A random market. Now and then many open at once. `is_true`: positions end where the method says, and are
/// liquidated then; else as many minutes have liquidations, but anywhere.
LiquidationMap random_market(std::uint64_t seed, bool is_true) {
    Prng prng(seed, "liquidations");
    Market market;
    double log_price = math::log(1000.0);
    double open_interest = 1e4;
    std::multimap<double, double> longs, shorts;  // price at which they end, quantity
    for (int i = 0; i < 30 * 1440; ++i) {
        const double before = math::exp(log_price);
        log_price += 0.0008 * prng.normal();
        const double price = math::exp(log_price);
        const double low = std::min(before, price) * (1 - 0.0003 * prng.uniform());
        const double high = std::max(before, price) * (1 + 0.0003 * prng.uniform());
        MinuteFeatures minute = market.minute(low, high, price, std::nullopt);
        double ended = 0;
        while (!longs.empty() && longs.rbegin()->first >= low) {
            minute.liq_long_notional_1m = *minute.liq_long_notional_1m + longs.rbegin()->second * price;
            ended += longs.rbegin()->second;
            longs.erase(std::prev(longs.end()));
        }
        while (!shorts.empty() && shorts.begin()->first <= high) {
            minute.liq_short_notional_1m = *minute.liq_short_notional_1m + shorts.begin()->second * price;
            ended += shorts.begin()->second;
            shorts.erase(shorts.begin());
        }
        open_interest -= ended / 2;
        if (prng.below(240) == 0) {
            const double quantity = 1000 * prng.exponential();
            open_interest += quantity;
            for (std::size_t k = 0; k < LiquidationMap::kLeverages.size(); ++k) {
                const double distance = 1 / LiquidationMap::kLeverages[k] - LiquidationMap::kMaintenanceMargin;
                longs.emplace(price * (1 - distance), quantity * LiquidationMap::kShares[k]);
                shorts.emplace(price * (1 + distance), quantity * LiquidationMap::kShares[k]);
            }
        }
        if (!is_true) {
            minute.liq_long_notional_1m = prng.below(4) == 0 ? 1e4 : 0.0;
            minute.liq_short_notional_1m = prng.below(4) == 0 ? 1e4 : 0.0;
        }
        minute.open_interest_close = open_interest;
        market.pass(minute);
    }
    return market.map;
}

TEST(LiquidationMap, LevelsThatAreTrueAreHitMoreOftenThanThePlacebo) {
    const LiquidationMap map = random_market(1, true);
    ASSERT_GT(map.announced().reached, 100);
    ASSERT_GT(map.placebo().reached, 30);
    EXPECT_GT(LiquidationMap::hit_rate(map.announced()).lower, LiquidationMap::hit_rate(map.placebo()).upper)
        << map.announced().hits << "/" << map.announced().reached << " against " << map.placebo().hits << "/"
        << map.placebo().reached;
    std::printf("levels that are true: hit %g of %g, placebo %g of %g\n", map.announced().hits,
                map.announced().reached, map.placebo().hits, map.placebo().reached);
}

/// The control: a market in which liquidations happen anywhere.
TEST(LiquidationMap, LevelsThatMeanNothingAreHitAsOftenAsThePlacebo) {
    const LiquidationMap map = random_market(2, false);
    ASSERT_GT(map.announced().reached, 100);
    const auto announced = LiquidationMap::hit_rate(map.announced());
    const auto placebo = LiquidationMap::hit_rate(map.placebo());
    EXPECT_LT(announced.lower, placebo.upper);
    EXPECT_LT(placebo.lower, announced.upper);
    EXPECT_NEAR(map.announced().hits / map.announced().reached, 1 - .75 * .75, .12);
}

TEST(LiquidationMap, SavedAndLoadedItGoesOnTheSame) {
    Prng prng(9, "saved");
    Market one;
    for (int i = 0; i < 200; ++i) one.quiet(1000 * math::exp(0.01 * prng.normal()), 500 + 10 * i);
    std::string bytes;
    StateWriter writer(bytes);
    writer(one.map);
    Market other;
    StateReader reader(bytes);
    reader(other.map);
    ASSERT_FALSE(reader.failed());
    other.at = one.at;
    for (int i = 0; i < 200; ++i) {
        const double price = 1000 * math::exp(0.03 * prng.normal());
        one.quiet(price, 2500 + i);
        other.quiet(price, 2500 + i);
    }
    std::string after_one, after_other;
    StateWriter write_one(after_one), write_other(after_other);
    write_one(one.map);
    write_other(other.map);
    EXPECT_EQ(after_one, after_other);
    EXPECT_GT(one.map.announced().reached, 0);
    for (const std::size_t size : {bytes.size() / 3, bytes.size() - 1}) {
        StateReader torn(std::string_view(bytes).substr(0, size));
        LiquidationMap map;
        torn(map);
        EXPECT_TRUE(torn.failed());
    }
}

TEST(LiquidationMap, StaysWithinItsLimits) {
    Prng prng(10, "limits");
    Market market;
    for (int i = 0; i < 5000; ++i) market.quiet(1000 * math::exp(0.3 * prng.normal()), 1e4 * prng.uniform());
    EXPECT_LE(market.map.levels().size(), LiquidationMap::kMaxLevels);
    EXPECT_LE(market.map.explained_share().value(), 1);
    Market empty;
    empty.pass({.start = kStart, .is_missing = true});
    EXPECT_TRUE(empty.map.levels().empty());
    EXPECT_FALSE(empty.map.explained_share());
}

}  // namespace
}  // namespace vt::analysis::liquidity
