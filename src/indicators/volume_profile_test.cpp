#include "indicators/volume_profile.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
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

/// The value area by its rule, over rows by number in a map; `step` rows at a time.
struct Rows {
    std::int64_t point_of_control = 0, low = 0, high = 0;
};
Rows area_by_hand(const std::map<std::int64_t, double>& rows, std::int64_t step) {
    double total = 0;
    double moment = 0;
    for (const auto& [row, volume] : rows) {
        total += volume;
        moment += static_cast<double>(row) * volume;
    }
    const auto from_mean = [&](std::int64_t row) { return std::abs(static_cast<double>(row) * total - moment); };
    const auto busier = [&](const auto& a, const auto& b) {
        return std::tuple(-a.second, from_mean(a.first), a.first) <
               std::tuple(-b.second, from_mean(b.first), b.first);
    };
    const std::int64_t busiest = std::min_element(rows.begin(), rows.end(), busier)->first;
    const auto sum = [&](std::int64_t first, std::int64_t last) {
        double volume = 0;
        for (const auto& [row, of_row] : rows) volume += first <= row && row <= last ? of_row : 0;
        return volume;
    };
    Rows area{busiest, busiest, busiest};
    const std::int64_t bottom = rows.begin()->first;
    const std::int64_t top = rows.rbegin()->first;
    while (sum(area.low, area.high) < VolumeProfile::kValueShare * total) {
        const bool is_up = area.low == bottom || (area.high < top && sum(area.high + 1, area.high + step) >=
                                                                         sum(area.low - step, area.low - 1));
        if (is_up) {
            area.high = std::min(area.high + step, top);
        } else {
            area.low = std::max(area.low - step, bottom);
        }
    }
    return area;
}

TEST(VolumeProfile, TheAreaIsThatOfTheRuleOnRandomProfiles) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        VolumeProfile profile(0.5);
        std::map<std::int64_t, double> rows;
        for (std::uint64_t i = 0, n = 1 + prng.below(40); i < n; ++i) {
            const auto row = 200 + static_cast<std::int64_t>(prng.below(24));
            const auto volume = static_cast<double>(1 + prng.below(5));  // whole and few: rows of equal volume occur
            ASSERT_TRUE(profile.add(0.5 * static_cast<double>(row), volume));
            rows[row] += volume;
        }
        for (const auto rule : {ValueAreaRule::two_rows, ValueAreaRule::one_row}) {
            const Rows expected = area_by_hand(rows, rule == ValueAreaRule::two_rows ? 2 : 1);
            const auto area = profile.value_area(rule);
            ASSERT_TRUE(area) << seed;
            EXPECT_EQ(area->point_of_control, 0.5 * static_cast<double>(expected.point_of_control)) << seed;
            EXPECT_EQ(area->low, 0.5 * static_cast<double>(expected.low)) << seed;
            EXPECT_EQ(area->high, 0.5 * static_cast<double>(expected.high)) << seed;
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
