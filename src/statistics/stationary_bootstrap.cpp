#include "statistics/stationary_bootstrap.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "statistics/moments.hpp"
#include "statistics/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

constexpr std::size_t kFewest = 10;

/// The mean product of values `lag` apart, about the mean.
double covariance(std::span<const double> values, double mean, std::size_t lag) {
    double sum = 0;
    for (std::size_t i = lag; i < values.size(); ++i) sum += (values[i] - mean) * (values[i - lag] - mean);
    return sum / static_cast<double>(values.size());
}

/// After how many lags the correlations stay small for `run` lags; `most` where they do not.
std::size_t memory_of(std::span<const double> values, double mean, std::size_t run, std::size_t most) {
    const auto n = static_cast<double>(values.size());
    const double small = 2 * std::sqrt(math::log(n) / math::log(10) / n);
    const double variance = covariance(values, mean, 0);
    std::size_t quiet = 0;
    for (std::size_t lag = 1; lag < values.size() && lag <= most + run; ++lag) {
        quiet = std::abs(covariance(values, mean, lag)) < small * variance ? quiet + 1 : 0;
        if (quiet == run) return lag - run;
    }
    return most;
}

}  // namespace

double suitable_block_length(std::span<const double> values) {
    const std::size_t count = values.size();
    if (count < kFewest || !moments(values)) return 1;
    const auto n = static_cast<double>(count);
    const double mean = math::mean(values);
    const auto run = std::max<std::size_t>(5, static_cast<std::size_t>(math::log(n) / math::log(10)));
    const auto most = static_cast<std::size_t>(std::ceil(std::sqrt(n)));
    const std::size_t memory = memory_of(values, mean, run, most);
    const std::size_t lags = std::min({2 * std::max<std::size_t>(memory, 1), most + run, count - 1});
    double spectrum = covariance(values, mean, 0);
    double slope = 0;
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        const double share = static_cast<double>(lag) / static_cast<double>(lags);
        const double window = share <= 0.5 ? 1 : 2 * (1 - share);  // flat top
        const double product = 2 * window * covariance(values, mean, lag);
        spectrum += product;
        slope += product * static_cast<double>(lag);
    }
    const double longest = std::ceil(std::min(3 * std::sqrt(n), n / 3));
    if (!(spectrum * spectrum > 0)) return longest;
    // (2 slope^2 / (2 spectrum^2))^(1/3) n^(1/3)
    const double length = math::pow(slope * slope / (spectrum * spectrum) * n, 1.0 / 3);
    return std::clamp(length, 1.0, longest);
}

void resample(std::span<const double> values, double mean_block, Prng& prng, std::span<double> out) {
    VT_ASSERT(!values.empty());
    VT_ASSERT(out.size() == values.size());
    VT_ASSERT(mean_block >= 1);
    const std::size_t n = values.size();
    const double chance_of_end = 1 / mean_block;
    std::size_t at = prng.below(n);
    for (double& value : out) {
        value = values[at];
        at = prng.uniform() < chance_of_end ? prng.below(n) : at + 1 == n ? 0 : at + 1;
    }
}

double maximum_drawdown(std::span<const double> values) {
    double sum = 0, highest = 0, deepest = 0;
    for (const double value : values) {
        sum += value;
        highest = std::max(highest, sum);
        deepest = std::max(deepest, highest - sum);
    }
    return deepest;
}

std::optional<BootstrapIntervals> bootstrap_intervals(std::span<const double> values, const BootstrapPlan& plan,
                                                      Prng& prng) {
    VT_ASSERT(plan.resamples >= 100);
    VT_ASSERT(plan.confidence > 0);
    VT_ASSERT(plan.confidence < 1);
    if (values.size() < kFewest || !moments(values)) return std::nullopt;
    BootstrapIntervals found{.block = suitable_block_length(values)};
    std::vector<double> drawn(values.size());
    std::vector<double> means, ratios, falls;
    for (auto* figures : {&means, &ratios, &falls}) figures->reserve(plan.resamples);
    std::size_t not_above = 0;
    for (std::size_t i = 0; i < plan.resamples; ++i) {
        resample(values, found.block, prng, drawn);
        const double mean = math::mean(drawn);
        means.push_back(mean);
        if (!(mean > 0)) ++not_above;
        falls.push_back(maximum_drawdown(drawn));
        double squares = 0;
        for (const double value : drawn) squares += (value - mean) * (value - mean);
        if (squares > 0) ratios.push_back(mean / std::sqrt(squares / static_cast<double>(drawn.size() - 1)));
    }
    if (ratios.empty()) return std::nullopt;
    const auto between = [&plan](std::vector<double>& figures) {
        std::ranges::sort(figures);
        const double tail = (1 - plan.confidence) / 2;
        return Interval{quantile_of_sorted(figures, tail), quantile_of_sorted(figures, 1 - tail)};
    };
    found.mean = between(means);
    found.sharpe = between(ratios);
    found.maximum_drawdown = between(falls);
    found.share_not_above = static_cast<double>(not_above) / static_cast<double>(plan.resamples);
    return found;
}

}  // namespace vt::statistics
