#include "indicators/least_squares.hpp"

#include "base/assert.hpp"

#include <cmath>

namespace vt::indicators {
namespace {

double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

/// Centred sums of squares and products; absent where x does not vary beyond rounding.
struct Moments {
    double mean_x = 0, mean_y = 0;
    double xx = 0, xy = 0, yy = 0;
};
std::optional<Moments> moments_of(std::span<const double> x, std::span<const double> y) {
    Moments moments{.mean_x = mean_of(x), .mean_y = mean_of(y)};
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

}  // namespace

std::optional<LineFit> least_squares(std::span<const double> x, std::span<const double> y, std::size_t lags) {
    VT_ASSERT(x.size() == y.size());
    const std::size_t n = x.size();
    if (n < 3) return std::nullopt;
    VT_ASSERT(lags < n);
    const auto moments = moments_of(x, y);
    if (!moments) return std::nullopt;

    LineFit fit{.slope = moments->xy / moments->xx, .n = n, .lags = lags};
    fit.intercept = moments->mean_y - fit.slope * moments->mean_x;
    // u_i = (x_i - mean) residual_i: the score of the slope, whose long-run variance is HAC's meat.
    const auto residual = [&](std::size_t i) {
        return (y[i] - moments->mean_y) - fit.slope * (x[i] - moments->mean_x);
    };
    const auto score = [&](std::size_t i) { return (x[i] - moments->mean_x) * residual(i); };
    double squares = 0;
    double meat = 0;
    for (std::size_t i = 0; i < n; ++i) {
        squares += residual(i) * residual(i);
        meat += score(i) * score(i);
    }
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        double product = 0;
        for (std::size_t i = lag; i < n; ++i) product += score(i) * score(i - lag);
        meat += 2 * (1 - static_cast<double>(lag) / static_cast<double>(lags + 1)) * product;
    }
    fit.r_squared = moments->yy > 0 ? 1 - squares / moments->yy : 1;
    fit.residual_sd = std::sqrt(squares / static_cast<double>(n - 2));
    fit.slope_error = fit.residual_sd / std::sqrt(moments->xx);
    fit.slope_error_hac = meat > 0 ? std::sqrt(meat) / moments->xx : 0;
    fit.t = fit.slope_error > 0 ? fit.slope / fit.slope_error : 0;
    fit.t_hac = fit.slope_error_hac > 0 ? fit.slope / fit.slope_error_hac : 0;
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
