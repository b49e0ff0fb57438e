#include "alpha/beta_divergence.hpp"

#include "alpha/facts.hpp"
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

constexpr Nanos kDivergenceHorizon = std::chrono::hours{2};
constexpr std::size_t kHourBars = 12;

double root_mean_square(std::span<const double> values) {
    double squares = 0;
    for (const double value : values) squares += value * value;
    return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace

std::optional<BetaDivergence> measure_divergence(const Bars& five_minutes,
                                                 const analysis::bitcoin_beta::BetaEstimates& day,
                                                 const analysis::bitcoin_beta::BetaEstimates& week) {
    if (!day.dimson || five_minutes.size() < kHourBars) return std::nullopt;
    const double usual = root_mean_square(five_minutes.bitcoin);
    const double week_error = std::max(week.least_squares.slope_error, week.least_squares.slope_error_hac);
    const double error = std::sqrt(day.dimson->error * day.dimson->error + week_error * week_error);
    if (!(usual > 0) || !(error > 0)) return std::nullopt;
    double move = 0;
    for (const double one : five_minutes.bitcoin.last(kHourBars)) move += one;
    BetaDivergence found{.day = day.dimson->beta, .week = week.least_squares.slope};
    found.difference_sd = (found.day - found.week) / error;
    found.bitcoin = move / (usual * std::sqrt(static_cast<double>(kHourBars)));
    found.p = indicators::two_sided_p(found.difference_sd);
    if (day.broken) found.break_p = day.broken->p;
    found.coverage = std::min(five_minutes.coverage, week.coverage);
    return found;
}

Verdict judge_beta_divergence(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::beta_divergence);
    const auto& found = facts.measured.divergence;
    if (!found) return not_measured(Strategy::beta_divergence);
    Verdict verdict{.strategy = Strategy::beta_divergence, .coverage = found->coverage};
    const double difference = found->day - found->week;
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_most("chance", found->q, params.chance_max, "of such differences would be chance"),
        at_least("difference", std::abs(difference), params.beta_change, "of beta, day beside week"),
        at_least("divergence", std::abs(found->difference_sd), params.divergence_sd, "sd of the difference"),
        at_least("unbroken", found->break_p, params.chance_max, "chance of such a day without a break"),
        at_least("bitcoin", std::abs(found->bitcoin), params.bitcoin_sd, "sd of Bitcoin's last hour"),
    };
    const bool is_up = difference * found->bitcoin < 0;
    const double figure = is_up ? std::abs(found->difference_sd) : -std::abs(found->difference_sd);
    conclude(verdict, figure, params.divergence_sd, kDivergenceHorizon,
             {"beta of the day is " + number(found->day, 2) + ", of the week " + number(found->week, 2) + " (" +
                  number(std::abs(found->difference_sd), 1) + " sd apart)",
              "Bitcoin's last hour was " + number(found->bitcoin, 1) + " sd"});
    return verdict;
}

}  // namespace vt::alpha
