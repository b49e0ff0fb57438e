// Each value of the set beside TA-Lib's.

#include <gtest/gtest.h>

#ifndef VT_HAS_TALIB

TEST(TaLib, IsNotInstalled) {
    GTEST_SKIP()
        << "NOT CHECKED: no indicator was held against TA-Lib, since tests/talib is not installed (make talib)";
}

#else

#include "indicators/technical_set.hpp"
#include "indicators/test_talib_comparison.hpp"

namespace vt::indicators {
namespace {

TEST(TaLib, TheSetsNamesAreThoseOfItsValues) {
    ASSERT_EQ(TA_Initialize(), TA_SUCCESS);
    Prng prng(14, "names");
    const test::Series series = test::random_series(prng, 500, false);
    TechnicalSet set;
    for (const Bar& bar : series.bars) set.update(bar);
    const test::TalibInput in(series, 0, series.size());
    const auto expect = [&](std::initializer_list<TechnicalValue> values, auto call) {
        test::TalibOutput<3> out(series.size());
        ASSERT_EQ(call(out), TA_SUCCESS);
        ASSERT_GT(out.count, 0);
        auto line = out.lines.begin();
        for (const TechnicalValue value : values) {
            const double last = (*line++)[static_cast<std::size_t>(out.count) - 1];
            const auto name = technical_fields()[static_cast<std::size_t>(value)].name;
            ASSERT_TRUE(set[value]) << name;
            EXPECT_NEAR(*set[value], last, 1e-7 * std::abs(last) + 1e-9) << name;
        }
    };
    using enum TechnicalValue;
    expect({sma_20}, VT_CALL(TA_SMA(VT_CLOSE, 20, VT_OUT)));
    expect({sma_50}, VT_CALL(TA_SMA(VT_CLOSE, 50, VT_OUT)));
    expect({sma_200}, VT_CALL(TA_SMA(VT_CLOSE, 200, VT_OUT)));
    expect({ema_12}, VT_CALL(TA_EMA(VT_CLOSE, 12, VT_OUT)));
    expect({ema_26}, VT_CALL(TA_EMA(VT_CLOSE, 26, VT_OUT)));
    expect({ema_50}, VT_CALL(TA_EMA(VT_CLOSE, 50, VT_OUT)));
    expect({ema_200}, VT_CALL(TA_EMA(VT_CLOSE, 200, VT_OUT)));
    expect({wma_20}, VT_CALL(TA_WMA(VT_CLOSE, 20, VT_OUT)));
    expect({dema_20}, VT_CALL(TA_DEMA(VT_CLOSE, 20, VT_OUT)));
    expect({tema_20}, VT_CALL(TA_TEMA(VT_CLOSE, 20, VT_OUT)));
    expect({trima_20}, VT_CALL(TA_TRIMA(VT_CLOSE, 20, VT_OUT)));
    expect({kama_10}, VT_CALL(TA_KAMA(VT_CLOSE, 10, VT_OUT)));
    expect({t3_5}, VT_CALL(TA_T3(VT_CLOSE, 5, 0.7, VT_OUT)));
    expect({TechnicalValue::median_price}, VT_CALL(TA_MEDPRICE(VT_HL, VT_OUT)));
    expect({TechnicalValue::typical_price}, VT_CALL(TA_TYPPRICE(VT_HLC, VT_OUT)));
    expect({TechnicalValue::weighted_price}, VT_CALL(TA_WCLPRICE(VT_HLC, VT_OUT)));
    expect({TechnicalValue::average_price}, VT_CALL(TA_AVGPRICE(VT_OHLC, VT_OUT)));
    expect({macd_line, macd_signal, macd_histogram}, VT_CALL(TA_MACD(VT_CLOSE, 12, 26, 9, VT_OUT3)));
    expect({apo}, VT_CALL(TA_APO(VT_CLOSE, 12, 26, TA_MAType_EMA, VT_OUT)));
    expect({ppo}, VT_CALL(TA_PPO(VT_CLOSE, 12, 26, TA_MAType_EMA, VT_OUT)));
    expect({trix_15}, VT_CALL(TA_TRIX(VT_CLOSE, 15, VT_OUT)));
    expect({rsi_14}, VT_CALL(TA_RSI(VT_CLOSE, 14, VT_OUT)));
    expect({cmo_14}, VT_CALL(TA_CMO(VT_CLOSE, 14, VT_OUT)));
    expect({stochastic_fast_k, stochastic_fast_d}, VT_CALL(TA_STOCHF(VT_HLC, 5, 3, {}, VT_OUT2)));
    expect({stochastic_k, stochastic_d}, VT_CALL(TA_STOCH(VT_HLC, 5, 3, {}, 3, {}, VT_OUT2)));
    expect({stochastic_rsi_k, stochastic_rsi_d}, VT_CALL(TA_STOCHRSI(VT_CLOSE, 14, 5, 3, {}, VT_OUT2)));
    expect({williams_r_14}, VT_CALL(TA_WILLR(VT_HLC, 14, VT_OUT)));
    expect({mom_10}, VT_CALL(TA_MOM(VT_CLOSE, 10, VT_OUT)));
    expect({roc_10}, VT_CALL(TA_ROC(VT_CLOSE, 10, VT_OUT)));
    expect({plus_dm_14}, VT_CALL(TA_PLUS_DM(VT_HL, 14, VT_OUT)));
    expect({minus_dm_14}, VT_CALL(TA_MINUS_DM(VT_HL, 14, VT_OUT)));
    expect({plus_di_14}, VT_CALL(TA_PLUS_DI(VT_HLC, 14, VT_OUT)));
    expect({minus_di_14}, VT_CALL(TA_MINUS_DI(VT_HLC, 14, VT_OUT)));
    expect({dx_14}, VT_CALL(TA_DX(VT_HLC, 14, VT_OUT)));
    expect({adx_14}, VT_CALL(TA_ADX(VT_HLC, 14, VT_OUT)));
    expect({adxr_14}, VT_CALL(TA_ADXR(VT_HLC, 14, VT_OUT)));
    expect({cci_20}, VT_CALL(TA_CCI(VT_HLC, 20, VT_OUT)));
    expect({aroon_down_14, aroon_up_14}, VT_CALL(TA_AROON(VT_HL, 14, VT_OUT2)));
    expect({aroon_oscillator_14}, VT_CALL(TA_AROONOSC(VT_HL, 14, VT_OUT)));
    expect({ultimate_oscillator}, VT_CALL(TA_ULTOSC(VT_HLC, 7, 14, 28, VT_OUT)));
    expect({TechnicalValue::balance_of_power}, VT_CALL(TA_BOP(VT_OHLC, VT_OUT)));
    expect({sar}, VT_CALL(TA_SAR(VT_HL, 0.02, 0.2, VT_OUT)));
    expect({TechnicalValue::true_range}, VT_CALL(TA_TRANGE(VT_HLC, VT_OUT)));
    expect({atr_14}, VT_CALL(TA_ATR(VT_HLC, 14, VT_OUT)));
    expect({natr_14}, VT_CALL(TA_NATR(VT_HLC, 14, VT_OUT)));
    expect({bollinger_upper, bollinger_middle, bollinger_lower},
           VT_CALL(TA_BBANDS(VT_CLOSE, 20, 2, 2, TA_MAType_SMA, VT_OUT3)));
    expect({donchian_middle}, VT_CALL(TA_MIDPRICE(VT_HL, 20, VT_OUT)));
    expect({donchian_upper}, VT_CALL(TA_MAX(0, in.last, in.high, 20, VT_OUT)));
    expect({donchian_lower}, VT_CALL(TA_MIN(0, in.last, in.low, 20, VT_OUT)));
    expect({obv}, VT_CALL(TA_OBV(VT_CLOSE, in.volume, VT_OUT)));
    expect({accumulation_distribution}, VT_CALL(TA_AD(VT_HLCV, VT_OUT)));
    expect({chaikin_oscillator}, VT_CALL(TA_ADOSC(VT_HLCV, 3, 10, VT_OUT)));
    expect({mfi_14}, VT_CALL(TA_MFI(VT_HLCV, 14, VT_OUT)));
    expect({lowest_30, highest_30}, VT_CALL(TA_MINMAX(VT_CLOSE, 30, VT_OUT2)));
    expect({midpoint_30}, VT_CALL(TA_MIDPOINT(VT_CLOSE, 30, VT_OUT)));
    expect({variance_20}, VT_CALL(TA_VAR(VT_CLOSE, 20, 1, VT_OUT)));
    expect({deviation_20}, VT_CALL(TA_STDDEV(VT_CLOSE, 20, 1, VT_OUT)));
    expect({mean_absolute_deviation_14}, VT_CALL(TA_AVGDEV(VT_CLOSE, 14, VT_OUT)));
    expect({regression_end_14}, VT_CALL(TA_LINEARREG(VT_CLOSE, 14, VT_OUT)));
    expect({regression_slope_14}, VT_CALL(TA_LINEARREG_SLOPE(VT_CLOSE, 14, VT_OUT)));
    expect({regression_intercept_14}, VT_CALL(TA_LINEARREG_INTERCEPT(VT_CLOSE, 14, VT_OUT)));
    expect({regression_angle_14}, VT_CALL(TA_LINEARREG_ANGLE(VT_CLOSE, 14, VT_OUT)));
    expect({regression_forecast_14}, VT_CALL(TA_TSF(VT_CLOSE, 14, VT_OUT)));
    expect({cycle_period}, VT_CALL(TA_HT_DCPERIOD(VT_CLOSE, VT_OUT)));
    expect({cycle_in_phase, cycle_quadrature}, VT_CALL(TA_HT_PHASOR(VT_CLOSE, VT_OUT2)));
    expect({cycle_phase}, VT_CALL(TA_HT_DCPHASE(VT_CLOSE, VT_OUT)));
    expect({cycle_sine, cycle_lead_sine}, VT_CALL(TA_HT_SINE(VT_CLOSE, VT_OUT2)));
    expect({cycle_trend_line}, VT_CALL(TA_HT_TRENDLINE(VT_CLOSE, VT_OUT)));
    expect({mama, fama}, VT_CALL(TA_MAMA(VT_CLOSE, 0.5, 0.05, VT_OUT2)));
    expect({correlation_close_volume_30}, VT_CALL(TA_CORREL(VT_CLOSE, in.volume, 30, VT_OUT)));
}

}  // namespace
}  // namespace vt::indicators

#endif
