#include "indicators/least_squares.hpp"

#include "base/prng.hpp"
#include "indicators/test_returns.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace vt::indicators {
namespace {

const std::vector<double> kSignedVolume{100, -50, 30, -80, 60, -20, 40, -10};
const std::vector<double> kPriceChange{.1, -.04, .02, -.09, .05, -.01, .05, -.02};

/// The normal equations X'X b = X'y by Cramer's rule and the sandwich (X'X)^-1 S (X'X)^-1, in long double.
struct Textbook {
    long double intercept = 0, slope = 0, slope_error = 0, slope_error_hac = 0;
    long double intercept_error = 0, intercept_error_hac = 0;
};
Textbook textbook(const std::vector<double>& x, const std::vector<double>& y, std::size_t lags) {
    long double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        n += 1;
        sx += x[i];
        sy += y[i];
        sxx += static_cast<long double>(x[i]) * x[i];
        sxy += static_cast<long double>(x[i]) * y[i];
    }
    const long double det = n * sxx - sx * sx;
    Textbook fit{.intercept = (sxx * sy - sx * sxy) / det, .slope = (n * sxy - sx * sy) / det};
    std::vector<long double> error;
    long double squares = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        error.push_back(y[i] - fit.intercept - fit.slope * x[i]);
        squares += error.back() * error.back();
    }
    fit.slope_error = std::sqrt(squares / (n - 2) * n / det);
    // Meat of the sandwich: sum over lags of w_l (g_t g_{t-l}' + g_{t-l} g_t') with g_t = e_t (1, x_t).
    long double m00 = 0, m01 = 0, m11 = 0;
    for (std::size_t lag = 0; lag <= lags; ++lag) {
        const long double weight =
            lag == 0 ? .5L : 1 - static_cast<long double>(lag) / static_cast<long double>(lags + 1);
        for (std::size_t t = lag; t < x.size(); ++t) {
            const long double product = weight * error[t] * error[t - lag];
            m00 += 2 * product;
            m01 += product * (x[t] + x[t - lag]);
            m11 += 2 * product * x[t] * x[t - lag];
        }
    }
    // Second row of (X'X)^-1 is (-sx, n)/det.
    fit.slope_error_hac = std::sqrt((sx * sx * m00 - 2 * sx * n * m01 + n * n * m11)) / det;
    fit.intercept_error = std::sqrt(squares / (n - 2) * sxx / det);
    // The first row is (sxx, -sx)/det.
    fit.intercept_error_hac = std::sqrt(sxx * sxx * m00 - 2 * sxx * sx * m01 + sx * sx * m11) / det;
    return fit;
}

TEST(LeastSquares, KyleLambdaVector) {
    const auto fit = least_squares(kSignedVolume, kPriceChange, 2);
    ASSERT_TRUE(fit.has_value());
    EXPECT_NEAR(fit->intercept, -0.001175288799598182, 1e-15);
    EXPECT_NEAR(fit->slope, 0.0009914615770969361, 1e-15);
    EXPECT_NEAR(fit->slope_error, 6.776356534130714e-05, 1e-15);
    EXPECT_NEAR(fit->t, 14.631189668123373, 1e-9);
    EXPECT_NEAR(fit->r_squared, 0.9727361596368549, 1e-12);
    EXPECT_NEAR(fit->slope_error_hac, 2.5320980885909353e-05, 1e-15);
    EXPECT_NEAR(fit->t_hac, 39.155733404019344, 1e-8);
    EXPECT_NEAR(*slope_through_origin(kSignedVolume, kPriceChange), 0.000988235294117647, 1e-15);
    EXPECT_DOUBLE_EQ(*least_squares_slope(kSignedVolume, kPriceChange), fit->slope);
}

TEST(LeastSquares, EqualsTheNormalEquationsOnRandomData) {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        Prng prng(seed);
        std::vector<double> x, y;
        for (std::size_t i = 0; i < 30 + seed % 230; ++i) {
            x.push_back(prng.normal() * 3 + 1);
            y.push_back(.7 * x.back() - 2 + prng.normal() * (1 + std::abs(x.back())));
        }
        for (const std::size_t lags : {std::size_t{0}, std::size_t{3}, std::size_t{7}}) {
            const auto fit = least_squares(x, y, lags);
            ASSERT_TRUE(fit.has_value());
            const Textbook expected = textbook(x, y, lags);
            EXPECT_NEAR(fit->slope, static_cast<double>(expected.slope), 1e-11);
            EXPECT_NEAR(fit->intercept, static_cast<double>(expected.intercept), 1e-11);
            EXPECT_NEAR(fit->slope_error, static_cast<double>(expected.slope_error), 1e-11);
            EXPECT_NEAR(fit->slope_error_hac, static_cast<double>(expected.slope_error_hac), 1e-11);
            EXPECT_NEAR(fit->intercept_error, static_cast<double>(expected.intercept_error), 1e-11);
            EXPECT_NEAR(fit->intercept_error_hac, static_cast<double>(expected.intercept_error_hac), 1e-11);
        }
    }
}

TEST(LeastSquares, BetaVector) {
    const auto fit = least_squares(test::kBitcoinReturns, test::kAltReturns, 3);
    ASSERT_TRUE(fit.has_value());
    EXPECT_NEAR(fit->intercept, -0.00034224027362120605, 1e-18);
    EXPECT_NEAR(fit->slope, 1.510688328345447, 1e-14);
    EXPECT_NEAR(fit->intercept_error, 0.0006058284199606972, 1e-17);
    EXPECT_NEAR(fit->slope_error, 0.07476135376470992, 1e-15);
    EXPECT_NEAR(fit->intercept_t, -0.564912873587886, 1e-13);
    EXPECT_NEAR(fit->t, 20.206808093656363, 1e-11);
    EXPECT_NEAR(fit->t_of_slope(1), 6.830913334617953, 1e-11);
    EXPECT_NEAR(fit->r_squared, 0.9760945752152934, 1e-14);
    EXPECT_NEAR(fit->residual_sd, 0.0020875247846142563, 1e-16);
    EXPECT_NEAR(fit->correlation, 0.9879749871405111, 1e-14);
    EXPECT_NEAR(fit->intercept_error_hac, 0.0005776526682125772, 1e-16);
    EXPECT_NEAR(fit->slope_error_hac, 0.0507366239833174, 1e-15);
    EXPECT_NEAR(fit->intercept_t_hac, -0.5924672254699273, 1e-12);
}

TEST(LeastSquares, ShiftingXOrYMovesOnlyTheIntercept) {
    std::vector<double> x = kSignedVolume, y = kPriceChange;
    const auto before = least_squares(x, y, 1);
    for (double& value : x) value += 1e6;
    for (double& value : y) value += 1e3;
    const auto after = least_squares(x, y, 1);
    ASSERT_TRUE(before && after);
    EXPECT_NEAR(after->slope, before->slope, 1e-12);
    EXPECT_NEAR(after->slope_error_hac, before->slope_error_hac, 1e-12);
}

TEST(LeastSquares, NothingToFit) {
    const std::vector<double> two{1, 2}, flat{.1, .1, .1, .1}, four{1, 2, 3, 4};
    EXPECT_FALSE(least_squares(two, two, 0).has_value());
    EXPECT_FALSE(least_squares(flat, four, 0).has_value());
    EXPECT_FALSE(least_squares_slope(flat, four).has_value());
    EXPECT_FALSE(slope_through_origin(std::vector<double>{0, 0}, two).has_value());
    EXPECT_DOUBLE_EQ(*least_squares_slope(two, two), 1);
}

TEST(LeastSquares, AnExactLineHasNoError) {
    const std::vector<double> x{1, 2, 3, 4}, y{5, 7, 9, 11};
    const auto fit = least_squares(x, y, 1);
    ASSERT_TRUE(fit.has_value());
    EXPECT_DOUBLE_EQ(fit->slope, 2);
    EXPECT_DOUBLE_EQ(fit->intercept, 3);
    EXPECT_EQ(fit->t, 0);
    EXPECT_DOUBLE_EQ(fit->r_squared, 1);
}

}  // namespace
}  // namespace vt::indicators
