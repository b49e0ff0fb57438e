#include "analysis/bitcoin_beta/residual_return.hpp"

#include "indicators/beta_shrinkage.hpp"

namespace vt::analysis::bitcoin_beta {
namespace {

/// (y - a - b x)/sd with the beta shrunk towards the prior and the line through the means. out: absent where the fit
/// is exact
std::optional<double> residual_of(const indicators::LineFit& line, const indicators::BetaPrior& prior,
                                  const BarReturns& returns, double x, double y) {
    if (!(line.residual_sd > 0)) return std::nullopt;
    const indicators::ShrunkBeta shrunk = indicators::vasicek(line.slope, line.slope_error, prior);
    const auto means = returns.means();
    const double alpha = means.y - shrunk.beta * means.x;
    return (y - alpha - shrunk.beta * x) / line.residual_sd;
}

bool is_usable(const BarReturns& returns) { return returns.line() && returns.n() >= kMinReturns; }

}  // namespace

ResidualReturn::ResidualReturn()
    : normalisers_{Normaliser{Frame::m5, MapKind::z0}, Normaliser{Frame::m30, MapKind::z0},
                   Normaliser{Frame::h4, MapKind::z0}} {}

Component ResidualReturn::describe() {
    const ScoreMap map{.kind = MapKind::z0, .sign = -1};
    return {.name = "residual_return",
            .unit = "sd",
            .weight = 0.25,
            .map = MapKind::z0,
            .sign = -1,
            .leaves = {{.frame = Frame::m5, .weight = 0.3, .map = map},
                       {.frame = Frame::m30, .weight = 0.4, .map = map},
                       {.frame = Frame::h4, .weight = 0.3, .map = map}}};
}

void ResidualReturn::take_past(std::size_t leaf, const BarReturn& bar, const BarReturns& before,
                               const indicators::BetaPrior& prior, std::vector<float>& scratch) {
    if (!is_usable(before) || before.line()->r_squared < kMinRSquared) return;
    normalisers_[leaf].advance(bar.close_time, scratch);
    normalisers_[leaf].offer(bar.close_time, residual_of(*before.line(), prior, before, bar.bitcoin, bar.own));
}

void ResidualReturn::evaluate(const BetaContext& context, Component& component) {
    for (std::size_t i = 0; i < kLeafFrames.size(); ++i) {
        const std::size_t frame = beta_index(kLeafFrames[i]);
        const BarReturns& returns = context.returns[frame];
        Residual& residual = residuals_[i];
        if (context.closes_minute()) {
            residual = {};
            const auto last = context.minutes.over(duration(kLeafFrames[i]), context.u());
            if (last && is_usable(returns)) {
                residual.is_driven = returns.line()->r_squared >= kMinRSquared;
                residual.at = context.u();
                if (residual.is_driven) {
                    residual.value = residual_of(*returns.line(), context.bitcoin.priors[frame], returns,
                                                 last->bitcoin, last->own);
                }
            }
        }
        Observation seen{.value = residual.value,
                         .events = static_cast<double>(returns.n()),
                         .events_min = kMinReturns,
                         .flags = context.quote_flags};
        seen.flags.set(Flag::kline_based, returns.is_kline_based());
        seen.flags.set(Flag::not_btc_driven, !residual.is_driven);
        const auto age = residual.at ? std::optional(context.u() - *residual.at) : std::nullopt;
        judge(component.leaves[i], normalisers_[i], seen,
              {{Input::minute_features, age},
               {Input::btc_mid, context.bitcoin.mid_age},
               {kBetaFrames[frame].input, context.bar_age(frame)}},
              context.second);
    }
}

}  // namespace vt::analysis::bitcoin_beta
