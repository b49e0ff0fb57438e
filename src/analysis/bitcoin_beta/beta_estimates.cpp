#include "analysis/bitcoin_beta/beta_estimates.hpp"

#include "analysis/coverage.hpp"
#include "indicators/correlation_interval.hpp"
#include "indicators/ewma_beta.hpp"
#include "statistics/newey_west.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace vt::analysis::bitcoin_beta {
namespace {

using Series = std::span<const double>;

constexpr std::size_t kMinBars = 10;
constexpr std::uint64_t kBarsBetweenFits = 60;

void estimate_ewma(Series x, Series y, BetaEstimates& found) {
    indicators::EwmaBeta ewma;
    for (std::size_t i = 0; i < x.size(); ++i) ewma.push(x[i], y[i]);
    const auto beta = ewma.beta();
    const auto error = ewma.error();
    if (beta && error) found.ewma = BetaValue{*beta, *error, x.size()};
}

void estimate_kalman(Series x, Series y, const KalmanStep& step, BetaEstimates& found) {
    if (!step.params) return;
    indicators::KalmanBeta filter(*step.params);
    for (std::size_t i = 0; i < x.size(); ++i) filter.push(x[i], y[i]);
    found.kalman = BetaValue{filter.beta(), std::sqrt(std::max(0.0, filter.beta_variance())), x.size()};
}

}  // namespace

double BetaEstimates::upper_beta() const {
    const double error = std::max(least_squares.slope_error, least_squares.slope_error_hac);
    return least_squares.slope + indicators::kNormal95 * error;
}

std::optional<BetaEstimates> estimate_betas(const BarReturns& returns, const indicators::BetaPrior& prior,
                                            KalmanStep& step, std::vector<double>& x, std::vector<double>& y) {
    if (returns.n() < kMinBars) return std::nullopt;
    returns.copy(x, y);
    const auto line = indicators::least_squares(x, y, statistics::newey_west_lags(x.size()));
    if (!line) return std::nullopt;

    BetaEstimates found{.at = *returns.newest(), .n = x.size(), .is_kline_based = returns.is_kline_based()};
    Flags flags;
    flags.set(Flag::kline_based, found.is_kline_based);
    found.coverage = static_cast<double>(found.n) / static_cast<double>(returns.window()) * flag_coverage(flags);
    found.least_squares = *line;
    found.correlation = indicators::correlation_interval(line->correlation, found.n);
    found.vasicek = indicators::vasicek(line->slope, line->slope_error, prior);
    found.blume = {indicators::blume(line->slope), 2.0 / 3 * line->slope_error, found.n};
    found.up_down = indicators::up_down_beta(x, y);
    found.broken = indicators::beta_break(x, y);
    estimate_ewma(x, y, found);
    if (!step.params || returns.revision() - step.revision >= kBarsBetweenFits)
        step = {indicators::fit_kalman_beta(x, y), returns.revision()};
    estimate_kalman(x, y, step, found);

    returns.copy_unbroken(x, y);
    if (const auto late = indicators::scholes_williams(x, y))
        found.scholes_williams = BetaValue{late->beta, late->error, late->n};
    if (const auto late = indicators::dimson(x, y)) found.dimson = BetaValue{late->beta, late->error, late->n};
    return found;
}

}  // namespace vt::analysis::bitcoin_beta
