// Planted truths that sentiment must see, and beside each the market without it.

#include "analysis/sentiment/test_rig.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>

namespace vt::analysis::sentiment {
namespace {

using namespace test;

void ordinary_minute(Rig& rig, Prng& prng, double drift = 0, double interest_drift = 0) {
    rig.minute(drift + 6e-4 * prng.normal(), interest_drift + 2e-4 * prng.normal());
}

/// QUAD: 30 minutes each of price and open interest up/up, down/up, up/down, down/down; price by two thirds of a
/// minute's standard deviation a minute, open interest by 6 % an hour.
std::array<double, 4> quadrants(double price_drift, double interest_drift) {
    Rig rig;
    Prng prng(21);
    for (int i = 0; i < 26 * 60; ++i) ordinary_minute(rig, prng);
    std::array<double, 4> scores{};
    for (std::size_t phase = 0; phase < scores.size(); ++phase) {
        const double price = phase % 2 == 0 ? price_drift : -price_drift;
        const double interest = phase < 2 ? interest_drift : -interest_drift;
        for (int i = 0; i < 30; ++i) ordinary_minute(rig, prng, price, interest);
        scores[phase] = rig.component(oi_price).score.value_or(-1);
    }
    return scores;
}

TEST(QuadTest, OpenInterestSaysWhetherAMoveOpensOrCloses) {
    const auto [up_up, down_up, up_down, down_down] = quadrants(4e-4, 1e-3);
    EXPECT_GT(up_up, 65);
    EXPECT_LT(down_up, 35);
    EXPECT_GE(up_down, 50);
    EXPECT_LE(up_down, 62);
    EXPECT_GE(down_down, 38);
    EXPECT_LE(down_down, 50);
}

TEST(QuadTest, AMarketWithoutAnEdgeAveragesFifty) {
    Rig rig;
    Prng prng(22);
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int i = 0; i < 60 * 60; ++i) {
        ordinary_minute(rig, prng);
        const auto& score = rig.leaf(oi_price).score;
        if (!score || i % 5 != 4) continue;
        sum += *score - 50;
        squares += (*score - 50) * (*score - 50);
        ++n;
    }
    ASSERT_GT(n, 600);
    EXPECT_LT(std::abs(sum / n), 4 * std::sqrt(squares / n) / std::sqrt(n));
}

/// FUND: crowding lifts the premium within an hour; the estimate of the interval follows.
struct Funded {
    double percentile = 0;
    std::optional<double> score;
    double coverage = 0;
};
Funded crowd(double excess) {
    Rig rig;
    Prng prng(23);
    rig.ratios(150, prng);
    for (int i = 0; i < 90 * 60; ++i) {
        const double ramp = std::clamp((i - 89 * 60) / 55.0, 0.0, 1.0);
        rig.ticker.funding_rate = 1e-4 + 2e-5 * prng.normal() + excess * ramp;
        if (i % 60 == 0) {
            const double share = .5 + .02 * prng.normal();
            rig.sentiment.on_long_short_ratio(rig.u, {share, 1 - share});
        }
        ordinary_minute(rig, prng);
    }
    return {.percentile = *rig.leaf(funding).score,
            .score = rig.sentiment.score().score,
            .coverage = rig.sentiment.score().coverage};
}

TEST(FundTest, CrowdedLongsShowInTheExcessAndDoNotMoveTheScore) {
    const Funded crowded = crowd(6e-4);
    const Funded control = crowd(0);
    EXPECT_GT(crowded.percentile, 98);
    EXPECT_LT(control.percentile, 98);
    ASSERT_TRUE(crowded.score);
    EXPECT_EQ(crowded.score, control.score) << "weight 0 until it has earned one";
    EXPECT_EQ(crowded.coverage, control.coverage);
}

/// CASC: the price falls by four standard deviations of a minute, longs are liquidated, open interest goes with them.
struct Cascaded {
    std::optional<Cascade> cascade;
    double imbalance = 0;
    double longs = 0, shorts = 0;
};
struct Fall {
    double sigmas = 4;
    int liquidations_per_second = 4;
    double interest_lost = .03;
    bool is_long = true;
};
Cascaded fall(const Fall& how) {
    Rig rig;
    Prng prng(24);
    for (int i = 0; i < 4 * 60; ++i) {
        if (prng.uniform() < .2) rig.liquidate(prng.uniform() < .5, 2e3 * prng.exponential());
        ordinary_minute(rig, prng);
    }
    EXPECT_FALSE(rig.sentiment.facts().cascade);
    rig.mid = *rig.mid * std::exp((how.is_long ? -1 : 1) * how.sigmas * 6e-4);
    Cascaded result;
    for (int i = 0; i < 60; ++i) {
        rig.ticker.open_interest_base = *rig.ticker.open_interest_base * std::exp(-how.interest_lost / 60);
        for (int k = 0; k < how.liquidations_per_second; ++k) {
            const double quote = 2e4 * prng.exponential();
            const bool is_long = prng.uniform() < .97 ? how.is_long : !how.is_long;
            (is_long ? result.longs : result.shorts) += quote;
            rig.liquidate(is_long, quote);
        }
        rig.second();
    }
    result.cascade = rig.sentiment.facts().cascade;
    result.imbalance = *rig.leaf(liquidations).value;
    return result;
}

TEST(CascTest, ACascadeIsFoundWithinAMinuteOnEitherSide) {
    const Cascaded down = fall({});
    ASSERT_TRUE(down.cascade);
    EXPECT_LE(down.cascade->began_at, kStart + hours{4} + minutes{1});
    EXPECT_EQ(down.cascade->side, market::LiquidatedSide::long_position);
    EXPECT_GT(down.longs, 10 * down.shorts);
    EXPECT_LT(down.cascade->interest_change, -.02);
    EXPECT_LT(down.cascade->return_sigmas, -3);
    EXPECT_GT(down.cascade->count, down.cascade->usual_count + 4 * down.cascade->usual_deviation);
    EXPECT_LT(down.imbalance, -.8);

    const Cascaded up = fall({.is_long = false});
    ASSERT_TRUE(up.cascade);
    EXPECT_EQ(up.cascade->side, market::LiquidatedSide::short_position);
    EXPECT_GT(up.imbalance, .8);
}

TEST(CascTest, EachOfTheThreeConditionsIsNeeded) {
    EXPECT_FALSE(fall({.sigmas = .5}).cascade) << "no move";
    EXPECT_FALSE(fall({.liquidations_per_second = 0}).cascade) << "nobody liquidated";
    EXPECT_FALSE(fall({.interest_lost = .002}).cascade) << "positions stayed";
}

}  // namespace
}  // namespace vt::analysis::sentiment
