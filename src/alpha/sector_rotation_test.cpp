#include "alpha/sector_rotation.hpp"

#include "alpha/test_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vt::alpha {
namespace {

Params two_sectors() {
    Params params;
    params.sectors = {{.name = "first", .coins = {"A", "B", "C", "D", "E"}},
                      {.name = "second", .coins = {"X", "Y", "A"}}};
    return params;
}

std::vector<CoinMove> coin_moves(std::initializer_list<std::pair<std::string_view, double>> given) {
    std::vector<CoinMove> all;
    for (const auto& [coin, move] : given) all.push_back({.coin = coin, .move = {.move = move, .coverage = .9}});
    return all;
}

TEST(SectorRotation, IsTheOthersMeanBeyondAllCoinsInItsOwnError) {
    const auto coins = coin_moves({{"A", 0}, {"B", 3}, {"C", 2}, {"D", 4}, {"X", -2}, {"Y", -1}});
    const auto sectors = two_sectors();  // what is found borrows the sector's name
    const auto found = measure_sector("A", coins, sectors);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->sector, "first") << "a coin of two lists is of the first";
    EXPECT_EQ(found->coins, 3U);
    EXPECT_NEAR(found->others, 2, 1e-12) << "3 is the mean of B, C and D, 1 that of all six";
    EXPECT_NEAR(found->own, -1, 1e-12);
    EXPECT_NEAR(found->rotation, 2 / std::sqrt((1 + 2 * .3) / 3), 1e-12);
    EXPECT_EQ(found->coverage, .9);
}

TEST(SectorRotation, TooFewCoinsOrNoSectorSayNothing) {
    const auto coins = coin_moves({{"A", 0}, {"B", 3}, {"C", 2}, {"X", -2}, {"Z", 5}});
    EXPECT_FALSE(measure_sector("A", coins, two_sectors())) << "two others";
    Params fewer = two_sectors();
    fewer.sector_coins_min = 2;
    EXPECT_TRUE(measure_sector("A", coins, fewer));
    EXPECT_FALSE(measure_sector("Z", coins, fewer)) << "of no sector";
    EXPECT_FALSE(measure_sector("D", coins, fewer)) << "its own move is not known";
    fewer.sector_coins_min = 0;
    EXPECT_FALSE(measure_sector("X", coin_moves({{"X", 1}}), fewer)) << "nobody else";
}

TEST(SectorRotation, AMoveOfAllCoinsIsNoRotation) {
    const auto found =
        measure_sector("A", coin_moves({{"A", 3}, {"B", 3}, {"C", 3}, {"D", 3}, {"X", 3}}), two_sectors());
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->rotation, 0, 1e-12);
}

TEST(SectorRotation, NoCoinIsInTwoOfTheUsualLists) {
    std::set<std::string> seen;
    for (const Sector& sector : usual_sectors()) {
        for (const std::string& coin : sector.coins) {
            EXPECT_TRUE(seen.insert(coin).second) << coin;
        }
        EXPECT_GE(sector.coins.size(), 4U) << "a coin and three others";
    }
}

}  // namespace
}  // namespace vt::alpha
