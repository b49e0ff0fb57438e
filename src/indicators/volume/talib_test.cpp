#ifdef VT_HAS_TALIB

#include "indicators/test_talib_comparison.hpp"
#include "indicators/volume/accumulation.hpp"

namespace vt::indicators {
namespace {

using test::of_bars;
using test::TalibComparison;

void compare_volumes(TalibComparison& c) {
    const auto& in = c.in;
    double volume = 0;
    for (const double one : c.series.volume) volume += one;
    const std::uint32_t p = c.period(14, 2, 30);
    const std::uint32_t fast = c.period(3, 2, 5);
    const std::uint32_t slow = c.period(10, 6, 20);
    c.compare<1>("OBV", volume, of_bars(Obv()), VT_CALL(TA_OBV(VT_CLOSE, in.volume, VT_OUT)));
    c.compare<1>("AD", volume, of_bars(AccumulationDistribution()), VT_CALL(TA_AD(VT_HLCV, VT_OUT)));
    c.compare<1>("ADOSC", volume, of_bars(ChaikinOscillator(fast, slow)),
                 VT_CALL(TA_ADOSC(VT_HLCV, static_cast<int>(fast), static_cast<int>(slow), VT_OUT)));
    // TA-Lib subtracts what leaves its sums: what stays of a large flow is seen beside small ones.
    c.compare<1>("MFI", 1e4, of_bars(Mfi(p)), VT_CALL(TA_MFI(VT_HLCV, static_cast<int>(p), VT_OUT)));
}

TEST(TaLib, VolumesAreEqualOnRandomSeries) { test::compare_on_random_series(compare_volumes, 4); }
TEST(TaLib, VolumesAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_volumes, 4); }

}  // namespace
}  // namespace vt::indicators

#endif
