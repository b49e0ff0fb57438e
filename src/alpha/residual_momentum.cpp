#include "alpha/residual_momentum.hpp"

#include "alpha/facts.hpp"
#include "confluence/wording.hpp"
#include "indicators/confidence.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr Nanos kMomentumHorizon = std::chrono::hours{8};

}  // namespace

std::optional<ResidualMomentum> measure_momentum(const Bars& half_hours, const Params& params) {
    const std::size_t used = std::size_t{params.momentum_bars} + params.momentum_skip;
    if (params.momentum_bars == 0 || half_hours.size() < used) return std::nullopt;
    const auto residuals = residuals_of(half_hours);
    if (!residuals) return std::nullopt;
    const double move = residual_move(half_hours.part(half_hours.size() - used, params.momentum_bars), *residuals);
    return ResidualMomentum{
        .move = move, .beta = residuals->beta, .p = indicators::two_sided_p(move), .coverage = half_hours.coverage};
}

Verdict judge_residual_momentum(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::residual_momentum);
    const auto& found = facts.measured.momentum;
    if (!found) return not_measured(Strategy::residual_momentum);
    Verdict verdict{.strategy = Strategy::residual_momentum, .coverage = found->coverage};
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_least("momentum", std::abs(found->move), params.momentum_sd, "sd of a walk, beside Bitcoin"),
        at_most("chance", found->q, params.chance_max, "of such moves would be chance"),
    };
    const double hours = static_cast<double>(params.momentum_bars) / 2;
    conclude(verdict, found->move, params.momentum_sd, kMomentumHorizon,
             {"moved " + number(found->move, 1) + " sd beside Bitcoin in " + number(hours, 0) + " h, beta " +
              number(found->beta, 2)});
    return verdict;
}

}  // namespace vt::alpha
