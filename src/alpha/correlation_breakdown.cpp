#include "alpha/correlation_breakdown.hpp"

#include "alpha/facts.hpp"
#include "base/math.hpp"
#include "confluence/wording.hpp"
#include "indicators/confidence.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr Nanos kBreakdownHorizon = std::chrono::hours{4};
constexpr std::size_t kBreakdownBarsMin = 12;

/// A correlation and the standard error of its atanh.
struct Correlation {
    double r = 0;
    double error = 0;
};

/// The error that the pairs themselves show, by the influence of each on r: u v - r (u^2 + v^2)/2 of standardised
/// values. Fisher's supposes normal ones and is far too small for returns; where it is the larger it stands.
/// out: absent where one of the two does not vary, or r is that of an exact line
std::optional<Correlation> correlation_of(const Bars& bars) {
    const auto n = static_cast<double>(bars.size());
    const double mean_x = math::mean(bars.bitcoin);
    const double mean_y = math::mean(bars.own);
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double x = bars.bitcoin[i] - mean_x;
        const double y = bars.own[i] - mean_y;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    if (!(xx > 0) || !(yy > 0)) return std::nullopt;
    const double r = xy / std::sqrt(xx * yy);
    if (!(std::abs(r) < 1)) return std::nullopt;
    double influences = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double u = (bars.bitcoin[i] - mean_x) / std::sqrt(xx / n);
        const double v = (bars.own[i] - mean_y) / std::sqrt(yy / n);
        const double influence = u * v - r * (u * u + v * v) / 2;
        influences += influence * influence;
    }
    const double shown = std::sqrt(influences) / n / (1 - r * r);
    return Correlation{.r = r, .error = std::max(shown, 1 / std::sqrt(n - 3))};
}

}  // namespace

std::optional<CorrelationChange> measure_correlation(const Bars& five_minutes, const Params& params) {
    const std::size_t now = params.breakdown_bars;
    if (now < kBreakdownBarsMin || five_minutes.size() < now + kMinBars) return std::nullopt;
    const std::size_t before = five_minutes.size() - now;
    const Bars older = five_minutes.part(0, before);
    const Bars newer = five_minutes.part(before, now);
    const auto usual = residuals_of(older);
    const auto then = correlation_of(older);
    const auto last = correlation_of(newer);
    if (!usual || !then || !last) return std::nullopt;
    const double error = std::sqrt(then->error * then->error + last->error * last->error);
    return CorrelationChange{.before = then->r,
                             .now = last->r,
                             .move = residual_move(newer, *usual),
                             .p = indicators::two_sided_p((math::atanh(then->r) - math::atanh(last->r)) / error),
                             .bars_now = now,
                             .coverage = five_minutes.coverage};
}

Verdict judge_correlation_breakdown(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::correlation_breakdown);
    const auto& found = facts.measured.correlation;
    if (!found) return not_measured(Strategy::correlation_breakdown);
    Verdict verdict{.strategy = Strategy::correlation_breakdown, .coverage = found->coverage};
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_least("correlation_before", found->before, params.correlation_before, "correlation before"),
        at_most("correlation_now", found->now, params.correlation_now, "correlation now"),
        at_most("chance", found->q, params.chance_max, "of such falls would be chance"),
        at_least("move", std::abs(found->move), params.breakdown_sd, "sd by itself meanwhile"),
    };
    const double hours = static_cast<double>(found->bars_now) / 12;
    conclude(verdict, found->move, params.breakdown_sd, kBreakdownHorizon,
             {"correlation with Bitcoin fell from " + number(found->before, 2) + " to " + number(found->now, 2) +
                  " in the last " + number(hours, 1) + " h",
              "went " + number(found->move, 1) + " sd by itself meanwhile"});
    return verdict;
}

}  // namespace vt::alpha
