#include "indicators/technical_values.hpp"

#include <array>

namespace vt::indicators {
namespace {

using enum TechnicalUnit;

constexpr std::array<TechnicalField, kTechnicalValueCount> kFields{{
    {TechnicalValue::sma_20, "sma_20", price, 20},
    {TechnicalValue::sma_50, "sma_50", price, 50},
    {TechnicalValue::sma_200, "sma_200", price, 200},
    {TechnicalValue::ema_12, "ema_12", price, 12},
    {TechnicalValue::ema_26, "ema_26", price, 26},
    {TechnicalValue::ema_50, "ema_50", price, 50},
    {TechnicalValue::ema_200, "ema_200", price, 200},
    {TechnicalValue::wma_20, "wma_20", price, 20},
    {TechnicalValue::dema_20, "dema_20", price, 39},
    {TechnicalValue::tema_20, "tema_20", price, 58},
    {TechnicalValue::trima_20, "trima_20", price, 20},
    {TechnicalValue::kama_10, "kama_10", price, 11},
    {TechnicalValue::t3_5, "t3_5", price, 25},
    {TechnicalValue::hma_20, "hma_20", price, 23},
    {TechnicalValue::median_price, "median_price", price, 1},
    {TechnicalValue::typical_price, "typical_price", price, 1},
    {TechnicalValue::weighted_price, "weighted_price", price, 1},
    {TechnicalValue::average_price, "average_price", price, 1},
    {TechnicalValue::macd_line, "macd_line", price, 34},
    {TechnicalValue::macd_signal, "macd_signal", price, 34},
    {TechnicalValue::macd_histogram, "macd_histogram", price, 34},
    {TechnicalValue::apo, "apo", price, 26},
    {TechnicalValue::ppo, "ppo", percent, 26},
    {TechnicalValue::trix_15, "trix_15", percent, 44},
    {TechnicalValue::rsi_14, "rsi_14", percent, 15},
    {TechnicalValue::cmo_14, "cmo_14", percent, 15},
    {TechnicalValue::stochastic_fast_k, "stochastic_fast_k", percent, 7},
    {TechnicalValue::stochastic_fast_d, "stochastic_fast_d", percent, 7},
    {TechnicalValue::stochastic_k, "stochastic_k", percent, 9},
    {TechnicalValue::stochastic_d, "stochastic_d", percent, 9},
    {TechnicalValue::stochastic_rsi_k, "stochastic_rsi_k", percent, 21},
    {TechnicalValue::stochastic_rsi_d, "stochastic_rsi_d", percent, 21},
    {TechnicalValue::williams_r_14, "williams_r_14", percent, 14},
    {TechnicalValue::mom_10, "mom_10", price, 11},
    {TechnicalValue::roc_10, "roc_10", percent, 11},
    {TechnicalValue::plus_dm_14, "plus_dm_14", price, 14},
    {TechnicalValue::minus_dm_14, "minus_dm_14", price, 14},
    {TechnicalValue::plus_di_14, "plus_di_14", percent, 15},
    {TechnicalValue::minus_di_14, "minus_di_14", percent, 15},
    {TechnicalValue::dx_14, "dx_14", percent, 15},
    {TechnicalValue::adx_14, "adx_14", percent, 28},
    {TechnicalValue::adxr_14, "adxr_14", percent, 41},
    {TechnicalValue::cci_20, "cci_20", ratio, 20},
    {TechnicalValue::aroon_up_14, "aroon_up_14", percent, 15},
    {TechnicalValue::aroon_down_14, "aroon_down_14", percent, 15},
    {TechnicalValue::aroon_oscillator_14, "aroon_oscillator_14", percent, 15},
    {TechnicalValue::ultimate_oscillator, "ultimate_oscillator", percent, 29},
    {TechnicalValue::balance_of_power, "balance_of_power", ratio, 1},
    {TechnicalValue::awesome_oscillator, "awesome_oscillator", price, 34},
    {TechnicalValue::coppock_curve, "coppock_curve", percent, 24},
    {TechnicalValue::fisher_transform, "fisher_transform", ratio, 11},
    {TechnicalValue::fisher_trigger, "fisher_trigger", ratio, 11},
    {TechnicalValue::elder_bull_power, "elder_bull_power", price, 13},
    {TechnicalValue::elder_bear_power, "elder_bear_power", price, 13},
    {TechnicalValue::sar, "sar", price, 2},
    {TechnicalValue::sar_is_long, "sar_is_long", flag, 2},
    {TechnicalValue::supertrend, "supertrend", price, 11},
    {TechnicalValue::supertrend_is_rising, "supertrend_is_rising", flag, 11},
    {TechnicalValue::ichimoku_conversion, "ichimoku_conversion", price, 9},
    {TechnicalValue::ichimoku_base, "ichimoku_base", price, 26},
    {TechnicalValue::ichimoku_span_a, "ichimoku_span_a", price, 52},
    {TechnicalValue::ichimoku_span_b, "ichimoku_span_b", price, 78},
    {TechnicalValue::ichimoku_lagging, "ichimoku_lagging", price, 27},
    {TechnicalValue::vortex_plus_14, "vortex_plus_14", ratio, 15},
    {TechnicalValue::vortex_minus_14, "vortex_minus_14", ratio, 15},
    {TechnicalValue::choppiness_14, "choppiness_14", percent, 15},
    {TechnicalValue::heikin_ashi_open, "heikin_ashi_open", price, 1},
    {TechnicalValue::heikin_ashi_high, "heikin_ashi_high", price, 1},
    {TechnicalValue::heikin_ashi_low, "heikin_ashi_low", price, 1},
    {TechnicalValue::heikin_ashi_close, "heikin_ashi_close", price, 1},
    {TechnicalValue::true_range, "true_range", price, 2},
    {TechnicalValue::atr_14, "atr_14", price, 15},
    {TechnicalValue::natr_14, "natr_14", percent, 15},
    {TechnicalValue::bollinger_lower, "bollinger_lower", price, 20},
    {TechnicalValue::bollinger_middle, "bollinger_middle", price, 20},
    {TechnicalValue::bollinger_upper, "bollinger_upper", price, 20},
    {TechnicalValue::bollinger_place, "bollinger_place", ratio, 20},
    {TechnicalValue::keltner_lower, "keltner_lower", price, 20},
    {TechnicalValue::keltner_middle, "keltner_middle", price, 20},
    {TechnicalValue::keltner_upper, "keltner_upper", price, 20},
    {TechnicalValue::donchian_lower, "donchian_lower", price, 20},
    {TechnicalValue::donchian_middle, "donchian_middle", price, 20},
    {TechnicalValue::donchian_upper, "donchian_upper", price, 20},
    {TechnicalValue::volatility_close_20, "volatility_close_20", ratio, 21},
    {TechnicalValue::volatility_parkinson_20, "volatility_parkinson_20", ratio, 20},
    {TechnicalValue::volatility_garman_klass_20, "volatility_garman_klass_20", ratio, 20},
    {TechnicalValue::volatility_rogers_satchell_20, "volatility_rogers_satchell_20", ratio, 20},
    {TechnicalValue::volatility_yang_zhang_20, "volatility_yang_zhang_20", ratio, 21},
    {TechnicalValue::obv, "obv", base, 1},
    {TechnicalValue::accumulation_distribution, "accumulation_distribution", base, 1},
    {TechnicalValue::chaikin_oscillator, "chaikin_oscillator", base, 10},
    {TechnicalValue::chaikin_money_flow_20, "chaikin_money_flow_20", ratio, 20},
    {TechnicalValue::mfi_14, "mfi_14", percent, 15},
    {TechnicalValue::force_index_13, "force_index_13", price_times_base, 14},
    {TechnicalValue::ease_of_movement_14, "ease_of_movement_14", price_squared_per_base, 15},
    {TechnicalValue::vwap_session, "vwap_session", price, 1},
    {TechnicalValue::vwap_session_deviation, "vwap_session_deviation", price, 1},
    {TechnicalValue::vwap_anchored, "vwap_anchored", price, 11},
    {TechnicalValue::vwap_anchored_deviation, "vwap_anchored_deviation", price, 11},
    {TechnicalValue::highest_30, "highest_30", price, 30},
    {TechnicalValue::lowest_30, "lowest_30", price, 30},
    {TechnicalValue::highest_bars_ago_30, "highest_bars_ago_30", bars, 30},
    {TechnicalValue::lowest_bars_ago_30, "lowest_bars_ago_30", bars, 30},
    {TechnicalValue::midpoint_30, "midpoint_30", price, 30},
    {TechnicalValue::variance_20, "variance_20", price_squared, 20},
    {TechnicalValue::deviation_20, "deviation_20", price, 20},
    {TechnicalValue::mean_absolute_deviation_14, "mean_absolute_deviation_14", price, 14},
    {TechnicalValue::regression_end_14, "regression_end_14", price, 14},
    {TechnicalValue::regression_slope_14, "regression_slope_14", price_per_bar, 14},
    {TechnicalValue::regression_intercept_14, "regression_intercept_14", price, 14},
    {TechnicalValue::regression_angle_14, "regression_angle_14", degrees, 14},
    {TechnicalValue::regression_forecast_14, "regression_forecast_14", price, 14},
    {TechnicalValue::correlation_close_volume_30, "correlation_close_volume_30", ratio, 30},
    {TechnicalValue::cycle_period, "cycle_period", bars, 33},
    {TechnicalValue::cycle_in_phase, "cycle_in_phase", price, 33},
    {TechnicalValue::cycle_quadrature, "cycle_quadrature", price, 33},
    {TechnicalValue::cycle_phase, "cycle_phase", degrees, 64},
    {TechnicalValue::cycle_sine, "cycle_sine", ratio, 64},
    {TechnicalValue::cycle_lead_sine, "cycle_lead_sine", ratio, 64},
    {TechnicalValue::cycle_trend_line, "cycle_trend_line", price, 64},
    {TechnicalValue::cycle_is_trend, "cycle_is_trend", flag, 64},
    {TechnicalValue::mama, "mama", price, 33},
    {TechnicalValue::fama, "fama", price, 33},
    {TechnicalValue::vwap_session_lower, "vwap_session_lower", price, 1},
    {TechnicalValue::vwap_session_upper, "vwap_session_upper", price, 1},
    {TechnicalValue::vwap_anchored_lower, "vwap_anchored_lower", price, 11},
    {TechnicalValue::vwap_anchored_upper, "vwap_anchored_upper", price, 11},
    {TechnicalValue::vwap_anchor_bars_ago, "vwap_anchor_bars_ago", bars, 11},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kFields.size(); ++i) {
        if (static_cast<std::size_t>(kFields[i].value) != i) return false;
    }
    return true;
}
static_assert(is_in_order());

}  // namespace

std::span<const TechnicalField> technical_fields() { return kFields; }

std::string_view name(TechnicalUnit unit) {
    switch (unit) {
        case price: return "price";
        case price_squared: return "price^2";
        case price_per_bar: return "price/bar";
        case price_times_base: return "price*base";
        case price_squared_per_base: return "price^2/base";
        case base: return "base";
        case percent: return "percent";
        case ratio: return "ratio";
        case degrees: return "degrees";
        case bars: return "bars";
        case flag: return "flag";
    }
    return {};
}

}  // namespace vt::indicators
