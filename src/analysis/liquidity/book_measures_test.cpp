#include "analysis/liquidity/book_measures.hpp"

#include "analysis/liquidity/book_slope.hpp"
#include "analysis/liquidity/test_bars.hpp"
#include "analysis/liquidity/test_rig.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

using namespace std::chrono_literals;
using market::Level;
using market::Side;

/// The book of the published vector: tick .1, lot .001.
struct VectorBook {
    market::Instrument units = test::rig_instrument();
    market::OrderBook book{4096};
    VectorBook() {
        const auto level = [](double price, double base) {
            return Level{Ticks{std::llround(price * 10)}, Lots{std::llround(base * 1000)}};
        };
        const std::vector<Level> bids{level(99.9, 10), level(99.8, 20), level(99.5, 30), level(99.0, 50)};
        const std::vector<Level> asks{level(100.1, 5), level(100.2, 15), level(100.6, 40), level(101.0, 60)};
        EXPECT_EQ(book.apply({.is_snapshot = true, .depth = 50, .bids = bids, .asks = asks}),
                  market::ApplyResult::applied);
    }
    [[nodiscard]] BookFrame frame() const { return {.time = test::kStart, .book = book, .instrument = units}; }
    [[nodiscard]] BookRange range() const { return BookRange(frame(), test::kStart); }
};

TEST(BookSlope, Vectors) {
    const VectorBook look;
    EXPECT_NEAR(*book_slope(look.frame(), look.range(), Side::buy, 1000), 1.0714285714285694, 1e-11);
    EXPECT_NEAR(*book_slope(look.frame(), look.range(), Side::sell, 1000), 1.2438423645320194, 1e-11);
    EXPECT_NEAR(*book_elasticity(look.frame(), look.range(), Side::buy, 1000), 719.1214, 1e-4);
    EXPECT_NEAR(*book_elasticity(look.frame(), look.range(), Side::sell, 1000), 651.5236, 1e-4);
    const double mean = (*book_elasticity(look.frame(), look.range(), Side::buy, 1000) +
                         *book_elasticity(look.frame(), look.range(), Side::sell, 1000)) /
                        2;
    EXPECT_NEAR(mean, 685.3225, 1e-4);
}

TEST(BookSlope, NeedsTwoLevels) {
    const VectorBook look;
    EXPECT_FALSE(book_slope(look.frame(), look.range(), Side::buy, 10).has_value());
    EXPECT_TRUE(book_slope(look.frame(), look.range(), Side::buy, 20).has_value());
    EXPECT_TRUE(book_elasticity(look.frame(), look.range(), Side::buy, 10).has_value());
    EXPECT_FALSE(book_elasticity(look.frame(), look.range(), Side::buy, 9).has_value());
}

TEST(BookMeasures, ShapeOfTheVectorBook) {
    const VectorBook look;
    const BookShape shape = shape_of(look.frame(), look.range());
    EXPECT_NEAR(*shape.spread_bps, 20, 1e-12);
    EXPECT_NEAR(100 * (1 + *shape.microprice_bps / 1e4), 100.03333333333333, 1e-12);
    EXPECT_NEAR(*shape.rank_imbalance, 0.024531300070698002, 1e-14);
    // 1 000: 5 coins at 100.1 for 500.5, the rest at 100.2.
    const double base = 5 + 499.5 / 100.2;
    EXPECT_NEAR(*shape.impact_buy_bps[0], 1e4 * (1000 / base / 100 - 1), 1e-9);
    EXPECT_TRUE(shape.impact_buy_bps[1].has_value());
    EXPECT_FALSE(shape.impact_buy_bps[2].has_value()) << "12 087.5 is all there is";
    EXPECT_FALSE(shape.impact_sell_bps[3].has_value());
    EXPECT_LT(*shape.impact_buy_bps[0], *shape.impact_buy_bps[1]);
}

const Measure& row(const std::vector<Measure>& rows, std::string_view name) {
    for (const Measure& measure : rows) {
        if (measure.name == name) return measure;
    }
    ADD_FAILURE() << "no row " << name;
    return rows.front();
}

TEST(BookMeasures, RowsSayHowOldAndHowSureTheyAre) {
    const VectorBook look;
    const BookFrame frame = look.frame();
    const BookRange range = look.range();
    BookMeasures measures;
    measures.evaluate(test::kStart, {});
    for (const Measure& measure : measures.rows()) {
        EXPECT_FALSE(measure.value.has_value());
        EXPECT_TRUE(measure.flags.has(Flag::no_input)) << measure.name;
    }
    measures.sample(test::kStart, &frame, &range, 100);
    measures.evaluate(test::kStart + 30s, {Flag::conflated});
    EXPECT_NEAR(*row(measures.rows(), "spread").value, 20, 1e-12);
    EXPECT_NEAR(row(measures.rows(), "spread").coverage, .9, 1e-12);
    EXPECT_EQ(row(measures.rows(), "spread").age, Nanos{30s});
    EXPECT_TRUE(row(measures.rows(), "impact_buy_1m").flags.has(Flag::not_covered));
    EXPECT_EQ(row(measures.rows(), "impact_buy_1m").coverage, 0);
    measures.evaluate(test::kStart + 150s, {});
    EXPECT_NEAR(row(measures.rows(), "spread").coverage, std::exp(-60.0 / 120), 1e-12);
    measures.evaluate(test::kStart + 10min, {});
    EXPECT_FALSE(row(measures.rows(), "spread").value.has_value());
    EXPECT_TRUE(row(measures.rows(), "spread").flags.has(Flag::stale));
}

TEST(BookMeasures, CostsOfBarsEqualTheirDefinition) {
    const auto candles = test::random_walk(11, 400, 10'000, 3);
    BarHistory bars;
    for (market::Candle candle : candles) {
        candle.turnover_quote = 2e6;
        bars.put(candle);
    }
    const Timestamp last = candles.back().open_time + 5min;
    const BarCosts costs = costs_of(bars, last);
    EXPECT_EQ(costs.bars, 288U);
    double sum = 0;
    for (std::size_t i = 400 - 287; i < 400; ++i)
        sum += std::abs(1e4 * std::log(candles[i].close / candles[i - 1].close)) / 2;
    EXPECT_NEAR(costs.amihud_bps_per_musd.value(), sum / 287, 1e-9);
    EXPECT_TRUE(costs.roll_spread_bps.has_value());
    EXPECT_FALSE(costs_of(bars, candles[100].open_time).amihud_bps_per_musd.has_value()) << "less than half a day";
}

TEST(Resilience, FindsTheHalfLifeOfRefills) {
    Resilience resilience;
    const auto shock = [&](double half_life) {
        for (int i = 0; i < 60; ++i) resilience.add(100);
        for (int t = 0; t < 61; ++t) resilience.add(100 * (1 - .6 * std::exp2(-t / half_life)));
    };
    for (int i = 0; i < 19; ++i) shock(5);
    EXPECT_FALSE(resilience.half_life_s().has_value()) << "20 shocks are needed";
    for (int i = 0; i < 12; ++i) shock(10);
    ASSERT_TRUE(resilience.half_life_s().has_value());
    EXPECT_EQ(resilience.shocks(), 31U);
    EXPECT_NEAR(resilience.half_life_s()->median, 5, .01);
    EXPECT_NEAR(resilience.half_life_s()->upper_quartile, 10, .01);
}

TEST(Resilience, SmallFallsAreNoShocksAndWhatNeverComesBackIsSixty) {
    Resilience resilience;
    for (int i = 0; i < 2000; ++i) resilience.add(i % 60 < 55 ? 100 : 71);
    EXPECT_EQ(resilience.shocks(), 0U);
    Resilience dead;
    for (int shock = 0; shock < 20; ++shock) {
        for (int i = 0; i < 40; ++i) dead.add(100);
        for (int i = 0; i < 60; ++i) dead.add(50);
    }
    ASSERT_TRUE(dead.half_life_s().has_value());
    EXPECT_EQ(dead.half_life_s()->median, 60);
}

TEST(Resilience, AnUnknownDepthEndsTheRecovery) {
    Resilience resilience;
    for (int shock = 0; shock < 30; ++shock) {
        for (int i = 0; i < 40; ++i) resilience.add(100);
        resilience.add(50);
        resilience.add(std::nullopt);
    }
    EXPECT_EQ(resilience.shocks(), 0U);
}

}  // namespace
}  // namespace vt::analysis::liquidity
