#include "confluence/regime.hpp"

#include "base/math.hpp"

namespace vt::confluence {
namespace {

double logistic(double x) { return 1 / (1 + math::exp(-x)); }

/// Whether a kind that `was` so is so at probability p; an unknown one is not.
bool is_held(bool was, const std::optional<double>& p) {
    return p && *p >= (was ? RegimeFilter::kLeave : RegimeFilter::kEnter);
}

}  // namespace

std::optional<std::array<double, kRegimeCount>> probabilities(const Regime& regime) {
    if (!regime.p_stress || !regime.p_trend) return std::nullopt;
    const double quiet = 1 - *regime.p_stress;
    return std::array<double, kRegimeCount>{quiet * (1 - *regime.p_trend), quiet * *regime.p_trend, *regime.p_stress};
}

std::optional<double> probability_of_label(const Regime& regime) {
    if (!regime.label) return std::nullopt;
    if (regime.label == RegimeLabel::stressed) return regime.p_stress;
    const auto likely = probabilities(regime);
    return likely ? std::optional((*likely)[static_cast<std::size_t>(*regime.label)]) : std::nullopt;
}

Regime RegimeFilter::update(const analysis::MarketState& market) {
    Regime regime{.market = market, .p_stress = {}, .p_trend = {}, .label = {}};
    if (market.volatility_percentile) regime.p_stress = logistic((*market.volatility_percentile - 90) / 3);
    if (market.trend_efficiency) regime.p_trend = logistic((*market.trend_efficiency - 0.35) / 0.05);
    is_stressed_ = is_held(is_stressed_, regime.p_stress);
    is_trending_ = is_held(is_trending_, regime.p_trend);
    if (is_stressed_) {
        regime.label = RegimeLabel::stressed;
    } else if (regime.p_stress && regime.p_trend) {
        regime.label = is_trending_ ? RegimeLabel::trending : RegimeLabel::calm;
    }
    return regime;
}

}  // namespace vt::confluence
