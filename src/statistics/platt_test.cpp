#include "statistics/platt.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::statistics {
namespace {

TEST(Platt, EqualsTheOracle) {
    const std::vector<Observation> eight{{-3.5, 0}, {-2.5, 0}, {-1.5, 1}, {-0.5, 0},
                                         {0.5, 1},  {1.5, 1},  {2.5, 0},  {3.5, 1}};
    const std::vector<double> expected{0.2815155889778356, 0.3386638093014465, 0.4009393561543966,
                                       0.4665871497877838, 0.5334128502122163, 0.5990606438456034,
                                       0.6613361906985534, 0.7184844110221645};
    const auto map = fit_platt(eight);
    ASSERT_TRUE(map.has_value());
    // The oracle stopped where its gradient fell below 1e-5; ours goes on to the end.
    EXPECT_NEAR(map->a, -0.26770176697896386, 1e-8);
    EXPECT_NEAR(map->b, 0, 1e-12);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(map->value(eight[i].x), expected[i], 1e-8);
}

TEST(Platt, SeparatedOutcomesStayShortOfCertainty) {
    const auto map = fit_platt(std::vector<Observation>{{1, 0}, {2, 0}, {3, 0}, {4, 1}, {5, 1}, {6, 1}});
    ASSERT_TRUE(map.has_value());
    EXPECT_GT(map->value(1), 0.01);
    EXPECT_LT(map->value(6), 0.99);
    EXPECT_GT(map->value(6), map->value(1));
}

TEST(Platt, OneKindOfOutcomeIsFlat) {
    const auto map = fit_platt(std::vector<Observation>{{1, 0}, {2, 0}, {3, 0}});
    ASSERT_TRUE(map.has_value());
    EXPECT_NEAR(map->value(1), 0.2, 1e-9) << "1/(3 + 2)";
    EXPECT_NEAR(map->value(3), 0.2, 1e-9);
}

TEST(Platt, NothingWithoutAnX) {
    EXPECT_FALSE(fit_platt({}).has_value());
    EXPECT_FALSE(fit_platt(std::vector<Observation>{{5, 0}, {5, 1}}).has_value());
}

}  // namespace
}  // namespace vt::statistics
