#include "alpha/alpha_breakout.hpp"

#include "alpha/facts.hpp"
#include "confluence/wording.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr Nanos kBreakoutHorizon = std::chrono::hours{4};

/// The frame whose alpha is farthest from zero among those that were tested. out: absent where none was
std::optional<std::size_t> strongest_alpha(const Facts& facts) {
    std::optional<std::size_t> strongest;
    double size = 0;
    for (std::size_t i = 0; i < analysis::kBetaFrames.size(); ++i) {
        if (!facts.alphas[i] || !facts.alphas[i]->q) continue;
        if (strongest && std::abs(facts.alphas[i]->t) <= size) continue;
        strongest = i;
        size = std::abs(facts.alphas[i]->t);
    }
    return strongest;
}

}  // namespace

Verdict judge_alpha_breakout(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::alpha_breakout);
    const auto frame = strongest_alpha(facts);
    if (!frame) return not_measured(Strategy::alpha_breakout);
    const Alpha& alpha = *facts.alphas[*frame];
    Verdict verdict{.strategy = Strategy::alpha_breakout, .coverage = alpha.coverage};
    std::optional<double> along;
    if (facts.residual_30m) along = alpha.t < 0 ? -*facts.residual_30m : *facts.residual_30m;
    verdict.conditions = {
        at_least("coverage", alpha.coverage, params.coverage_min, "of the evidence"),
        at_least("alpha", std::abs(alpha.t), params.alpha_t, "t of alpha, Newey and West"),
        at_most("chance", alpha.q, params.chance_max, "of such alphas would be chance"),
        at_least("breakout", along, params.breakout_sd, "sd of the last half hour, in alpha's direction"),
    };
    std::vector<std::string> reasons;
    if (along) {
        reasons = {"alpha of " + std::string(analysis::name(analysis::kBetaFrames[*frame].frame)) + " bars has t " +
                       number(alpha.t, 1) + " (" + std::to_string(alpha.n) + " bars)",
                   "the last half hour went " + number(*along, 1) + " sd the same way, beside Bitcoin"};
    }
    conclude(verdict, alpha.t, params.alpha_t, kBreakoutHorizon, std::move(reasons));
    return verdict;
}

}  // namespace vt::alpha
