#include "indicators/technical_set.hpp"

#include <algorithm>

namespace vt::indicators {
namespace {

constexpr double kLeastPriceShare = 0.9999;  // of an average that began at 0
constexpr double kVwapBandWidth = 2;         // deviations, as of the Bollinger bands

/// A member of a value that may be absent as a whole.
template <class Value>
std::optional<double> of(const std::optional<Value>& value, double Value::* member) {
    return value ? std::optional((*value).*member) : std::nullopt;
}
template <class Value>
std::optional<double> of(const std::optional<Value>& value, std::optional<double> Value::* member) {
    return value ? (*value).*member : std::nullopt;
}
template <class Value>
std::optional<double> of(const std::optional<Value>& value, bool Value::* member) {
    return value ? std::optional((*value).*member ? 1.0 : 0.0) : std::nullopt;
}
template <class Value>
std::optional<double> of(const std::optional<Value>& value, std::optional<bool> Value::* member) {
    if (!value || !((*value).*member)) return std::nullopt;
    return *((*value).*member) ? 1.0 : 0.0;
}
template <class Value>
std::optional<double> of(const std::optional<Value>& value, std::uint32_t Value::* member) {
    return value ? std::optional(static_cast<double>((*value).*member)) : std::nullopt;
}

}  // namespace

void TechnicalSet::update(const Bar& bar) {
    update_averages(bar);
    update_momentum(bar);
    update_stochastics(bar);
    update_directions(bar);
    update_oscillators(bar);
    update_trends(bar);
    update_volatilities(bar);
    update_volumes(bar);
    update_statistics(bar);
    update_cycles(bar);
}

void TechnicalSet::update_averages(const Bar& bar) {
    using enum TechnicalValue;
    set(sma_20, sma_20_.update(bar.close));
    set(sma_50, sma_50_.update(bar.close));
    set(sma_200, sma_200_.update(bar.close));
    set(ema_12, ema_12_.update(bar.close));
    set(ema_26, ema_26_.update(bar.close));
    set(ema_50, ema_50_.update(bar.close));
    set(ema_200, ema_200_.update(bar.close));
    set(wma_20, wma_20_.update(bar.close));
    set(dema_20, dema_20_.update(bar.close));
    set(tema_20, tema_20_.update(bar.close));
    set(trima_20, trima_20_.update(bar.close));
    set(kama_10, kama_10_.update(bar.close));
    set(t3_5, t3_5_.update(bar.close));
    set(hma_20, hma_20_.update(bar.close));
    set(TechnicalValue::median_price, indicators::median_price(bar));
    set(TechnicalValue::typical_price, indicators::typical_price(bar));
    set(TechnicalValue::weighted_price, indicators::weighted_price(bar));
    set(TechnicalValue::average_price, indicators::average_price(bar));
}

void TechnicalSet::update_momentum(const Bar& bar) {
    using enum TechnicalValue;
    const auto macd = macd_.update(bar.close);
    set(macd_line, of(macd, &Macd::Value::line));
    set(macd_signal, of(macd, &Macd::Value::signal));
    set(macd_histogram, of(macd, &Macd::Value::histogram));
    const auto oscillator = price_oscillator_.update(bar.close);
    set(apo, of(oscillator, &PriceOscillator::Value::difference));
    set(ppo, of(oscillator, &PriceOscillator::Value::percent));
    set(trix_15, trix_.update(bar.close));
    set(rsi_14, rsi_.update(bar.close));
    set(cmo_14, cmo_.update(bar.close));
    const auto change = change_.update(bar.close);
    set(mom_10, of(change, &RateOfChange::Value::difference));
    set(roc_10, of(change, &RateOfChange::Value::percent));
}

void TechnicalSet::update_stochastics(const Bar& bar) {
    using enum TechnicalValue;
    const auto fast = fast_stochastic_.update(bar);
    set(stochastic_fast_k, of(fast, &StochasticValue::k));
    set(stochastic_fast_d, of(fast, &StochasticValue::d));
    const auto slow = slow_stochastic_.update(bar);
    set(stochastic_k, of(slow, &StochasticValue::k));
    set(stochastic_d, of(slow, &StochasticValue::d));
    const auto of_rsi = stochastic_rsi_.update(bar.close);
    set(stochastic_rsi_k, of(of_rsi, &StochasticValue::k));
    set(stochastic_rsi_d, of(of_rsi, &StochasticValue::d));
    set(williams_r_14, williams_r_.update(bar));
}

void TechnicalSet::update_directions(const Bar& bar) {
    using enum TechnicalValue;
    using Movement = DirectionalMovement::Value;
    const auto movement = movement_.update(bar);
    set(plus_dm_14, of(movement, &Movement::plus_dm));
    set(minus_dm_14, of(movement, &Movement::minus_dm));
    set(plus_di_14, of(movement, &Movement::plus_di));
    set(minus_di_14, of(movement, &Movement::minus_di));
    set(dx_14, of(movement, &Movement::dx));
    set(adx_14, of(movement, &Movement::adx));
    set(adxr_14, of(movement, &Movement::adxr));
    const auto aroon = aroon_.update(bar);
    set(aroon_up_14, of(aroon, &Aroon::Value::up));
    set(aroon_down_14, of(aroon, &Aroon::Value::down));
    set(aroon_oscillator_14, of(aroon, &Aroon::Value::oscillator));
}

void TechnicalSet::update_oscillators(const Bar& bar) {
    using enum TechnicalValue;
    set(cci_20, cci_.update(bar));
    set(ultimate_oscillator, ultimate_.update(bar));
    set(TechnicalValue::balance_of_power, indicators::balance_of_power(bar));
    set(awesome_oscillator, awesome_.update(bar));
    set(coppock_curve, coppock_.update(bar.close));
    const auto fisher = fisher_.update(bar);
    set(fisher_transform, of(fisher, &FisherTransform::Value::fisher));
    set(fisher_trigger, of(fisher, &FisherTransform::Value::trigger));
    const auto power = elder_ray_.update(bar);
    set(elder_bull_power, of(power, &ElderRay::Value::bull));
    set(elder_bear_power, of(power, &ElderRay::Value::bear));
}

void TechnicalSet::update_trends(const Bar& bar) {
    using enum TechnicalValue;
    const auto stop = sar_.update(bar);
    set(sar, of(stop, &ParabolicSar::Value::sar));
    set(sar_is_long, of(stop, &ParabolicSar::Value::is_long));
    const auto trend = supertrend_.update(bar);
    set(supertrend, of(trend, &Supertrend::Value::line));
    set(supertrend_is_rising, of(trend, &Supertrend::Value::is_rising));
    const Ichimoku::Value cloud = ichimoku_.update(bar);
    set(ichimoku_conversion, cloud.conversion);
    set(ichimoku_base, cloud.base);
    set(ichimoku_span_a, cloud.span_a);
    set(ichimoku_span_b, cloud.span_b);
    set(ichimoku_lagging, cloud.lagging);
    const auto vortex = vortex_.update(bar);
    set(vortex_plus_14, of(vortex, &Vortex::Value::plus));
    set(vortex_minus_14, of(vortex, &Vortex::Value::minus));
    set(choppiness_14, choppiness_.update(bar));
    const Bar averaged = heikin_ashi_.update(bar);
    set(heikin_ashi_open, averaged.open);
    set(heikin_ashi_high, averaged.high);
    set(heikin_ashi_low, averaged.low);
    set(heikin_ashi_close, averaged.close);
}

void TechnicalSet::update_volatilities(const Bar& bar) {
    using enum TechnicalValue;
    set(TechnicalValue::true_range, true_range_.update(bar));
    const auto range = average_range_.update(bar);
    set(atr_14, of(range, &RelativeTrueRange::Value::range));
    set(natr_14, of(range, &RelativeTrueRange::Value::percent));
    const auto bollinger = bollinger_.update(bar.close);
    set(bollinger_lower, of<BollingerBands::Value>(bollinger, &BollingerBands::Value::lower));
    set(bollinger_middle, of<BollingerBands::Value>(bollinger, &BollingerBands::Value::middle));
    set(bollinger_upper, of<BollingerBands::Value>(bollinger, &BollingerBands::Value::upper));
    set(bollinger_place, of(bollinger, &BollingerBands::Value::place));
    const auto keltner = keltner_.update(bar);
    set(keltner_lower, of(keltner, &Channel::lower));
    set(keltner_middle, of(keltner, &Channel::middle));
    set(keltner_upper, of(keltner, &Channel::upper));
    const auto donchian = donchian_.update(bar);
    set(donchian_lower, of(donchian, &Channel::lower));
    set(donchian_middle, of(donchian, &Channel::middle));
    set(donchian_upper, of(donchian, &Channel::upper));
    set(volatility_close_20, close_to_close_.update(bar));
    set(volatility_parkinson_20, parkinson_.update(bar));
    set(volatility_garman_klass_20, garman_klass_.update(bar));
    set(volatility_rogers_satchell_20, rogers_satchell_.update(bar));
    set(volatility_yang_zhang_20, yang_zhang_.update(bar));
}

void TechnicalSet::update_volumes(const Bar& bar) {
    using enum TechnicalValue;
    set(obv, obv_.update(bar));
    set(accumulation_distribution, accumulation_.update(bar));
    set(chaikin_oscillator, chaikin_oscillator_.update(bar));
    set(chaikin_money_flow_20, chaikin_money_flow_.update(bar));
    set(mfi_14, mfi_.update(bar));
    set(force_index_13, force_.update(bar));
    set(ease_of_movement_14, ease_.update(bar));
    const auto session = session_vwap_.update(bar);
    set(vwap_session, of(session, &AnchoredVwap::Value::price));
    set(vwap_session_deviation, of(session, &AnchoredVwap::Value::deviation));
    set(vwap_session_lower, session ? std::optional(session->band(-kVwapBandWidth)) : std::nullopt);
    set(vwap_session_upper, session ? std::optional(session->band(kVwapBandWidth)) : std::nullopt);
    const auto anchored = swing_vwap_.update(bar);
    set(vwap_anchored, of<SwingVwap::Value>(anchored, &SwingVwap::Value::price));
    set(vwap_anchored_deviation, of<SwingVwap::Value>(anchored, &SwingVwap::Value::deviation));
    set(vwap_anchored_lower, anchored ? std::optional(anchored->band(-kVwapBandWidth)) : std::nullopt);
    set(vwap_anchored_upper, anchored ? std::optional(anchored->band(kVwapBandWidth)) : std::nullopt);
    set(vwap_anchor_bars_ago, of(anchored, &SwingVwap::Value::bars_ago));
}

void TechnicalSet::update_statistics(const Bar& bar) {
    using enum TechnicalValue;
    const auto ends = extremes_.update(bar.close);
    set(highest_30, of(ends, &Extremes::Value::highest));
    set(lowest_30, of(ends, &Extremes::Value::lowest));
    set(highest_bars_ago_30, of(ends, &Extremes::Value::highest_bars_ago));
    set(lowest_bars_ago_30, of(ends, &Extremes::Value::lowest_bars_ago));
    set(midpoint_30, ends ? std::optional(ends->middle()) : std::nullopt);
    const auto variance = variance_.update(bar.close);
    set(variance_20, of(variance, &Variance::Value::variance));
    set(deviation_20, of(variance, &Variance::Value::deviation));
    set(mean_absolute_deviation_14, of(mean_deviation_.update(bar.close), &MeanAbsoluteDeviation::Value::deviation));
    const auto line = regression_.update(bar.close);
    set(regression_end_14, of(line, &LinearRegression::Value::end));
    set(regression_slope_14, of(line, &LinearRegression::Value::slope));
    set(regression_intercept_14, of(line, &LinearRegression::Value::intercept));
    set(regression_angle_14, of(line, &LinearRegression::Value::angle_degrees));
    set(regression_forecast_14, of(line, &LinearRegression::Value::forecast));
    set(correlation_close_volume_30, correlation_.update(bar.close, bar.volume));
}

void TechnicalSet::update_cycles(const Bar& bar) {
    using enum TechnicalValue;
    const auto cycle = cycle_.update(bar.close);
    set(cycle_period, of(cycle, &DominantCycle::Value::period));
    set(cycle_in_phase, of(cycle, &DominantCycle::Value::in_phase));
    set(cycle_quadrature, of(cycle, &DominantCycle::Value::quadrature));
    const auto mode = cycle_mode_.update(bar.close);
    set(cycle_phase, of(mode, &CycleMode::Value::phase_degrees));
    set(cycle_sine, of(mode, &CycleMode::Value::sine));
    set(cycle_lead_sine, of(mode, &CycleMode::Value::lead_sine));
    set(cycle_trend_line, of(mode, &CycleMode::Value::trend_line));
    set(cycle_is_trend, of(mode, &CycleMode::Value::is_trend));
    auto adaptive = mama_.update(bar.close);
    if (adaptive && adaptive->price_share < kLeastPriceShare) adaptive.reset();
    set(mama, of(adaptive, &Mama::Value::mama));
    set(fama, of(adaptive, &Mama::Value::fama));
}

void TechnicalSet::clear() {
    for_each([](auto& indicator) { indicator.clear(); });
    std::ranges::fill(values_, std::nullopt);
}

}  // namespace vt::indicators
