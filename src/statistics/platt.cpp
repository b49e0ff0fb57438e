#include "statistics/platt.hpp"

#include "statistics/log_odds.hpp"
#include "statistics/logistic_fit.hpp"

#include <vector>

namespace vt::statistics {

double PlattMap::value(double x) const { return logistic(-(a * x + b)); }

std::optional<PlattMap> fit_platt(std::span<const Observation> outcomes) {
    double hits = 0, misses = 0;
    for (const Observation& one : outcomes) (one.y > 0.5 ? hits : misses) += one.weight;
    std::vector<Observation> targets(outcomes.begin(), outcomes.end());
    for (Observation& one : targets) one.y = one.y > 0.5 ? (hits + 1) / (hits + 2) : 1 / (misses + 2);
    const auto fit = fit_logistic(targets);
    if (!fit) return std::nullopt;
    return PlattMap{-fit->slope, -fit->intercept};
}

}  // namespace vt::statistics
