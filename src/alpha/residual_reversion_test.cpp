#include "alpha/residual_reversion.hpp"

#include "alpha/test_facts.hpp"
#include "base/math.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::alpha {
namespace {

/// A walk whose own part X goes back to `level`: X' = X + (1 - 2^(-1/half_life)) (level - X) + noise.
test::Walk reverting_walk(std::uint64_t seed, std::size_t n, double half_life, double level = 0) {
    Prng prng(seed, "reverting walk");
    test::Walk walk;
    const double pull = 1 - std::exp2(-1 / half_life);
    double x = level;
    for (std::size_t i = 0; i < n; ++i) {
        const double step = pull * (level - x) + test::kOwnSd * prng.normal();
        x += step;
        walk.add(test::kBitcoinSd * prng.normal(), 1.3, step);
    }
    return walk;
}

TEST(ResidualReversion, ThePValueIsThatOfTheTables) {
    // MacKinnon 2010, a constant: 1 %, 5 % and 10 % of many observations.
    EXPECT_NEAR(dickey_fuller_p(-3.430), .01, 3e-4);
    EXPECT_NEAR(dickey_fuller_p(-2.862), .05, 1e-3);
    EXPECT_NEAR(dickey_fuller_p(-2.567), .10, 1e-3);
    EXPECT_NEAR(dickey_fuller_p(-1.6101), dickey_fuller_p(-1.6099), 2e-3) << "the two pieces meet";
    EXPECT_EQ(dickey_fuller_p(3), 1);
    EXPECT_EQ(dickey_fuller_p(-100), 0);
    for (double t = -18; t < 2.7; t += .05) EXPECT_LE(dickey_fuller_p(t), dickey_fuller_p(t + .05) + 1e-12) << t;
}

/// By hand: the sums of squares of the regression of each step on the level before it.
TEST(ResidualReversion, AgreesWithASlowReference) {
    const test::Walk walk = reverting_walk(3, 288, 8);
    const Bars bars = walk.bars(288);
    const auto found = measure_level(bars);
    ASSERT_TRUE(found);
    long double sx = 0, sy = 0, sxx = 0, sxy = 0;
    const auto n = static_cast<long double>(bars.size());
    for (std::size_t i = 0; i < bars.size(); ++i) {
        sx += bars.bitcoin[i];
        sy += bars.own[i];
        sxx += static_cast<long double>(bars.bitcoin[i]) * bars.bitcoin[i];
        sxy += static_cast<long double>(bars.bitcoin[i]) * bars.own[i];
    }
    const long double beta = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    EXPECT_NEAR(found->beta, static_cast<double>(beta), 1e-9);
    std::vector<long double> level{0};
    for (std::size_t i = 0; i < bars.size(); ++i)
        level.push_back(level.back() + bars.own[i] - beta * bars.bitcoin[i]);
    level.erase(level.begin());
    long double mx = 0, my = 0, xx = 0, xy = 0, ee = 0;
    const std::size_t m = level.size() - 1;
    for (std::size_t i = 0; i < m; ++i) {
        mx += level[i] / static_cast<long double>(m);
        my += (level[i + 1] - level[i]) / static_cast<long double>(m);
    }
    for (std::size_t i = 0; i < m; ++i) {
        xx += (level[i] - mx) * (level[i] - mx);
        xy += (level[i] - mx) * (level[i + 1] - level[i] - my);
    }
    const long double phi = xy / xx;
    const long double c = my - phi * mx;
    for (std::size_t i = 0; i < m; ++i) {
        const long double e = level[i + 1] - level[i] - c - phi * level[i];
        ee += e * e;
    }
    const long double noise = std::sqrt(ee / static_cast<long double>(m - 2));
    const long double sd = noise / std::sqrt(1 - (1 + phi) * (1 + phi));
    EXPECT_NEAR(found->distance, static_cast<double>((level.back() + c / phi) / sd), 1e-6);
    EXPECT_NEAR(found->half_life_bars, static_cast<double>(std::log(.5L) / std::log(1 + phi)), 1e-6);
    EXPECT_NEAR(found->t, static_cast<double>(phi / (noise / std::sqrt(xx))), 1e-6);
}

TEST(ResidualReversion, WhatIsGivenBackHalvesTheRestWithEachHalfLife) {
    const ResidualLevel above{.distance_bps = 80, .half_life_bars = 6};
    EXPECT_NEAR(above.given_back_bps(6), -40, 1e-9);
    EXPECT_NEAR(above.given_back_bps(18), -70, 1e-9);
    const ResidualLevel below{.distance_bps = -80, .half_life_bars = 6};
    EXPECT_NEAR(below.given_back_bps(6), 40, 1e-9);
}

TEST(ResidualReversion, APlantedLevelIsFound) {
    int found_of = 0;
    double half_lives = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const auto found = measure_level(reverting_walk(seed, 288, 6).bars(288));
        ASSERT_TRUE(found) << seed;
        half_lives += found->half_life_bars / 40;
        if (found->p <= .01) ++found_of;
    }
    EXPECT_GE(found_of, 32) << "of 40";
    EXPECT_GT(half_lives, 3.5) << "short of 6, as such estimates are";
    EXPECT_LT(half_lives, 7);
}

/// A walk has no level, but each sample of one looks a little as if it had: what the table allows for.
TEST(ResidualReversion, OfWalksNotMoreStandThanTheTableSays) {
    int at_5 = 0, at_1 = 0;
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
        const auto found = measure_level(test::plain_walk(seed, 288).bars(288));
        if (!found) continue;
        at_5 += found->p <= .05 ? 1 : 0;
        at_1 += found->p <= .01 ? 1 : 0;
    }
    RecordProperty("of_600_walks_at_5_percent", at_5);
    EXPECT_LE(at_5, 45) << "30 are expected, with a standard deviation of 5.3";
    EXPECT_LE(at_1, 14) << "6, 2.4";
}

TEST(ResidualReversion, FewBarsAndAnExactLineSayNothing) {
    const test::Walk walk = reverting_walk(1, 100, 6);
    EXPECT_FALSE(measure_level(walk.bars(kMinBars - 1)));
    EXPECT_TRUE(measure_level(walk.bars(kMinBars)));
    test::Walk exact;
    for (int i = 0; i < 100; ++i) exact.add(1e-3 * ((i * 7) % 11 - 5), 2, 0);
    EXPECT_FALSE(measure_level(exact.bars(100)));
    test::Walk still;
    for (int i = 0; i < 100; ++i) still.add(0, 1, 1e-4 * (i % 3));
    EXPECT_FALSE(measure_level(still.bars(100))) << "Bitcoin did not move";
}

}  // namespace
}  // namespace vt::alpha
