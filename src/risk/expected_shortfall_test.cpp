#include "risk/expected_shortfall.hpp"

#include "base/math.hpp"
#include "base/prng.hpp"
#include "risk/test_trade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace vt::risk {
namespace {

constexpr std::int64_t kFirstInterval = 980'000;

std::vector<PastReturn> returns_of(std::size_t count, double size) {
    std::vector<PastReturn> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({kFirstInterval + static_cast<std::int64_t>(i), i % 2 == 0 ? size : -size});
    return all;
}

/// Tails heavier than the normal law's.
double heavy(Prng& random, double size) {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += random.uniform() - .5;
    return size * sum * (random.below(20) == 0 ? 4 : 1);
}

MarketMoves heavy_moves(Prng& random, std::size_t count, double size) {
    MarketMoves made{.first = kFirstInterval};
    for (std::size_t i = 0; i < count; ++i) made.moves.emplace_back(std::max(-.99, heavy(random, size)));
    return made;
}

double amount_of(std::span<const ShortfallPart> parts, Netting netting) {
    return trading::to_double(expected_shortfall(parts, netting).value().amount);
}

TEST(ExpectedShortfall, MeanOfTheLargestTakesTheLastInPart) {
    std::vector<double> losses(100);
    std::iota(losses.begin(), losses.end(), 1.0);
    EXPECT_DOUBLE_EQ(mean_of_largest(losses, .025), (100 + 99 + .5 * 98) / 2.5);
    EXPECT_DOUBLE_EQ(mean_of_largest(losses, 1), 50.5);
    std::vector<double> one{-3};
    EXPECT_DOUBLE_EQ(mean_of_largest(one, .025), -3);
}

TEST(ExpectedShortfall, OfAnExponentialLossIsOneMoreThanItsQuantile) {
    std::vector<double> losses;
    for (int i = 0; i < 20'000; ++i) losses.push_back(-math::log((i + .5) / 20'000));
    EXPECT_NEAR(mean_of_largest(losses, .025), 1 + math::log(40), .002);
}

/// Rockafellar and Uryasev 2000: the least of c + mean of what is above c, divided by the tail.
TEST(ExpectedShortfall, IsTheLeastOfRockafellarAndUryasev) {
    Prng random(5, "shortfall");
    for (int round = 0; round < 20; ++round) {
        std::vector<double> losses;
        for (std::size_t i = 0; i < 240 + random.below(700); ++i) losses.push_back(heavy(random, 1));
        double least = 1e9;
        for (const double c : losses) {
            double above = 0;
            for (const double loss : losses) above += std::max(0.0, loss - c);
            least = std::min(least, c + above / static_cast<double>(losses.size()) / kShortfallTail);
        }
        EXPECT_NEAR(mean_of_largest(losses, kShortfallTail), least, 1e-12);
    }
}

TEST(FilteredMoves, OfASteadyMarketAreItsReturnsOfADay) {
    const auto moves = filtered_moves(returns_of(kMovesToWarmUp + kMovesLeast, .002));
    ASSERT_NE(moves, nullptr);
    ASSERT_EQ(moves->moves.size(), kMovesLeast);
    EXPECT_EQ(moves->first, kFirstInterval + static_cast<std::int64_t>(kMovesToWarmUp));
    for (std::size_t i = 0; i < moves->moves.size(); ++i)
        EXPECT_NEAR(moves->moves[i].value(), math::exp((i % 2 == 0 ? 1 : -1) * .002 * std::sqrt(48)) - 1, 1e-12);
}

TEST(FilteredMoves, ACalmPastIsToldInTodaysVolatility) {
    auto returns = returns_of(600, .001);
    for (std::size_t i = 400; i < returns.size(); ++i) returns[i].value *= 3;
    const auto moves = filtered_moves(returns);
    ASSERT_NE(moves, nullptr);
    EXPECT_NEAR(moves->moves[200].value(), math::exp(.003 * std::sqrt(48)) - 1, 1e-4) << "three times what it was";
    EXPECT_NEAR(moves->moves.back().value(), math::exp(-.003 * std::sqrt(48)) - 1, 1e-4);
    EXPECT_GT(moves->moves[380].value(), moves->moves[200].value() * 2) << "the first large one was a surprise";
}

TEST(FilteredMoves, ScaleWithTheReturns) {
    Prng random(6, "moves");
    std::vector<PastReturn> once, thrice;
    for (std::int64_t i = 0; i < 500; ++i) {
        once.push_back({i, heavy(random, .003)});
        thrice.push_back({i, 3 * once.back().value});
    }
    const auto a = filtered_moves(once), b = filtered_moves(thrice);
    for (std::size_t i = 0; i < a->moves.size(); ++i)
        EXPECT_NEAR(3 * math::log(1 + *a->moves[i]), math::log(1 + *b->moves[i]), 1e-9);
}

TEST(FilteredMoves, HolesStayHolesAndTooFewAreNone) {
    const auto whole = returns_of(kMovesToWarmUp + kMovesLeast, .002);
    EXPECT_EQ(filtered_moves(std::span(whole).first(whole.size() - 1)), nullptr);
    EXPECT_EQ(filtered_moves(returns_of(500, 0)), nullptr) << "a market that never moved";
    auto returns = returns_of(kMovesToWarmUp + kMovesLeast + 1, .002);
    returns.erase(returns.begin() + 100);
    const auto moves = filtered_moves(returns);
    ASSERT_NE(moves, nullptr);
    EXPECT_FALSE(moves->moves[100 - kMovesToWarmUp]);
    EXPECT_TRUE(moves->moves[101 - kMovesToWarmUp]);
    const auto longest = filtered_moves(returns_of(3 * kMovesMost, .002));
    EXPECT_EQ(longest->moves.size(), kMovesMost) << "no more than the newest";
    EXPECT_EQ(longest->first, kFirstInterval + static_cast<std::int64_t>(2 * kMovesMost));
}

TEST(ExpectedShortfall, OfOneMarketIsItsShareOfTheWorth) {
    MarketMoves moves{.first = 7, .moves = std::vector<std::optional<double>>(kMovesLeast, .01)};
    for (std::size_t i = 0; i < 6; ++i) moves.moves[i * 11] = -.125;  // six of 240 are the tail
    const std::array longs{ShortfallPart{.moves = &moves, .longs = 800}};
    const auto of_longs = expected_shortfall(longs, Netting::netted);
    ASSERT_TRUE(of_longs);
    EXPECT_EQ(of_longs->amount, units_of(100));
    EXPECT_EQ(of_longs->scenarios, kMovesLeast);
    EXPECT_DOUBLE_EQ(of_longs->coverage, .25);
    const std::array shorts{ShortfallPart{.moves = &moves, .shorts = 800}};
    EXPECT_NEAR(amount_of(shorts, Netting::netted), 8, 1e-7);
    const std::array either{ShortfallPart{.moves = &moves, .longs = 800, .shorts = 800}};
    EXPECT_EQ(amount_of(either, Netting::netted), 0) << "one closes the other";
    EXPECT_NEAR(amount_of(either, Netting::apart), 100, 1e-7) << "whichever way it goes";
}

TEST(ExpectedShortfall, TakesTheSameIntervalOfEveryMarket) {
    Prng random(7, "common");
    const MarketMoves whole = heavy_moves(random, 600, .02);
    MarketMoves later = heavy_moves(random, 600, .02);
    later.first += 300;
    later.moves[5].reset();
    const std::array parts{ShortfallPart{.moves = &whole, .longs = 500},
                           ShortfallPart{.moves = &later, .longs = 500}};
    const auto both = expected_shortfall(parts, Netting::netted);
    ASSERT_TRUE(both);
    EXPECT_EQ(both->scenarios, 299U);
    std::vector<double> losses;
    for (std::size_t i = 0; i < 300; ++i)
        if (i != 5) losses.push_back(-500 * (*whole.moves[300 + i] + *later.moves[i]));
    EXPECT_NEAR(trading::to_double(both->amount), mean_of_largest(losses, kShortfallTail), 2e-8);
    later.first += 61;
    EXPECT_FALSE(expected_shortfall(parts, Netting::netted)) << "under 240 in common";
    later.first += 10'000;
    EXPECT_FALSE(expected_shortfall(parts, Netting::netted)) << "none";
}

TEST(ExpectedShortfall, OfNothingIsNothingAndOfTheUnknownUnknown) {
    EXPECT_EQ(expected_shortfall({}, Netting::netted).value().amount, trading::Money{});
    const std::array unknown{ShortfallPart{.longs = 1}};
    EXPECT_FALSE(expected_shortfall(unknown, Netting::netted));
    MarketMoves wild{.first = 0, .moves = std::vector<std::optional<double>>(kMovesLeast, 1e300)};
    const std::array shorts{ShortfallPart{.moves = &wild, .shorts = 1e6}};
    EXPECT_FALSE(expected_shortfall(shorts, Netting::netted)) << "it does not fit";
}

/// Together no more than one by one; and with gains uncounted no part of it, however it is hedged, loses more.
TEST(ExpectedShortfall, IsCoherent) {
    Prng random(8, "coherent");
    for (int round = 0; round < 200; ++round) {
        std::array<MarketMoves, 4> moves;
        for (MarketMoves& each : moves) each = heavy_moves(random, 300, .01 + .05 * random.uniform());
        std::vector<ShortfallPart> parts, rest;
        double one_by_one = 0;
        for (const MarketMoves& each : moves) {
            const bool is_long = random.below(2) == 0;
            const double worth = 1000 * random.uniform();
            parts.push_back({.moves = &each, .longs = is_long ? worth : 0, .shorts = is_long ? 0 : worth});
            one_by_one += amount_of(std::span(&parts.back(), 1), Netting::netted);
            const double left = static_cast<double>(random.below(3)) / 2;
            rest.push_back(
                {.moves = &each, .longs = parts.back().longs * left, .shorts = parts.back().shorts * left});
        }
        const double worst = amount_of(parts, Netting::apart);
        EXPECT_LE(amount_of(parts, Netting::netted), one_by_one + 1e-6);
        EXPECT_LE(amount_of(parts, Netting::netted), worst);
        EXPECT_LE(amount_of(rest, Netting::netted), worst);
        EXPECT_LE(amount_of(rest, Netting::apart), worst);
    }
}

}  // namespace
}  // namespace vt::risk
