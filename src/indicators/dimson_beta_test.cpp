#include "indicators/dimson_beta.hpp"

#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace vt::indicators {
namespace {

TEST(DimsonBeta, EqualsTheOracle) {
    const auto found = dimson(test::kBitcoinReturns, test::kAltReturns);
    ASSERT_TRUE(found.has_value());
    EXPECT_NEAR(found->intercept, -1.1041782882823393e-05, 1e-15);
    EXPECT_NEAR(found->slopes[0], 0.07437109039045532, 1e-13);
    EXPECT_NEAR(found->slopes[1], 1.4921382547886188, 1e-13);
    EXPECT_NEAR(found->slopes[2], -0.15011765500347926, 1e-13);
    EXPECT_NEAR(found->beta, 1.4163916901755949, 1e-13);
    EXPECT_NEAR(found->error, 0.21526856823429213, 1e-13);
}

/// The normal equations of all four coefficients by Gauss and Jordan, in long double; the inverse beside them.
struct Textbook {
    long double coefficients[4] = {}, error = 0;
};
Textbook textbook(const test::Returns& made) {
    long double m[4][9] = {};  // [X'X | I | X'y]
    const std::size_t n = made.x.size() - 2;
    const auto regressor = [&](std::size_t t, std::size_t k) -> long double {
        return k == 0 ? 1 : made.x[t + k - 1];
    };
    for (std::size_t i = 0; i < 4; ++i) {
        m[i][4 + i] = 1;
        for (std::size_t t = 0; t < n; ++t) {
            for (std::size_t j = 0; j < 4; ++j) m[i][j] += regressor(t, i) * regressor(t, j);
            m[i][8] += regressor(t, i) * made.y[t + 1];
        }
    }
    for (std::size_t k = 0; k < 4; ++k) {
        const long double pivot = m[k][k];
        for (long double& value : m[k]) value /= pivot;
        for (std::size_t i = 0; i < 4; ++i) {
            if (i == k) continue;
            const long double factor = m[i][k];
            for (std::size_t j = 0; j < 9; ++j) m[i][j] -= factor * m[k][j];
        }
    }
    Textbook fit;
    long double squares = 0, spread = 0;
    for (std::size_t i = 0; i < 4; ++i) fit.coefficients[i] = m[i][8];
    for (std::size_t t = 0; t < n; ++t) {
        long double residual = made.y[t + 1];
        for (std::size_t i = 0; i < 4; ++i) residual -= fit.coefficients[i] * regressor(t, i);
        squares += residual * residual;
    }
    for (std::size_t i = 1; i < 4; ++i) {
        for (std::size_t j = 1; j < 4; ++j) spread += m[i][4 + j];
    }
    fit.error = std::sqrt(squares / static_cast<long double>(n - 4) * spread);
    return fit;
}

TEST(DimsonBeta, EqualsTheNormalEquationsOnRandomSeries) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const test::Returns made = test::random_returns(seed, 10);
        const auto found = dimson(made.x, made.y);
        ASSERT_TRUE(found.has_value());
        const Textbook expected = textbook(made);
        ASSERT_NEAR(found->intercept, static_cast<double>(expected.coefficients[0]), 1e-12);
        for (std::size_t k = 0; k < 3; ++k)
            ASSERT_NEAR(found->slopes[k], static_cast<double>(expected.coefficients[k + 1]), 1e-9);
        ASSERT_NEAR(found->error, static_cast<double>(expected.error), 1e-9);
    }
}

TEST(DimsonBeta, NothingToFit) {
    const std::vector<double> six{1, 2, 1, 3, 1, 2}, flat(12, .1);
    EXPECT_FALSE(dimson(six, six).has_value());
    EXPECT_FALSE(dimson(flat, test::kAltReturns).has_value());
    std::vector<double> alternating;
    for (int i = 0; i < 12; ++i) alternating.push_back(i % 2);  // before and after are the same
    EXPECT_FALSE(dimson(alternating, test::kAltReturns).has_value());
}

}  // namespace
}  // namespace vt::indicators
