#include "alpha/residual_reversion.hpp"

#include "alpha/facts.hpp"
#include "base/math.hpp"
#include "confluence/wording.hpp"
#include "indicators/least_squares.hpp"
#include "statistics/normal.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr double kBarMinutes = 5;
constexpr double kHalfLivesWaited = 3;  // seven eighths of the distance
constexpr Nanos kReversionHorizonMin = std::chrono::minutes{15};
constexpr Nanos kReversionHorizonMax = std::chrono::hours{8};

Nanos reversion_horizon(const ResidualLevel& level) {
    const double most = to_seconds(kReversionHorizonMax) / 60;
    const double minutes = std::min(most, kHalfLivesWaited * level.half_life_bars * kBarMinutes);
    return std::max(Nanos{std::chrono::minutes{std::llround(minutes)}}, kReversionHorizonMin);
}

}  // namespace

double dickey_fuller_p(double t) {
    if (t > 2.74) return 1;
    if (t < -18) return 0;
    return statistics::normal_cdf(t <= -1.61 ? 2.1659 + t * (1.4412 + t * 0.038269)
                                             : 1.7339 + t * (0.93202 + t * (-0.12745 + t * -0.010368)));
}

double ResidualLevel::given_back_bps(double bars) const {
    return -distance_bps * (1 - math::exp2(-bars / half_life_bars));
}

std::optional<ResidualLevel> measure_level(const Bars& bars) {
    const auto residuals = residuals_of(bars);
    if (!residuals) return std::nullopt;
    std::vector<double> level, step;
    level.reserve(bars.size());
    step.reserve(bars.size());
    double at = bars.own[0] - residuals->beta * bars.bitcoin[0];
    for (std::size_t i = 1; i < bars.size(); ++i) {
        level.push_back(at);
        step.push_back(bars.own[i] - residuals->beta * bars.bitcoin[i]);
        at += step.back();
    }
    const auto line = indicators::least_squares(level, step, 0);
    if (!line || !(line->residual_sd > 0) || !(line->slope < 0) || !(line->slope > -1)) return std::nullopt;
    const double kept = 1 + line->slope;  // of a distance, by a bar
    const double sd = line->residual_sd / std::sqrt(1 - kept * kept);
    const double distance = at + line->intercept / line->slope;
    return ResidualLevel{.distance = distance / sd,
                         .distance_bps = 1e4 * distance,
                         .half_life_bars = -1 / math::log2(kept),
                         .t = line->t,
                         .p = dickey_fuller_p(line->t),
                         .beta = residuals->beta,
                         .coverage = bars.coverage};
}

Verdict judge_residual_reversion(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::residual_reversion);
    const auto& found = facts.measured.level;
    if (!found) return not_measured(Strategy::residual_reversion);
    Verdict verdict{.strategy = Strategy::residual_reversion, .coverage = found->coverage};
    const double half_life = kBarMinutes * found->half_life_bars;
    const Nanos horizon = reversion_horizon(*found);
    const double to_come = found->given_back_bps(to_seconds(horizon) / 60 / kBarMinutes);
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_most("chance", found->q, params.chance_max, "of such levels would be chance"),
        at_most("half_life", half_life, params.half_life_max_minutes, "min until half of it is given back"),
        at_least("distance", std::abs(found->distance), params.reversion_sd, "sd from its level beside Bitcoin"),
        at_least("worth", worth_of(facts, to_come), params.worth_min, "round trips still to come"),
    };
    conclude(verdict, -found->distance, params.reversion_sd, horizon,
             {number(std::abs(found->distance), 1) + " sd (" + number(std::abs(found->distance_bps), 0) + " bps) " +
                  (found->distance > 0 ? "above" : "below") + " its level beside Bitcoin",
              "half of a distance is given back in " + number(half_life, 0) + " min, Dickey-Fuller t " +
                  number(found->t, 1)});
    return verdict;
}

}  // namespace vt::alpha
