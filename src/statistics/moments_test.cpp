#include "statistics/moments.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

TEST(Moments, OfAFewNumbersByHand) {
    // 1, 2, 3, 6: mean 3, deviations -2 -1 0 3; m2 14/4, m3 18/4, m4 98/4.
    const auto found = moments(std::vector<double>{1, 2, 3, 6});
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->n, 4U);
    EXPECT_DOUBLE_EQ(found->mean, 3);
    EXPECT_DOUBLE_EQ(found->sd, std::sqrt(14.0 / 3));
    EXPECT_DOUBLE_EQ(found->skewness, 4.5 / std::pow(3.5, 1.5));
    EXPECT_DOUBLE_EQ(found->kurtosis, 24.5 / (3.5 * 3.5));
}

TEST(Moments, OfKnownDistributions) {
    Prng prng(5);
    std::vector<double> normal, exponential;
    for (int i = 0; i < 200'000; ++i) {
        normal.push_back(5 + 2 * prng.normal());
        exponential.push_back(prng.exponential());
    }
    EXPECT_NEAR(moments(normal)->skewness, 0, 0.03);
    EXPECT_NEAR(moments(normal)->kurtosis, 3, 0.06);
    EXPECT_NEAR(moments(normal)->sd, 2, 0.02);
    EXPECT_NEAR(moments(exponential)->skewness, 2, 0.1);
    EXPECT_NEAR(moments(exponential)->kurtosis, 9, 1);
}

TEST(Moments, ShapeDoesNotKnowScaleOrPlace) {
    Prng prng(6);
    std::vector<double> values, moved;
    for (int i = 0; i < 500; ++i) values.push_back(prng.exponential());
    for (const double value : values) moved.push_back(1024 - 8 * value);
    EXPECT_NEAR(moments(moved)->skewness, -moments(values)->skewness, 1e-9);
    EXPECT_NEAR(moments(moved)->kurtosis, moments(values)->kurtosis, 1e-9);
}

TEST(Moments, WithoutSpreadThereIsNone) {
    EXPECT_FALSE(moments(std::vector<double>{}).has_value());
    EXPECT_FALSE(moments(std::vector<double>{4}).has_value());
    EXPECT_FALSE(moments(std::vector<double>(40, 0.1)).has_value());
    EXPECT_FALSE(moments(std::vector<double>(100'000, 0.3)).has_value()) << "rounding is no news";
}

}  // namespace
}  // namespace vt::statistics
