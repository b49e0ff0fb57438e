#ifdef VT_HAS_TALIB

#include "indicators/average/ema.hpp"
#include "indicators/average/kama.hpp"
#include "indicators/average/sma.hpp"
#include "indicators/average/wma.hpp"
#include "indicators/test_talib_comparison.hpp"

namespace vt::indicators {
namespace {

using test::of_closes;
using test::TalibComparison;

void compare_averages(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(10, 2, 30);
    const int n = static_cast<int>(p);
    c.compare<1>("SMA", 0, of_closes(Sma(p)), VT_CALL(TA_SMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("EMA", 0, of_closes(Ema(p)), VT_CALL(TA_EMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("WMA", 0, of_closes(Wma(p)), VT_CALL(TA_WMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("DEMA", 0, of_closes(Dema(p)), VT_CALL(TA_DEMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("TEMA", 0, of_closes(Tema(p)), VT_CALL(TA_TEMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("TRIMA", 0, of_closes(Trima(p)), VT_CALL(TA_TRIMA(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("KAMA", 0, of_closes(Kama(p)), VT_CALL(TA_KAMA(VT_CLOSE, n, VT_OUT)));
    const double v = c.fraction(T3::kTillsonFactor, 0, 1);
    c.compare<1>("T3", 0, of_closes(T3(p, v)), VT_CALL(TA_T3(VT_CLOSE, n, v, VT_OUT)));
    c.compare<1>("MEDPRICE", 0, median_price, VT_CALL(TA_MEDPRICE(VT_HL, VT_OUT)));
    c.compare<1>("TYPPRICE", 0, typical_price, VT_CALL(TA_TYPPRICE(VT_HLC, VT_OUT)));
    c.compare<1>("WCLPRICE", 0, weighted_price, VT_CALL(TA_WCLPRICE(VT_HLC, VT_OUT)));
    c.compare<1>("AVGPRICE", 0, average_price, VT_CALL(TA_AVGPRICE(VT_OHLC, VT_OUT)));
}

TEST(TaLib, AveragesAreEqualOnRandomSeries) { test::compare_on_random_series(compare_averages, 12); }
TEST(TaLib, AveragesAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_averages, 12); }

}  // namespace
}  // namespace vt::indicators

#endif
