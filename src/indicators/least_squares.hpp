#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::indicators {

/// The straight line y = intercept + slope x of least squares, and how well it is known.
struct LineFit {
    double intercept = 0;
    double slope = 0;
    double slope_error = 0;      ///< classic: independent errors of equal size
    double slope_error_hac = 0;  ///< Newey-West with `lags`, no small-sample correction; below n = 60 it flatters
    double t = 0;                ///< slope / slope_error; 0 where the fit is exact
    double t_hac = 0;
    double intercept_error = 0;
    double intercept_error_hac = 0;
    double intercept_t = 0;
    double intercept_t_hac = 0;
    double correlation = 0;  ///< 0 where y does not vary
    double r_squared = 0;    ///< 1 where y does not vary and the fit is exact
    double residual_sd = 0;  ///< n - 2 degrees of freedom
    std::size_t n = 0;
    std::size_t lags = 0;

    /// t of the hypothesis slope = `value`, with the classic error; 0 where the fit is exact.
    [[nodiscard]] double t_of_slope(double value) const {
        return slope_error > 0 ? (slope - value) / slope_error : 0;
    }
};

/// Sums of squares and products about the means of n pairs.
struct PairMoments {
    std::size_t n = 0;
    double mean_x = 0, mean_y = 0;
    double xx = 0, xy = 0, yy = 0;
};
/// The line through pairs of which only the moments are known, with its classic errors.
///   in:  `moments` of 3 pairs or more, xx > 0; `squared_residuals` their sum, not negative
[[nodiscard]] LineFit fit_line(const PairMoments& moments, double squared_residuals);

/// Fits by two passes (means first), so that a large offset costs no digits.
///   in:   x and y of equal size, in order of time; `lags` < n
///   out:  absent for fewer than 3 points and where x does not vary
///   cost: O(n lags), does not allocate
///   source: Gauss-Markov; errors as statsmodels OLS and its HAC with use_correction=False
[[nodiscard]] std::optional<LineFit> least_squares(std::span<const double> x, std::span<const double> y,
                                                   std::size_t lags);

/// The slope alone, sum (x - mean) y / sum (x - mean)^2: all that a price-impact slope needs.
///   out:  absent for fewer than 2 points and where x does not vary
///   cost: O(n), does not allocate
[[nodiscard]] std::optional<double> least_squares_slope(std::span<const double> x, std::span<const double> y);

/// The slope of the line through the origin, sum x y / sum x^2. out: absent where x is all zero
[[nodiscard]] std::optional<double> slope_through_origin(std::span<const double> x, std::span<const double> y);

}  // namespace vt::indicators
