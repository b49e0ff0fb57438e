#include "alpha/verdict.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::alpha {

double strength(double figure, double threshold) {
    // .6 is what of the 50 points is left at the threshold.
    constexpr double kLeft = 1 - kThresholdDistance / 50;
    const double distance = 50 * (1 - math::pow(kLeft, std::abs(figure) / threshold));
    return figure < 0 ? 50 - distance : 50 + distance;
}

void conclude(Verdict& verdict, const std::optional<double>& figure, double threshold, Nanos horizon,
              std::vector<std::string> reasons) {
    if (!figure) return;
    verdict.figure = *figure / threshold;
    verdict.score = strength(*figure, threshold);
    const auto side = signals::leaning(verdict.score);
    const bool is_met = std::ranges::all_of(verdict.conditions,
                                            [](const signals::Gate& condition) { return condition.passes == true; });
    if (!side || !is_met) return;
    verdict.finding =
        Finding{.side = *side, .score = verdict.score, .horizon = horizon, .reasons = std::move(reasons)};
}

Verdict not_applicable(Strategy strategy) {
    return {
        .strategy = strategy,
        .conditions = {{.name = "applies", .unit = "no beta to Bitcoin is asked of this market", .passes = false}}};
}

Verdict not_measured(Strategy strategy) {
    return {.strategy = strategy,
            .conditions = {{.name = "measured", .unit = "its bars have not been measured yet"}}};
}

}  // namespace vt::alpha
