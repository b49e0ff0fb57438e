#include "statistics/probability_scores.hpp"

#include "base/math.hpp"
#include "statistics/log_odds.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vt::statistics {
namespace {

/// The weighted mean of cost(forecast).
template <class Cost>
std::optional<double> mean_of(std::span<const Forecast> forecasts, Cost&& cost) {
    double sum = 0, weights = 0;
    for (const Forecast& one : forecasts) {
        sum += one.weight * cost(one);
        weights += one.weight;
    }
    if (!(weights > 0)) return std::nullopt;
    return sum / weights;
}

double squared_error(const Forecast& one) {
    return (one.probability - one.outcome) * (one.probability - one.outcome);
}

}  // namespace

std::optional<double> brier_score(std::span<const Forecast> forecasts) { return mean_of(forecasts, squared_error); }

std::optional<double> log_loss(std::span<const Forecast> forecasts) {
    return mean_of(forecasts, [](const Forecast& one) {
        const double p = std::clamp(one.probability, 1e-15, 1 - 1e-15);
        return -(one.outcome * math::log(p) + (1 - one.outcome) * math::log(1 - p));
    });
}

std::optional<double> brier_skill(std::span<const Forecast> forecasts) {
    const auto base = mean_of(forecasts, [](const Forecast& one) { return one.outcome; });
    if (!base || !(*base > 0) || !(*base < 1)) return std::nullopt;
    return 1 - *brier_score(forecasts) / (*base * (1 - *base));
}

std::optional<double> area_under_curve(std::span<const Forecast> forecasts) {
    std::vector<Forecast> sorted(forecasts.begin(), forecasts.end());
    std::ranges::stable_sort(sorted, {}, &Forecast::probability);
    double area = 0, events = 0, others = 0;
    for (std::size_t i = 0; i < sorted.size();) {
        double events_here = 0, others_here = 0;
        const double p = sorted[i].probability;
        for (; i < sorted.size() && sorted[i].probability == p; ++i) {
            events_here += sorted[i].weight * sorted[i].outcome;
            others_here += sorted[i].weight * (1 - sorted[i].outcome);
        }
        area += events_here * (others + others_here / 2);
        events += events_here;
        others += others_here;
    }
    if (!(events > 0) || !(others > 0)) return std::nullopt;
    return area / (events * others);
}

std::optional<LogisticFit> calibration_line(std::span<const Forecast> forecasts) {
    std::vector<Observation> observations;
    observations.reserve(forecasts.size());
    for (const Forecast& one : forecasts) {
        observations.push_back({logit(std::clamp(one.probability, 1e-6, 1 - 1e-6)), one.outcome, one.weight});
    }
    return fit_logistic(observations);
}

}  // namespace vt::statistics
