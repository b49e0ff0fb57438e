#include "statistics/binomial.hpp"

#include "statistics/normal.hpp"
#include "statistics/wilson.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::statistics {
namespace {

double chance_of(int k, int n, double p) {
    double term = 1;
    for (int i = 1; i <= k; ++i) term *= static_cast<double>(n - k + i) / i * p;
    return term * std::pow(1 - p, n - k);
}

TEST(Binomial, UpperTailIsTheSum) {
    for (int n = 1; n <= 40; n += 3) {
        for (int k = 0; k <= n; ++k) {
            for (const double p : {0.05, 0.23, 0.5, 0.9}) {
                double sum = 0;
                for (int i = k; i <= n; ++i) sum += chance_of(i, n, p);
                EXPECT_NEAR(binomial_upper_tail(k, n, p), sum, 1e-12);
            }
        }
    }
}

TEST(Binomial, ExactIntervalPublished) {
    // Clopper and Pearson, 10 of 100 at 95 %: .0490, .1762 (Agresti and Coull 1998).
    const Interval found = clopper_pearson(10, 100, 0.95);
    EXPECT_NEAR(found.lower, 0.0490, 5e-5);
    EXPECT_NEAR(found.upper, 0.1762, 5e-5);
    EXPECT_NEAR(clopper_pearson(0, 30, 0.95).upper, 1 - std::pow(0.025, 1.0 / 30), 1e-12);
    EXPECT_EQ(clopper_pearson(0, 30, 0.95).lower, 0);
    EXPECT_EQ(clopper_pearson(30, 30, 0.95).upper, 1);
    EXPECT_EQ(clopper_pearson(0, 0, 0.95).upper, 1);
}

/// The oracle `wilson` names these two figures after Jeffreys; they are the exact interval of 58 in 100.
TEST(Binomial, ExactIntervalOfTheOracle) {
    const Interval found = clopper_pearson(58, 100, 0.95);
    EXPECT_NEAR(found.lower, 0.47711919572391387, 1e-12);
    EXPECT_NEAR(found.upper, 0.6780144606452032, 1e-12);
}

/// The chance that an interval holds the true rate, summed over every outcome: no simulation.
template <class Make>
double coverage(int n, double p, Make&& make) {
    double sum = 0;
    for (int k = 0; k <= n; ++k) {
        if (make(k).contains(p)) sum += chance_of(k, n, p);
    }
    return sum;
}

TEST(Binomial, TheExactIntervalCoversAtLeastAsOftenAsItSaysAndWilsonOnAverage) {
    constexpr int kTrials = 60;
    double wilson = 0;
    int points = 0;
    for (double p = 0.1; p < 0.9; p += 0.01) {
        EXPECT_GE(coverage(kTrials, p, [](int k) { return clopper_pearson(k, kTrials, 0.95); }), 0.95) << p;
        wilson += coverage(kTrials, p, [](int k) { return wilson_interval(k, kTrials, kNormal95); });
        ++points;
    }
    EXPECT_NEAR(wilson / points, 0.95, 0.005);
}

}  // namespace
}  // namespace vt::statistics
