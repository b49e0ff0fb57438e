#pragma once

#include "analysis/bitcoin_beta/bar_returns.hpp"
#include "base/time.hpp"
#include "indicators/beta_break.hpp"
#include "indicators/beta_shrinkage.hpp"
#include "indicators/confidence.hpp"
#include "indicators/dimson_beta.hpp"
#include "indicators/kalman_beta.hpp"
#include "indicators/least_squares.hpp"
#include "indicators/scholes_williams.hpp"
#include "indicators/up_down_beta.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta {

/// A beta and how well it is known. `n`: the bars behind it.
struct BetaValue {
    double beta = 0;
    double error = 0;
    std::size_t n = 0;
};

/// What the bars of one frame say of an instrument's beta, by every estimator that has an answer. Shown, and used for
/// risk; what points somewhere is in the components.
struct BetaEstimates {
    Timestamp at;  ///< close of the newest bar
    std::size_t n = 0;
    double coverage = 0;  ///< n of the window, times .7 where most bars are from candles
    bool is_kline_based = false;
    indicators::LineFit least_squares;  ///< with Newey-West errors
    std::optional<indicators::Interval> correlation;
    indicators::ShrunkBeta vasicek;
    BetaValue blume;
    std::optional<BetaValue> ewma;
    std::optional<BetaValue> kalman;
    std::optional<BetaValue> scholes_williams;
    std::optional<BetaValue> dimson;
    std::optional<indicators::UpDownBeta> up_down;
    std::optional<indicators::BreakTest> broken;
    /// For exposure: the upper end of the 95 % interval of the least-squares beta, by the larger of its two errors.
    [[nodiscard]] double upper_beta() const;

    template <class Archive>
    void archive(Archive& a) {
        const auto some = [&](auto& value, auto&& fields) {
            bool has = value.has_value();
            a(has);
            if constexpr (Archive::kIsReader) {
                value.reset();
                if (has) value.emplace();
            }
            if (has) fields(*value);
        };
        const auto beta = [&](BetaValue& value) { a(value.beta, value.error, value.n); };
        indicators::LineFit& fit = least_squares;
        a(at, n, coverage, is_kline_based, fit.intercept, fit.slope, fit.slope_error, fit.slope_error_hac, fit.t,
          fit.t_hac, fit.intercept_error, fit.intercept_error_hac, fit.intercept_t, fit.intercept_t_hac,
          fit.correlation, fit.r_squared, fit.residual_sd, fit.n, fit.lags, vasicek.weight, vasicek.beta,
          vasicek.error, blume.beta, blume.error, blume.n);
        some(correlation, [&](indicators::Interval& interval) { a(interval.lower, interval.upper); });
        some(ewma, beta);
        some(kalman, beta);
        some(scholes_williams, beta);
        some(dimson, beta);
        some(up_down, [&](indicators::UpDownBeta& both) {
            a(both.up, both.up_error, both.down, both.down_error, both.wald, both.p, both.n_up, both.n_down);
        });
        some(broken, [&](indicators::BreakTest& test) { a(test.statistic, test.p, test.at); });
    }
};

/// A fitted step of the Kalman beta, kept for a while: finding it is the slow part.
struct KalmanStep {
    std::optional<indicators::KalmanParams> params;
    std::uint64_t revision = 0;  ///< of the returns it was fitted on

    template <class Archive>
    void archive(Archive& a) {
        bool has = params.has_value();
        a(has, revision);
        if constexpr (Archive::kIsReader) {
            if (has) params.emplace();
        }
        if (!has) return;
        a(params->beta_step, params->noise);
        refuse_unless(a, params->beta_step > 0 && params->beta_step < 1 && params->noise > 0 && params->noise < 1e6);
        if constexpr (Archive::kIsReader) {
            if (a.failed()) params.reset();
        }
    }
};

/// Every estimator of one frame.
///   in:   `prior` of the venue's betas; `x` and `y` are overwritten and keep their capacity
///   out:  absent for fewer than 10 bars and where Bitcoin did not move
///   cost: O(window), some 20 us; 58 passes more, 350 us, where `step` is due to be fitted anew
[[nodiscard]] std::optional<BetaEstimates> estimate_betas(const BarReturns& returns,
                                                          const indicators::BetaPrior& prior, KalmanStep& step,
                                                          std::vector<double>& x, std::vector<double>& y);

}  // namespace vt::analysis::bitcoin_beta
