#include "indicators/volume_profile.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

VolumeProfile vector_profile() {
    VolumeProfile profile(1);
    const double volumes[] = {10, 25, 60, 40, 30, 20, 15};
    for (int i = 0; i < 7; ++i) EXPECT_TRUE(profile.add(100 + i, volumes[i]));
    return profile;
}

TEST(VolumeProfile, VectorOfTheTwoRowRule) {
    const auto area = vector_profile().value_area();
    ASSERT_TRUE(area.has_value());
    EXPECT_EQ(*area, (ValueArea{102, 106, 102, 165, 200}));
}

TEST(VolumeProfile, TheOneRowRuleGivesAnotherArea) {
    const auto area = vector_profile().value_area(ValueAreaRule::one_row);
    ASSERT_TRUE(area.has_value());
    EXPECT_EQ(*area, (ValueArea{102, 104, 101, 155, 200}));
}

TEST(VolumeProfile, TiesGoToTheRowNearestToTheAveragePriceThenToTheLower) {
    VolumeProfile profile(1);
    for (const double price : {10.0, 14.0, 20.0}) profile.add(price, 5);
    EXPECT_EQ(profile.value_area()->point_of_control, 14);
    VolumeProfile even(1);
    even.add(10, 5);
    even.add(12, 5);
    EXPECT_EQ(even.value_area()->point_of_control, 10);
}

TEST(VolumeProfile, ABarIsSpreadEvenlyOverItsRange) {
    VolumeProfile profile(0.5);
    ASSERT_TRUE(profile.add_range(99.5, 101.5, 8));
    EXPECT_DOUBLE_EQ(profile.total(), 8);
    EXPECT_DOUBLE_EQ(profile.volume_at(99.5), 1);  // its row reaches from 99.25 to 99.75: half of it is in the bar
    EXPECT_DOUBLE_EQ(profile.volume_at(100.5), 2);
    EXPECT_DOUBLE_EQ(profile.volume_at(101.5), 1);
    EXPECT_EQ(profile.volume_at(98), 0);
    ASSERT_TRUE(profile.add_range(100, 100, 3));
    EXPECT_DOUBLE_EQ(profile.volume_at(100), 5);
}

TEST(VolumeProfile, RandomBarsKeepTheirVolumeAndTheAreaHoldsItsShare) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        Prng prng(seed);
        VolumeProfile profile(0.25 + prng.uniform());
        double expected = 0;
        double price = 500;
        for (int i = 0; i < 288; ++i) {
            const double low = price - prng.uniform() * 3;
            const double volume = prng.exponential();
            ASSERT_TRUE(profile.add_range(low, price + prng.uniform() * 3, volume));
            expected += volume;
            price += prng.normal();
        }
        EXPECT_NEAR(profile.total(), expected, 1e-9 * expected);
        for (const auto rule : {ValueAreaRule::two_rows, ValueAreaRule::one_row}) {
            const auto area = profile.value_area(rule);
            ASSERT_TRUE(area.has_value());
            EXPECT_GE(area->volume, VolumeProfile::kValueShare * area->total);
            double inside = 0;
            const auto rows = std::llround((area->high - area->low) / profile.row_height());
            for (std::int64_t i = 0; i <= rows; ++i) {
                inside += profile.volume_at(area->low + static_cast<double>(i) * profile.row_height());
            }
            EXPECT_NEAR(inside, area->volume, 1e-9 * expected);
            EXPECT_LE(area->low, area->point_of_control);
            EXPECT_GE(area->high, area->point_of_control);
        }
    }
}

TEST(VolumeProfile, ARowTooFarAwayIsRefusedAndChangesNothing) {
    VolumeProfile profile(1);
    profile.add(100, 1);
    EXPECT_FALSE(profile.add(100 + VolumeProfile::kMaxRows, 1));
    EXPECT_FALSE(profile.add_range(100, 1e9, 1));
    EXPECT_FALSE(profile.add(1e300, 1));
    EXPECT_EQ(profile.total(), 1);
    EXPECT_EQ(profile.row_count(), 1U);
}

TEST(VolumeProfile, EmptyHasNoArea) {
    VolumeProfile profile(1);
    EXPECT_FALSE(profile.value_area().has_value());
    profile.add(5, 2);
    profile.reset(2);
    EXPECT_FALSE(profile.value_area().has_value());
}

}  // namespace
}  // namespace vt::indicators
