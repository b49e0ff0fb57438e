#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vt::indicators {

/// What TechnicalSet knows of a bar and those before it; a number at the end is the period. What each is: the class
/// of the indicator, and docs/indicators/technical.md. New ones are added at the end: the order is that of stored
/// rows.
enum class TechnicalValue : std::uint8_t {
    sma_20,
    sma_50,
    sma_200,
    ema_12,
    ema_26,
    ema_50,
    ema_200,
    wma_20,
    dema_20,
    tema_20,
    trima_20,
    kama_10,
    t3_5,
    hma_20,
    median_price,
    typical_price,
    weighted_price,
    average_price,
    macd_line,
    macd_signal,
    macd_histogram,
    apo,
    ppo,
    trix_15,
    rsi_14,
    cmo_14,
    stochastic_fast_k,
    stochastic_fast_d,
    stochastic_k,
    stochastic_d,
    stochastic_rsi_k,
    stochastic_rsi_d,
    williams_r_14,
    mom_10,
    roc_10,
    plus_dm_14,
    minus_dm_14,
    plus_di_14,
    minus_di_14,
    dx_14,
    adx_14,
    adxr_14,
    cci_20,
    aroon_up_14,
    aroon_down_14,
    aroon_oscillator_14,
    ultimate_oscillator,
    balance_of_power,
    awesome_oscillator,
    coppock_curve,
    fisher_transform,
    fisher_trigger,
    elder_bull_power,
    elder_bear_power,
    sar,
    sar_is_long,
    supertrend,
    supertrend_is_rising,
    ichimoku_conversion,
    ichimoku_base,
    ichimoku_span_a,
    ichimoku_span_b,
    ichimoku_lagging,
    vortex_plus_14,
    vortex_minus_14,
    choppiness_14,
    heikin_ashi_open,
    heikin_ashi_high,
    heikin_ashi_low,
    heikin_ashi_close,
    true_range,
    atr_14,
    natr_14,
    bollinger_lower,
    bollinger_middle,
    bollinger_upper,
    bollinger_place,
    keltner_lower,
    keltner_middle,
    keltner_upper,
    donchian_lower,
    donchian_middle,
    donchian_upper,
    volatility_close_20,
    volatility_parkinson_20,
    volatility_garman_klass_20,
    volatility_rogers_satchell_20,
    volatility_yang_zhang_20,
    obv,
    accumulation_distribution,
    chaikin_oscillator,
    chaikin_money_flow_20,
    mfi_14,
    force_index_13,
    ease_of_movement_14,
    vwap_session,
    vwap_session_deviation,
    vwap_anchored,
    vwap_anchored_deviation,
    highest_30,
    lowest_30,
    highest_bars_ago_30,
    lowest_bars_ago_30,
    midpoint_30,
    variance_20,
    deviation_20,
    mean_absolute_deviation_14,
    regression_end_14,
    regression_slope_14,
    regression_intercept_14,
    regression_angle_14,
    regression_forecast_14,
    correlation_close_volume_30,
    cycle_period,
    cycle_in_phase,
    cycle_quadrature,
    cycle_phase,
    cycle_sine,
    cycle_lead_sine,
    cycle_trend_line,
    cycle_is_trend,
    mama,
    fama,
    vwap_session_lower,
    vwap_session_upper,
    vwap_anchored_lower,
    vwap_anchored_upper,
    vwap_anchor_bars_ago,
};
inline constexpr std::size_t kTechnicalValueCount =
    static_cast<std::size_t>(TechnicalValue::vwap_anchor_bars_ago) + 1;

enum class TechnicalUnit : std::uint8_t {
    price,  ///< of the instrument: quote a base unit
    price_squared,
    price_per_bar,
    price_times_base,  ///< money
    price_squared_per_base,
    base,     ///< base units
    percent,  ///< of a hundred
    ratio,    ///< no unit; of a volatility: of the price, a bar
    degrees,
    bars,
    flag,  ///< 1 or 0
};
[[nodiscard]] std::string_view name(TechnicalUnit unit);

struct TechnicalField {
    TechnicalValue value{};
    std::string_view name;
    TechnicalUnit unit{};
    std::uint32_t warm_up_bars = 0;  ///< bars after which it can have a value
};

/// One for each TechnicalValue, in their order.
[[nodiscard]] std::span<const TechnicalField> technical_fields();

}  // namespace vt::indicators
