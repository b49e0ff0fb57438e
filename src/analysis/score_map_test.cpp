#include "analysis/score_map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::analysis {
namespace {

Spread spread_of(MapKind kind, const std::vector<float>& samples) {
    OrderedSamples<float> ordered(samples.size());
    for (const float sample : samples) ordered.add(kind == MapKind::z0 ? std::abs(sample) : sample);
    return measure_spread(kind, ordered, samples);
}

TEST(ScoreMap, RobustZOfTheOracle) {
    const Spread spread = spread_of(MapKind::zm, {10, 12, 11, 13, 12, 40});
    EXPECT_DOUBLE_EQ(spread.centre, 12);
    EXPECT_NEAR(*z_of({.kind = MapKind::zm, .spread = spread}, 40), 18.885713005490288, 1e-5);
    EXPECT_NEAR(*z_of({.kind = MapKind::zm, .spread = spread}, 40), 28 * 0.67449, 1e-12);
}

TEST(ScoreMap, TanhScoresOfTheOracle) {
    const std::vector<double> z = {-3, -1, 0, 0.5, 1, 2, 3};
    const std::vector<double> score = {4.74258731775668,   26.894142136999513, 50.0,
                                       62.245933120185455, 73.1058578630005,   88.07970779778825,
                                       95.25741268224331};
    for (std::size_t i = 0; i < z.size(); ++i) EXPECT_NEAR(score_of_z(z[i]), score[i], 1e-12);
}

TEST(ScoreMap, ZIsClippedAtFour) {
    EXPECT_DOUBLE_EQ(score_of_z(9), score_of_z(4));
    EXPECT_DOUBLE_EQ(score_of_z(-9), score_of_z(-4));
}

TEST(ScoreMap, ZMAboutTheMedian) {  // V1
    const ScoreMap map{.kind = MapKind::zm, .spread = spread_of(MapKind::zm, {1, 2, 3, 4})};
    EXPECT_NEAR(*z_of(map, 5), 1.686225, 1e-9);
    EXPECT_NEAR(*score_of(map, 5), 84.372707, 1e-6);
}

TEST(ScoreMap, Z0AboutZero) {  // V1
    const ScoreMap map{.kind = MapKind::z0, .spread = spread_of(MapKind::z0, {1, -2, 3, -4, 5})};
    EXPECT_NEAR(*z_of(map, 6), 1.34898, 1e-9);
    EXPECT_NEAR(*score_of(map, 6), 79.396282, 1e-6);
}

TEST(ScoreMap, EqualMajorityFallsBackToTheMeanDeviation) {
    const Spread spread = spread_of(MapKind::z0, {0, 0, 0, 5});
    EXPECT_FALSE(spread.is_degenerate);
    EXPECT_DOUBLE_EQ(spread.spread, 1.2533 * 1.25);
}

TEST(ScoreMap, NoSpreadNoScore) {
    const Spread spread = spread_of(MapKind::zm, {7, 7, 7});
    EXPECT_TRUE(spread.is_degenerate);
    EXPECT_FALSE(score_of({.kind = MapKind::zm, .spread = spread}, 8).has_value());
    EXPECT_TRUE(spread_of(MapKind::z0, {}).is_degenerate);
}

TEST(ScoreMap, ValueAtInvertsEachMap) {
    const ScoreMap z0{.kind = MapKind::z0, .spread = {.centre = 0, .spread = 0.2, .is_degenerate = false}};
    EXPECT_NEAR(*value_at(z0, *score_of(z0, 0.13)), 0.13, 1e-12);
    const ScoreMap zm{.kind = MapKind::zm, .sign = -1, .spread = {.centre = 3, .spread = 2, .is_degenerate = false}};
    EXPECT_NEAR(*value_at(zm, *score_of(zm, 4.5)), 4.5, 1e-12);
    const ScoreMap lb{.kind = MapKind::lb, .sign = -1};
    EXPECT_NEAR(*value_at(lb, *score_of(lb, 0.4)), 0.4, 1e-12);
    EXPECT_FALSE(value_at(z0, 99).has_value());
    EXPECT_FALSE(value_at(z0, 1).has_value());
    EXPECT_FALSE(value_at({.kind = MapKind::pr}, 50).has_value());
}

}  // namespace
}  // namespace vt::analysis
