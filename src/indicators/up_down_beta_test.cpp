#include "indicators/up_down_beta.hpp"

#include "indicators/least_squares.hpp"
#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(UpDownBeta, EqualsTheOracle) {
    const auto found = up_down_beta(test::kBitcoinReturns, test::kAltReturns);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->n_up, 7U);
    EXPECT_EQ(found->n_down, 5U);
    EXPECT_NEAR(found->up, 1.4668192219679632, 1e-13);
    EXPECT_NEAR(found->down, 1.3495575221238938, 1e-13);
    EXPECT_GT(found->p, 0.3);
}

TEST(UpDownBeta, EqualsTheFitsOfBothHalvesOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed, 12);
        long double sum = 0;
        for (const double value : made.x) sum += value;
        const auto middle = static_cast<double>(sum / static_cast<long double>(made.x.size()));
        test::Returns halves[2];
        for (std::size_t i = 0; i < made.x.size(); ++i) {
            test::Returns& half = halves[made.x[i] > middle ? 0 : 1];
            half.x.push_back(made.x[i]);
            half.y.push_back(made.y[i]);
        }
        const auto found = up_down_beta(made.x, made.y);
        const auto up = least_squares(halves[0].x, halves[0].y, 0);
        const auto down = least_squares(halves[1].x, halves[1].y, 0);
        ASSERT_EQ(found.has_value(), up && down);
        if (!found) continue;
        ASSERT_NEAR(found->up, up->slope, 1e-10);
        ASSERT_NEAR(found->down, down->slope, 1e-10);
        ASSERT_NEAR(found->up_error, up->slope_error, 1e-9);
        const double wald =
            std::pow(up->slope - down->slope, 2) / (std::pow(up->slope_error, 2) + std::pow(down->slope_error, 2));
        ASSERT_NEAR(found->wald, wald, 1e-7 * (1 + wald));
        ASSERT_NEAR(found->p, std::erfc(std::sqrt(wald / 2)), 1e-8);
    }
}

TEST(UpDownBeta, TheTestRejectsAsOftenAsItSays) {
    int rejected = 0, seen = 0;
    constexpr int kRuns = 2000;
    for (int run = 0; run < kRuns; ++run) {
        Prng prng(static_cast<std::uint64_t>(run), "halves");
        std::vector<double> same, differs, x;
        for (int i = 0; i < 240; ++i) {
            x.push_back(prng.normal());
            const double noise = prng.normal();
            same.push_back(1.3 * x.back() + noise);
            differs.push_back((x.back() > 0 ? 1.0 : 2.0) * x.back() + noise);
        }
        if (up_down_beta(x, same)->p < 0.05) ++rejected;
        if (up_down_beta(x, differs)->p < 0.05) ++seen;
    }
    EXPECT_NEAR(rejected, 0.05 * kRuns, 35);
    EXPECT_GT(seen, 0.95 * kRuns);
}

TEST(UpDownBeta, NothingToSay) {
    EXPECT_FALSE(up_down_beta({}, {}).has_value());
    const std::vector<double> flat(10, 1.0), rising{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    EXPECT_FALSE(up_down_beta(flat, rising).has_value());
    EXPECT_FALSE(up_down_beta(rising, rising).has_value());
}

}  // namespace
}  // namespace vt::indicators
