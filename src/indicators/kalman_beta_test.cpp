#include "indicators/kalman_beta.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace vt::indicators {
namespace {

const KalmanParams kOracle{.alpha_step = 1e-8, .beta_step = 1e-4, .noise = 4e-6};

TEST(KalmanBeta, EqualsTheOracle) {
    const std::array expected{1.1470591118517792, 1.4492673932110653, 1.503703025266848,  1.5325653976046614,
                              1.5169301433810818, 1.5852593025861266, 1.547510744034568,  1.5519096320164403,
                              1.5035345598969818, 1.4916180820913372, 1.4958502142319812, 1.5081781118689483};
    KalmanBeta filter(kOracle);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        filter.push(test::kBitcoinReturns[i], test::kAltReturns[i]);
        EXPECT_NEAR(filter.beta(), expected[i], 1e-13);
    }
    EXPECT_NEAR(filter.alpha(), -0.0003108073895211435, 1e-16);
    EXPECT_NEAR(filter.beta_variance(), 0.00560996782778684, 1e-15);
    EXPECT_NEAR(filter.log_likelihood(), 52.482822682273635, 1e-11);
}

/// All at once: y is normal with a covariance that follows from the walk, and what is known of the last beta is a
/// conditional mean.
struct Batch {
    long double beta = 0, variance = 0, log_likelihood = 0;
};
Batch batch(const test::Returns& made, const KalmanParams& p) {
    const std::size_t n = made.x.size();
    std::vector<std::vector<long double>> m(n,
                                            std::vector<long double>(n + 2));  // [covariance | y - mean | cov(b, y)]
    const auto walked = [](double start, double step, std::size_t i, std::size_t j) {
        return static_cast<long double>(start) + static_cast<long double>(step) * (std::min(i, j) + 1);
    };
    const long double last = walked(p.beta_variance, p.beta_step, n - 1, n - 1);
    std::vector<long double> cross(n), error(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            m[i][j] = walked(p.alpha_variance, p.alpha_step, i, j) +
                      made.x[i] * made.x[j] * walked(p.beta_variance, p.beta_step, i, j) + (i == j ? p.noise : 0);
        }
        error[i] = m[i][n] = made.y[i] - p.alpha - p.beta * static_cast<long double>(made.x[i]);
        cross[i] = m[i][n + 1] = made.x[i] * walked(p.beta_variance, p.beta_step, i, n - 1);
    }
    long double log_determinant = 0;
    for (std::size_t k = 0; k < n; ++k) {  // positive definite: no pivoting
        log_determinant += std::log(m[k][k]);
        for (std::size_t i = 0; i < n; ++i) {
            if (i == k) continue;
            const long double factor = m[i][k] / m[k][k];
            for (std::size_t j = k; j < n + 2; ++j) m[i][j] -= factor * m[k][j];
        }
    }
    Batch found{.beta = p.beta, .variance = last};
    long double squared = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const long double weighted = m[i][n] / m[i][i];
        found.beta += cross[i] * weighted;
        found.variance -= cross[i] * m[i][n + 1] / m[i][i];
        squared += error[i] * weighted;
    }
    found.log_likelihood = -(static_cast<long double>(n) * std::log(2 * M_PIl) + log_determinant + squared) / 2;
    return found;
}

TEST(KalmanBeta, EqualsTheConditionalMeanOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed, 3, 12);
        KalmanParams params = kOracle;
        params.beta_step *= 1 + static_cast<double>(seed % 50);
        KalmanBeta filter(params);
        for (std::size_t i = 0; i < made.x.size(); ++i) filter.push(made.x[i], made.y[i]);
        const Batch expected = batch(made, params);
        ASSERT_NEAR(filter.beta(), static_cast<double>(expected.beta), 1e-9);
        ASSERT_NEAR(filter.beta_variance(), static_cast<double>(expected.variance), 1e-9);
        ASSERT_NEAR(filter.log_likelihood(), static_cast<double>(expected.log_likelihood), 1e-8);
    }
}

/// A beta that walks with the given step.
test::Returns walking(std::uint64_t seed, double step, int n) {
    Prng prng(seed, "walk");
    test::Returns made;
    double beta = 1.2;
    for (int i = 0; i < n; ++i) {
        beta += prng.normal() * step;
        made.x.push_back(prng.normal() * 1e-3);
        made.y.push_back(beta * made.x.back() + prng.normal() * 5e-4);
    }
    return made;
}

double log_likelihood(const test::Returns& made, const KalmanParams& params) {
    KalmanBeta filter(params);
    for (std::size_t i = 0; i < made.x.size(); ++i) filter.push(made.x[i], made.y[i]);
    return filter.log_likelihood();
}

TEST(FitKalmanBeta, NoPointOfAFineGridIsLikelier) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const test::Returns made = walking(seed, seed % 3 == 0 ? 0.03 : 0, 240);
        const auto fit = fit_kalman_beta(made.x, made.y);
        ASSERT_TRUE(fit.has_value());
        EXPECT_GE(fit->beta_step, kMinBetaStep * (1 - 1e-12));
        EXPECT_LE(fit->beta_step, kMaxBetaStep * (1 + 1e-12));
        const double best = log_likelihood(made, *fit);
        for (double step = kMinBetaStep; step <= kMaxBetaStep; step *= 1.3) {
            for (double noise = 5e-8; noise < 2e-6; noise *= 1.05) {
                KalmanParams other;
                other.beta_step = step;
                other.noise = noise;
                ASSERT_GT(best, log_likelihood(made, other) - 0.02) << seed << " " << step << " " << noise;
            }
        }
    }
}

TEST(FitKalmanBeta, FindsHowFastABetaWalks) {
    double fast = 0, still = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const test::Returns moving = walking(seed, 0.05, 400);
        const test::Returns fixed = walking(seed, 0, 400);
        fast += std::sqrt(fit_kalman_beta(moving.x, moving.y)->beta_step) / 20;
        still += std::sqrt(fit_kalman_beta(fixed.x, fixed.y)->beta_step) / 20;
    }
    EXPECT_NEAR(fast, 0.05, 0.015);
    EXPECT_LT(still, 0.01);
}

TEST(FitKalmanBeta, NothingToFit) {
    const test::Returns made = walking(1, 0, 29);
    EXPECT_FALSE(fit_kalman_beta(made.x, made.y).has_value());
    const std::vector<double> flat(40, 1e-3), rising = walking(1, 0, 40).y;
    EXPECT_FALSE(fit_kalman_beta(flat, rising).has_value());
    EXPECT_FALSE(fit_kalman_beta(rising, rising).has_value());
}

}  // namespace
}  // namespace vt::indicators
