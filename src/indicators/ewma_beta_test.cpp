#include "indicators/ewma_beta.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace vt::indicators {
namespace {

TEST(EwmaBeta, EqualsTheOracle) {
    const std::array expected{1.3078534031413613, 1.315735498344194, 1.3471122820888017, 1.3408676574585503,
                              1.3759249600870336, 1.377524918308166, 1.381199506081794,  1.3759031623607398,
                              1.3708037592243858, 1.375483649090866, 1.383025219385201};
    EwmaBeta ewma;
    ewma.push(test::kBitcoinReturns[0], test::kAltReturns[0]);
    EXPECT_DOUBLE_EQ(*ewma.beta(), 1.3);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ewma.push(test::kBitcoinReturns[i + 1], test::kAltReturns[i + 1]);
        EXPECT_NEAR(*ewma.beta(), expected[i], 1e-14);
    }
    EXPECT_NEAR(*ewma.correlation(), 0.9906779426946475, 1e-14);
    EXPECT_NEAR(ewma_half_life(0.94), 11.20, 0.005);
    EXPECT_NEAR(ewma_mean_age(0.94), 15.67, 0.005);
    EXPECT_NEAR(ewma_half_life(0.957603), 16, 1e-3);
}

TEST(EwmaBeta, EqualsTheWeightedSumsOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed);
        const double lambda = 0.5 + 0.49 * static_cast<double>(seed % 100) / 100;
        EwmaBeta ewma(lambda);
        for (std::size_t i = 0; i < made.x.size(); ++i) ewma.push(made.x[i], made.y[i]);
        long double xx = 0, xy = 0, yy = 0;
        const std::size_t n = made.x.size();
        for (std::size_t i = 0; i < n; ++i) {
            const auto age = static_cast<long double>(n - 1 - i);
            const long double weight =
                std::pow(static_cast<long double>(lambda), age) * (i == 0 ? 1 : 1 - static_cast<long double>(lambda));
            xx += weight * made.x[i] * made.x[i];
            xy += weight * made.x[i] * made.y[i];
            yy += weight * made.y[i] * made.y[i];
        }
        ASSERT_NEAR(*ewma.beta(), static_cast<double>(xy / xx), 1e-11);
        ASSERT_NEAR(*ewma.correlation(), static_cast<double>(xy / std::sqrt(xx * yy)), 1e-11);
    }
}

TEST(EwmaBeta, ItsErrorIsThatOfManyRepetitions) {
    Prng prng(12);
    double sum = 0, square = 0, error = 0;
    constexpr int kRuns = 2000;
    for (int run = 0; run < kRuns; ++run) {
        EwmaBeta ewma;
        for (int i = 0; i < 200; ++i) {
            const double x = prng.normal();
            ewma.push(x, 1.5 * x + prng.normal());
        }
        sum += *ewma.beta();
        square += *ewma.beta() * *ewma.beta();
        error += *ewma.error();
    }
    const double sd = std::sqrt(square / kRuns - sum / kRuns * sum / kRuns);
    EXPECT_NEAR(sum / kRuns, 1.5, 0.02);
    EXPECT_NEAR(error / kRuns, sd, 0.15 * sd);
}

TEST(EwmaBeta, NothingToSay) {
    EwmaBeta ewma;
    EXPECT_FALSE(ewma.beta().has_value());
    ewma.push(0, 1);
    EXPECT_FALSE(ewma.beta().has_value());
    ewma.push(1, 1);
    EXPECT_FALSE(ewma.error().has_value());
    EXPECT_EQ(ewma.n(), 2U);
}

}  // namespace
}  // namespace vt::indicators
