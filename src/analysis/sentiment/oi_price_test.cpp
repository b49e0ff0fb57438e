#include "analysis/sentiment/oi_price.hpp"

#include "analysis/sentiment/test_rig.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vt::analysis::sentiment {
namespace {

using namespace test;

TEST(OiPrice, EqualsV3) {
    const ScoreMap map{.kind = MapKind::lb};
    const auto score = [&](double z_return, double z_interest) {
        return *score_of(map, quadrant_strength(z_return, z_interest));
    };
    EXPECT_NEAR(score(1, 1), 66.891736, 5e-7);
    EXPECT_NEAR(score(1, -1), 56.214122, 5e-7);
    EXPECT_NEAR(score(-1, 1), 33.108264, 5e-7);
    EXPECT_NEAR(score(-1, -1), 43.785878, 5e-7);
}

TEST(OiPrice, EqualsPlainLoopsOverTheMinutes) {
    Rig rig;
    RandomMarket market(1);
    int compared = 0;
    for (int minute = 0; minute < 14 * 60; ++minute) {
        market.minute(rig);
        if (minute % 7 != 0) continue;
        for (const std::size_t f : {std::size_t{0}, std::size_t{1}}) {
            const Leaf& leaf = rig.leaf(oi_price, f);
            const auto z_return = RandomMarket::z(market.price, rig.u, duration(leaf.frame));
            const auto z_interest = RandomMarket::z(market.interest, rig.u, duration(leaf.frame));
            ASSERT_EQ(leaf.value.has_value(), z_return && z_interest) << minute;
            if (!leaf.value) continue;
            ASSERT_NEAR(*leaf.value, quadrant_strength(*z_return, *z_interest), 1e-6) << minute;
            EXPECT_EQ(leaf.score.has_value(), leaf.n >= leaf.n_min);
            if (leaf.score) {
                EXPECT_NEAR(*leaf.score, 50 + 50 * quadrant_strength(*z_return, *z_interest), 1e-4);
            }
            ++compared;
        }
    }
    EXPECT_GT(compared, 200);
    EXPECT_TRUE(rig.leaf(oi_price, 0).score.has_value());
    EXPECT_TRUE(rig.leaf(oi_price, 1).score.has_value());
    EXPECT_TRUE(rig.leaf(oi_price, 2).flags.has(Flag::warming));
    EXPECT_GT(*rig.leaf(oi_price, 2).ready_in, hours{48});
}

/// A state of another session goes on at other prices and with other coins open: its past counts, the step does not.
TEST(OiPrice, AnotherSessionGoesOnWithoutAStep) {
    Rig one, other;
    RandomMarket market(3), same(3);
    for (int minute = 0; minute < 6 * 60; ++minute) {
        market.minute(one);
        same.minute(other);
    }
    other.sentiment.join_to_next_prices();
    other.mid = *other.mid * 1.06;
    other.ticker.open_interest_base = *other.ticker.open_interest_base * .5;
    other.run(seconds{30});
    EXPECT_FALSE(other.leaf(oi_price, 0).value.has_value()) << "not known before its first minute is over";
    other.run(seconds{30});
    one.minute(0);
    for (int minute = 0; minute < 60; ++minute) {
        for (const std::size_t f : {std::size_t{0}, std::size_t{1}}) {
            ASSERT_TRUE(one.leaf(oi_price, f).value.has_value());
            ASSERT_TRUE(other.leaf(oi_price, f).value.has_value()) << minute;
            EXPECT_NEAR(*other.leaf(oi_price, f).value, *one.leaf(oi_price, f).value, 1e-6) << minute;
        }
        market.minute(one);
        same.minute(other);
    }
}

TEST(OiPrice, TheVenuesHistoryWarmsItAndSaysSo) {
    Rig rig;
    Prng prng(2);
    double price = 100;
    double interest = 1e6;
    std::vector<std::pair<Timestamp, double>> closes;
    for (int i = 200; i >= 0; --i) {
        const Timestamp at = kStart - i * minutes{5};
        rig.sentiment.on_open_interest(at, interest *= std::exp(1e-3 * prng.normal()));
        closes.emplace_back(at, price *= std::exp(1e-3 * prng.normal()));
    }
    for (const auto& [end, close] : closes) {
        rig.sentiment.on_candle({.open_time = end - minutes{5},
                                 .interval = minutes{5},
                                 .open = close,
                                 .high = close,
                                 .low = close,
                                 .close = close,
                                 .is_closed = true});
    }
    rig.mid = price;
    rig.ticker.open_interest_base = interest;
    rig.second();
    const Leaf& leaf = rig.leaf(oi_price, 0);
    EXPECT_EQ(leaf.n, 199U);
    ASSERT_TRUE(leaf.score);
    EXPECT_TRUE(leaf.flags.has(Flag::kline_based));
    EXPECT_NEAR(leaf.coverage, 0.7, 1e-12);
    EXPECT_EQ(*leaf.age, Nanos{seconds{1}});  // of the venue's last sample
    EXPECT_EQ(rig.leaf(oi_price, 1).n, 32U);
    EXPECT_TRUE(rig.leaf(oi_price, 1).score);
    // Its own minutes take over: after five of them nothing of the history is in the window.
    rig.run(minutes{11});
    EXPECT_FALSE(rig.leaf(oi_price, 0).flags.has(Flag::kline_based));
    EXPECT_NEAR(rig.leaf(oi_price, 0).coverage, 1, 1e-12);
    EXPECT_TRUE(rig.leaf(oi_price, 1).flags.has(Flag::kline_based));
    // A late answer of the venue about a minute that was seen changes nothing, one about a minute that was not does.
    rig.ticker.open_interest_base.reset();
    rig.run(minutes{6});  // 11 to 17 minutes after the start
    rig.ticker.open_interest_base = interest;
    const auto after = [&](std::optional<Timestamp> late) {
        Rig told = rig;
        if (late) {
            told.sentiment.on_open_interest(*late, 5e6);
            told.sentiment.on_candle(
                {.open_time = *late - minutes{5}, .interval = minutes{5}, .close = 500, .is_closed = true});
        }
        told.run(minutes{30});
        return told.text();
    };
    EXPECT_EQ(after(kStart + minutes{5}), after(std::nullopt));
    EXPECT_NE(after(kStart + minutes{15}), after(std::nullopt));
}

TEST(OiPrice, WithoutATickerThePolledHistorySpeaksAndAges) {
    Rig rig;
    rig.ticker.open_interest_base.reset();
    Prng prng(3);
    const auto step = [&] {
        const Timestamp at = floor_to(rig.u, minutes{5});
        rig.sentiment.on_candle({.open_time = at - minutes{5},
                                 .interval = minutes{5},
                                 .close = 100 * std::exp(1e-3 * prng.normal()),
                                 .is_closed = true});
        rig.run(seconds{100});  // the venue's sample comes a while after its time
        rig.sentiment.on_open_interest(at, 1e6 * std::exp(1e-3 * prng.normal()));
        rig.run(seconds{200});
    };
    for (int i = 0; i < 80; ++i) step();
    const Leaf& leaf = rig.leaf(oi_price, 0);
    ASSERT_TRUE(leaf.score);
    EXPECT_EQ(*leaf.age, Nanos{seconds{300}});
    EXPECT_NEAR(leaf.coverage, 0.7, 1e-12);  // 600 s are free
    rig.run(seconds{2100});
    EXPECT_NEAR(leaf.coverage, 0.7 * std::exp(-1.0), 1e-9);  // 2400 s old: (2400 - 600)/1800
    rig.run(seconds{5400});
    EXPECT_FALSE(leaf.score);
    EXPECT_TRUE(leaf.flags.has(Flag::stale));
}

}  // namespace
}  // namespace vt::analysis::sentiment
