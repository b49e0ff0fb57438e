#include "statistics/calibration_error.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::statistics {
namespace {

const std::vector<Forecast> kBinned{{0.1, 0}, {0.3, 0}, {0.35, 1}, {0.6, 1}, {0.8, 1}, {0.9, 1}, {0.2, 0}, {0.7, 0}};

TEST(CalibrationError, EqualsTheOracle) {
    const auto bins = bins_of_equal_width(kBinned, 4);
    ASSERT_EQ(bins.size(), 4U);
    const std::vector<ReliabilityBin> expected{{2, 0.15, 0}, {2, 0.325, 0.5}, {2, 0.65, 0.5}, {2, 0.85, 1}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(bins[i].weight, expected[i].weight);
        EXPECT_NEAR(bins[i].claimed, expected[i].claimed, 1e-15);
        EXPECT_NEAR(bins[i].came, expected[i].came, 1e-15);
    }
    EXPECT_NEAR(*expected_calibration_error(bins), 0.15625, 1e-15);
    const auto parts = brier_parts(bins);
    EXPECT_NEAR(parts->reliability, 0.02453125, 1e-15);
    EXPECT_NEAR(parts->resolution, 0.125, 1e-15);
    EXPECT_NEAR(parts->uncertainty, 0.25, 1e-15);
}

TEST(CalibrationError, PartsAddUpWhereProbabilitiesOfABinAreEqual) {
    Prng prng(3);
    std::vector<Forecast> all;
    for (int i = 0; i < 400; ++i) {
        const double p = 0.05 + 0.1 * static_cast<double>(prng.below(10));
        all.push_back({p, prng.uniform() < p * p ? 1.0 : 0.0, 0.5 + prng.uniform()});
    }
    const auto parts = brier_parts(bins_of_equal_width(all, 10));
    EXPECT_NEAR(parts->reliability - parts->resolution + parts->uncertainty, *brier_score(all), 1e-12);
}

TEST(CalibrationError, BinsOfEqualMassHoldAboutAsMany) {
    Prng prng(4);
    std::vector<Forecast> all;
    for (int i = 0; i < 103; ++i) all.push_back({std::pow(prng.uniform(), 4), static_cast<double>(prng.below(2))});
    const auto bins = bins_of_equal_mass(all, 10);
    ASSERT_EQ(bins.size(), 10U);
    double total = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        EXPECT_GE(bins[i].weight, 10);
        EXPECT_LE(bins[i].weight, 11);
        if (i > 0) {
            EXPECT_GT(bins[i].claimed, bins[i - 1].claimed);
        }
        total += bins[i].weight;
    }
    EXPECT_EQ(total, 103);
}

TEST(CalibrationError, TiesStayTogether) {
    const std::vector<Forecast> all{{0.2, 0}, {0.2, 1}, {0.2, 0}, {0.2, 1}, {0.7, 1}, {0.9, 1}};
    const auto bins = bins_of_equal_mass(all, 3);
    ASSERT_EQ(bins.size(), 2U);
    EXPECT_EQ(bins[0].weight, 4);
    EXPECT_EQ(bins[0].came, 0.5);
    EXPECT_EQ(bins_of_equal_mass(all, 100).size(), 3U);
}

TEST(CalibrationError, NothingOfNothing) {
    EXPECT_TRUE(bins_of_equal_mass({}, 10).empty());
    EXPECT_FALSE(expected_calibration_error({}).has_value());
    EXPECT_FALSE(brier_parts({}).has_value());
}

}  // namespace
}  // namespace vt::statistics
