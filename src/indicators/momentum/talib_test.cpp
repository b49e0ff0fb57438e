#ifdef VT_HAS_TALIB

#include "indicators/momentum/aroon.hpp"
#include "indicators/momentum/cci.hpp"
#include "indicators/momentum/directional_movement.hpp"
#include "indicators/momentum/macd.hpp"
#include "indicators/momentum/oscillators.hpp"
#include "indicators/momentum/price_oscillator.hpp"
#include "indicators/momentum/rate_of_change.hpp"
#include "indicators/momentum/rsi.hpp"
#include "indicators/momentum/stochastic.hpp"
#include "indicators/momentum/ultimate_oscillator.hpp"
#include "indicators/test_talib_comparison.hpp"

namespace vt::indicators {
namespace {

using test::of_bars;
using test::of_closes;
using test::TalibComparison;

void compare_oscillators(TalibComparison& c) {
    const auto& in = c.in;
    const double price = c.series.highest();
    const std::uint32_t p = c.period(14, 2, 30);
    const int n = static_cast<int>(p);
    c.compare<1>("RSI", 0, of_closes(Rsi(p)), VT_CALL(TA_RSI(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("CMO", 100, of_closes(Cmo(p)), VT_CALL(TA_CMO(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("CCI", 1e4, of_bars(Cci(p)), VT_CALL(TA_CCI(VT_HLC, n, VT_OUT)));
    c.compare<1>("BOP", 0, balance_of_power, VT_CALL(TA_BOP(VT_OHLC, VT_OUT)));
    const MacdPeriods m{.fast = c.period(12, 2, 12), .slow = c.period(26, 13, 30), .signal = c.period(9, 2, 12)};
    const int fast = static_cast<int>(m.fast);
    const int slow = static_cast<int>(m.slow);
    const int signal = static_cast<int>(m.signal);
    using Lines = Macd::Value;
    c.compare<3>("MACD", price, of_closes(Macd(m), &Lines::line, &Lines::signal, &Lines::histogram),
                 VT_CALL(TA_MACD(VT_CLOSE, fast, slow, signal, VT_OUT3)));
    c.compare<3>("MACDFIX", price, of_closes(Macd::fixed(m.signal), &Lines::line, &Lines::signal, &Lines::histogram),
                 VT_CALL(TA_MACDFIX(VT_CLOSE, signal, VT_OUT3)));
    const PriceOscillator oscillator(m.fast, m.slow);
    c.compare<1>("APO", price, of_closes(oscillator, &PriceOscillator::Value::difference),
                 VT_CALL(TA_APO(VT_CLOSE, fast, slow, TA_MAType_EMA, VT_OUT)));
    c.compare<1>("PPO", 100, of_closes(oscillator, &PriceOscillator::Value::percent),
                 VT_CALL(TA_PPO(VT_CLOSE, fast, slow, TA_MAType_EMA, VT_OUT)));
    c.compare<1>("TRIX", 100, of_closes(Trix(p)), VT_CALL(TA_TRIX(VT_CLOSE, n, VT_OUT)));
    using Change = RateOfChange::Value;
    const RateOfChange change(p);
    c.compare<1>("MOM", 0, of_closes(change, &Change::difference), VT_CALL(TA_MOM(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("ROCP", 0, of_closes(change, &Change::fraction), VT_CALL(TA_ROCP(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("ROCR", 0, of_closes(change, &Change::ratio), VT_CALL(TA_ROCR(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("ROC", 0, of_closes(change, &Change::percent), VT_CALL(TA_ROC(VT_CLOSE, n, VT_OUT)));
}

void compare_stochastics(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(14, 2, 30);
    const std::uint32_t k = c.period(5, 5, 20);
    const std::uint32_t d = c.period(3, 1, 8);
    const int n = static_cast<int>(p);
    const int fast = static_cast<int>(k);
    const int slow = static_cast<int>(d);
    constexpr auto kK = &StochasticValue::k;
    constexpr auto kD = &StochasticValue::d;
    c.compare<2>("STOCHF", 100, of_bars(FastStochastic(k, d), kK, kD),
                 VT_CALL(TA_STOCHF(VT_HLC, fast, slow, TA_MAType_SMA, VT_OUT2)), d);
    c.compare<2>("STOCH", 100, of_bars(SlowStochastic(k, d, d), kK, kD),
                 VT_CALL(TA_STOCH(VT_HLC, fast, slow, TA_MAType_SMA, slow, TA_MAType_SMA, VT_OUT2)), 2 * d);
    c.compare<2>("STOCHRSI", 1e4, of_closes(StochasticRsi(p, k, d), kK, kD),
                 VT_CALL(TA_STOCHRSI(VT_CLOSE, n, fast, slow, TA_MAType_SMA, VT_OUT2)), d);
    c.compare<1>("WILLR", 100, of_bars(WilliamsR(k)), VT_CALL(TA_WILLR(VT_HLC, fast, VT_OUT)));
}

void compare_directions(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(14, 2, 30);
    const int n = static_cast<int>(p);
    using Movement = DirectionalMovement::Value;
    const DirectionalMovement movement(p);
    c.compare<1>("PLUS_DM", 0, of_bars(movement, &Movement::plus_dm), VT_CALL(TA_PLUS_DM(VT_HL, n, VT_OUT)));
    c.compare<1>("MINUS_DM", 0, of_bars(movement, &Movement::minus_dm), VT_CALL(TA_MINUS_DM(VT_HL, n, VT_OUT)));
    c.compare<1>("PLUS_DI", 0, of_bars(movement, &Movement::plus_di), VT_CALL(TA_PLUS_DI(VT_HLC, n, VT_OUT)));
    c.compare<1>("MINUS_DI", 0, of_bars(movement, &Movement::minus_di), VT_CALL(TA_MINUS_DI(VT_HLC, n, VT_OUT)));
    // Without movement TA-Lib repeats the last index, and averages it: 25 periods until that is a 10^11th.
    const std::size_t forgotten = 25 * p;
    c.compare<1>("DX", 100, of_bars(movement, &Movement::dx), VT_CALL(TA_DX(VT_HLC, n, VT_OUT)), 1);
    c.compare<1>("ADX", 100, of_bars(movement, &Movement::adx), VT_CALL(TA_ADX(VT_HLC, n, VT_OUT)), forgotten);
    c.compare<1>("ADXR", 100, of_bars(movement, &Movement::adxr), VT_CALL(TA_ADXR(VT_HLC, n, VT_OUT)), forgotten);
    using Arms = Aroon::Value;
    c.compare<2>("AROON", 0, of_bars(Aroon(p), &Arms::down, &Arms::up), VT_CALL(TA_AROON(VT_HL, n, VT_OUT2)));
    c.compare<1>("AROONOSC", 100, of_bars(Aroon(p), &Arms::oscillator), VT_CALL(TA_AROONOSC(VT_HL, n, VT_OUT)));
    const std::array<std::uint32_t, 3> three{c.period(7, 2, 8), c.period(14, 9, 16), c.period(28, 17, 30)};
    c.compare<1>("ULTOSC", 0, of_bars(UltimateOscillator(three)),
                 VT_CALL(TA_ULTOSC(VT_HLC, static_cast<int>(three[0]), static_cast<int>(three[1]),
                                   static_cast<int>(three[2]), VT_OUT)));
}

TEST(TaLib, OscillatorsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_oscillators, 13); }
TEST(TaLib, OscillatorsAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_oscillators, 13); }
TEST(TaLib, StochasticsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_stochastics, 4); }
TEST(TaLib, StochasticsAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_stochastics, 4); }
TEST(TaLib, DirectionsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_directions, 10); }
TEST(TaLib, DirectionsAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_directions, 10); }

}  // namespace
}  // namespace vt::indicators

#endif
