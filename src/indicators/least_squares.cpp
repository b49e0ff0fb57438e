#include "indicators/least_squares.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "statistics/newey_west.hpp"

#include <cmath>

namespace vt::indicators {
namespace {

/// Absent where x does not vary beyond rounding.
std::optional<PairMoments> moments_of(std::span<const double> x, std::span<const double> y) {
    PairMoments moments{.n = x.size(), .mean_x = math::mean(x), .mean_y = math::mean(y)};
    double largest = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double dx = x[i] - moments.mean_x;
        const double dy = y[i] - moments.mean_y;
        moments.xx += dx * dx;
        moments.xy += dx * dy;
        moments.yy += dy * dy;
        largest = std::abs(x[i]) > largest ? std::abs(x[i]) : largest;
    }
    if (moments.xx <= static_cast<double>(x.size()) * largest * largest * 1e-30) return std::nullopt;
    return moments;
}

/// The sum over all pairs of scores up to `lags` apart, with Bartlett's weights.
template <class Score>
double long_run_sum(std::size_t n, std::size_t lags, const Score& score) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += score(i) * score(i);
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        double product = 0;
        for (std::size_t i = lag; i < n; ++i) product += score(i) * score(i - lag);
        sum += 2 * statistics::bartlett_weight(lag, lags) * product;
    }
    return sum;
}

double ratio_or_zero(double value, double error) { return error > 0 ? value / error : 0; }

}  // namespace

LineFit fit_line(const PairMoments& moments, double squared_residuals) {
    const auto n = static_cast<double>(moments.n);
    LineFit fit{.slope = moments.xy / moments.xx, .n = moments.n};
    fit.intercept = moments.mean_y - fit.slope * moments.mean_x;
    fit.r_squared = moments.yy > 0 ? 1 - squared_residuals / moments.yy : 1;
    fit.correlation = moments.yy > 0 ? moments.xy / std::sqrt(moments.xx * moments.yy) : 0;
    fit.residual_sd = std::sqrt(squared_residuals / (n - 2));
    fit.slope_error = fit.residual_sd / std::sqrt(moments.xx);
    fit.intercept_error = fit.residual_sd * std::sqrt(1 / n + moments.mean_x * moments.mean_x / moments.xx);
    fit.t = ratio_or_zero(fit.slope, fit.slope_error);
    fit.intercept_t = ratio_or_zero(fit.intercept, fit.intercept_error);
    return fit;
}

std::optional<LineFit> least_squares(std::span<const double> x, std::span<const double> y, std::size_t lags) {
    VT_ASSERT(x.size() == y.size());
    const std::size_t n = x.size();
    if (n < 3) return std::nullopt;
    VT_ASSERT(lags < n);
    const auto moments = moments_of(x, y);
    if (!moments) return std::nullopt;

    const double slope = moments->xy / moments->xx;
    const auto residual = [&](std::size_t i) { return (y[i] - moments->mean_y) - slope * (x[i] - moments->mean_x); };
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) squares += residual(i) * residual(i);
    LineFit fit = fit_line(*moments, squares);
    fit.lags = lags;
    // What one observation's error does to the slope, times xx, and to the intercept: their long-run variances are
    // the squared HAC errors.
    const double slope_meat =
        long_run_sum(n, lags, [&](std::size_t i) { return (x[i] - moments->mean_x) * residual(i); });
    const double intercept_meat = long_run_sum(n, lags, [&](std::size_t i) {
        const double leverage = moments->mean_x * (x[i] - moments->mean_x) / moments->xx;
        return residual(i) * (1 / static_cast<double>(n) - leverage);
    });
    fit.slope_error_hac = slope_meat > 0 ? std::sqrt(slope_meat) / moments->xx : 0;
    fit.intercept_error_hac = intercept_meat > 0 ? std::sqrt(intercept_meat) : 0;
    fit.t_hac = ratio_or_zero(fit.slope, fit.slope_error_hac);
    fit.intercept_t_hac = ratio_or_zero(fit.intercept, fit.intercept_error_hac);
    return fit;
}

std::optional<double> least_squares_slope(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    if (x.size() < 2) return std::nullopt;
    const auto moments = moments_of(x, y);
    if (!moments) return std::nullopt;
    return moments->xy / moments->xx;
}

std::optional<double> slope_through_origin(std::span<const double> x, std::span<const double> y) {
    VT_ASSERT(x.size() == y.size());
    double xx = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += x[i] * x[i];
        xy += x[i] * y[i];
    }
    if (!(xx > 0)) return std::nullopt;
    return xy / xx;
}

}  // namespace vt::indicators
