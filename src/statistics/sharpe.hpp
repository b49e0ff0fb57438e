#pragma once

#include <optional>
#include <span>

namespace vt::statistics {

/// A Sharpe ratio as it was observed, and what its error depends on. Everything is for one period: a ratio for a
/// year and the number of days would make nonsense of all that follows.
struct SharpeSample {
    double ratio = 0;      ///< mean / standard deviation of a period's return
    double n = 0;          ///< periods, above 1; where they overlap, the effective number
    double skewness = 0;
    double kurtosis = 3;   ///< raw: 3 for a normal distribution
};

/// The ratio of a series of returns.
///   out:  absent for fewer than 2, and where they do not vary
[[nodiscard]] std::optional<SharpeSample> sharpe_of(std::span<const double> returns);

/// The chance that the true ratio is above `benchmark`.
///   out:    0..1; absent where the shape given leaves no variance (it cannot be that of a sample), and for n <= 1
///   source: Bailey and Lopez de Prado 2012 (PSR)
[[nodiscard]] std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark);

/// The largest of `trials` ratios that is to be expected where none has any edge.
///   in:     `variance` of the trials' ratios, in the unit of one period; `trials` may be an effective number
///   out:    0 for one trial; never below 0
///   source: Bailey and Lopez de Prado 2014; for trials = 10 1.5746 against the exact 1.5388
[[nodiscard]] double expected_maximum_sharpe(double trials, double variance);

/// The chance that the true ratio is above what luck alone gives the best of so many trials.
///   source: Bailey and Lopez de Prado 2014 (DSR)
[[nodiscard]] std::optional<double> deflated_sharpe(const SharpeSample& sample, double trials, double variance);

/// How many periods it takes until probabilistic_sharpe reaches `confidence`.
///   in:     0 < confidence < 1
///   out:    absent where the ratio is not above the benchmark: no length would do
///   source: Bailey and Lopez de Prado 2012 (MinTRL)
[[nodiscard]] std::optional<double> minimum_track_record(const SharpeSample& sample, double benchmark,
                                                         double confidence);

}  // namespace vt::statistics
