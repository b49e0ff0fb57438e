#include "alpha/lead_lag.hpp"

#include "alpha/facts.hpp"
#include "confluence/wording.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using confluence::points;
using signals::at_least;
using signals::at_most;

/// Lags are half a minute at most; a position is judged by minutes.
constexpr Nanos kLeadLagHorizon = std::chrono::minutes{15};

}  // namespace

Verdict judge_lead_lag(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::lead_lag);
    Verdict verdict{.strategy = Strategy::lead_lag, .coverage = facts.gap_coverage};
    const auto& lead = facts.lead_lag;
    std::optional<double> share, figure;
    if (lead) share = lead->lambda;
    if (facts.gap_bps && lead && lead->own_sd_bps > 0) figure = *facts.gap_bps / lead->own_sd_bps;
    const auto size = figure ? std::optional(std::abs(*figure)) : std::nullopt;
    verdict.conditions = {
        {.name = "lead",
         .value = share,
         .threshold = 0,
         .unit = "of the gap closes; more than that is asked",
         .passes = share ? std::optional(*share > 0) : std::nullopt},
        at_least("coverage", lead ? std::optional(facts.gap_coverage) : std::nullopt, params.coverage_min,
                 "of the evidence"),
        at_most("chance", facts.lead_q, params.chance_max, "of such leads would be chance"),
        at_least("gap", size, params.gap_sd, "sd of its own move over the lag"),
        at_least("worth", worth_of(facts, facts.gap_bps), params.worth_min, "round trips still to come"),
    };
    std::vector<std::string> reasons;
    if (figure) {
        reasons = {points(*facts.gap_bps) + " bps behind Bitcoin, " + number(std::abs(*figure), 1) +
                       " sd of its own move over the lag",
                   "follows it " + std::to_string(lead->lag_s) + " s later with beta " + number(lead->beta, 2) +
                       ", t " + number(lead->t_hac, 1)};
    }
    conclude(verdict, figure, params.gap_sd, kLeadLagHorizon, std::move(reasons));
    return verdict;
}

}  // namespace vt::alpha
