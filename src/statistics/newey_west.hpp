#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace vt::statistics {

/// The mean of a series and how far it is from zero, with an error that allows for serial correlation.
struct MeanTest {
    double mean = 0;
    double standard_error = 0;  ///< heteroscedasticity and autocorrelation consistent, Bartlett weights
    double t = 0;               ///< mean / standard_error
    std::size_t n = 0;
    std::size_t lags = 0;
};

/// The usual number of lags for n observations: floor(4 (n/100)^(2/9)).
///   source: Newey and West 1994
[[nodiscard]] std::size_t newey_west_lags(std::size_t n);

/// What products of values `lag` apart count in a long-run variance over `lags` of them: 1 - lag/(lags + 1).
///   source: Bartlett 1950
[[nodiscard]] inline double bartlett_weight(std::size_t lag, std::size_t lags) {
    return 1 - static_cast<double>(lag) / static_cast<double>(lags + 1);
}

/// t of the mean of `values`, in order of time.
///   in:   `lags` < the number of values
///   out:  absent for fewer than 2 values, and where the series does not vary (no error can be estimated)
///   cost: O(n lags), does not allocate
///   source: Newey and West 1987; no small-sample correction, as in statsmodels HAC with use_correction=False
[[nodiscard]] std::optional<MeanTest> newey_west_mean(std::span<const double> values, std::size_t lags);
/// With newey_west_lags(n) lags.
[[nodiscard]] std::optional<MeanTest> newey_west_mean(std::span<const double> values);

}  // namespace vt::statistics
