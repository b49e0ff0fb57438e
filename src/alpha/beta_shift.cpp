#include "alpha/beta_shift.hpp"

#include "alpha/facts.hpp"
#include "confluence/wording.hpp"
#include "indicators/least_squares.hpp"

#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr Nanos kShiftHorizon = std::chrono::hours{4};
constexpr std::size_t kShiftSideMin = 30;
constexpr double kShiftMoveSd = 0.5;

}  // namespace

std::optional<BetaShift> measure_shift(const Bars& bars, const indicators::BreakTest& broken,
                                       const std::optional<double>& kalman) {
    if (broken.at < kShiftSideMin || bars.size() < broken.at + kShiftSideMin) return std::nullopt;
    const Bars older = bars.part(0, broken.at);
    const Bars newer = bars.part(broken.at, bars.size() - broken.at);
    const auto before = indicators::least_squares(older.bitcoin, older.own, 0);
    const auto after = indicators::least_squares(newer.bitcoin, newer.own, 0);
    if (!before || !after || !(before->residual_sd > 0) || !(after->residual_sd > 0)) return std::nullopt;
    const double change = after->slope - before->slope;
    const double error =
        std::sqrt(before->slope_error * before->slope_error + after->slope_error * after->slope_error);
    double bitcoin = 0;
    for (const double one : newer.bitcoin) bitcoin += one;
    BetaShift shift{.before = before->slope,
                    .after = after->slope,
                    .change_sd = change / error,
                    .move = change * bitcoin / (before->residual_sd * std::sqrt(static_cast<double>(newer.size()))),
                    .p = broken.p,
                    .bars_after = newer.size(),
                    .coverage = bars.coverage};
    if (kalman && change != 0) shift.kalman_share = (*kalman - before->slope) / change;
    return shift;
}

Verdict judge_beta_shift(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::beta_shift);
    const auto& found = facts.measured.shift;
    if (!found) return not_measured(Strategy::beta_shift);
    Verdict verdict{.strategy = Strategy::beta_shift, .coverage = found->coverage};
    const double change = found->after - found->before;
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_most("chance", found->q, params.chance_max, "of such breaks would be chance"),
        at_least("change", std::abs(change), params.beta_change, "of beta"),
        at_least("shift", std::abs(found->change_sd), params.shift_sd, "sd of the change"),
        at_least("kalman", found->kalman_share, params.kalman_share, "of the change, by the Kalman beta"),
        at_least("move", std::abs(found->move), kShiftMoveSd, "sd that the shift moved the price by"),
    };
    const double figure = found->move < 0 ? -std::abs(found->change_sd) : std::abs(found->change_sd);
    conclude(
        verdict, figure, params.shift_sd, kShiftHorizon,
        {std::string(change > 0 ? "beta expanded" : "beta was compressed") + " from " + number(found->before, 2) +
             " to " + number(found->after, 2) + " " + std::to_string(found->bars_after) + " bars ago",
         "that moved the price by " + number(found->move, 1) + " sd since"});
    return verdict;
}

}  // namespace vt::alpha
