#ifdef VT_HAS_TALIB

#include "indicators/test_talib_comparison.hpp"
#include "indicators/trend/dominant_cycle.hpp"
#include "indicators/trend/parabolic_sar.hpp"

namespace vt::indicators {
namespace {

using test::of_bars;
using test::of_closes;
using test::TalibComparison;

void compare_stops(TalibComparison& c) {
    const auto& in = c.in;
    const double step = c.fraction(0.02, 0.01, 0.05);
    c.compare<1>("SAR", 0, of_bars(ParabolicSar({.step = step, .maximum = 0.2}), &ParabolicSar::Value::sar),
                 VT_CALL(TA_SAR(VT_HL, step, 0.2, VT_OUT)));
}

void compare_cycles(TalibComparison& c) {
    const auto& in = c.in;
    const double price = c.series.highest();
    using Cycle = DominantCycle::Value;
    c.compare<1>("HT_DCPERIOD", 0, of_closes(DominantCycle(), &Cycle::period),
                 VT_CALL(TA_HT_DCPERIOD(VT_CLOSE, VT_OUT)));
    c.compare<2>("HT_PHASOR", price, of_closes(DominantCycle(), &Cycle::in_phase, &Cycle::quadrature),
                 VT_CALL(TA_HT_PHASOR(VT_CLOSE, VT_OUT2)));
    using Mode = CycleMode::Value;
    c.compare<1>("HT_DCPHASE", 1e4, of_closes(CycleMode(), &Mode::phase_degrees),
                 VT_CALL(TA_HT_DCPHASE(VT_CLOSE, VT_OUT)));
    c.compare<2>("HT_SINE", 1e3, of_closes(CycleMode(), &Mode::sine, &Mode::lead_sine),
                 VT_CALL(TA_HT_SINE(VT_CLOSE, VT_OUT2)));
    c.compare<1>("HT_TRENDLINE", price, of_closes(CycleMode(), &Mode::trend_line),
                 VT_CALL(TA_HT_TRENDLINE(VT_CLOSE, VT_OUT)));
    c.compare<1>("HT_TRENDMODE", 0, of_closes(CycleMode(), &Mode::is_trend), [&](auto& out) {
        std::vector<int> modes(c.series.size());
        const TA_RetCode code = TA_HT_TRENDMODE(VT_CLOSE, &out.begin, &out.count, modes.data());
        std::ranges::copy(modes, out.lines[0].begin());
        return code;
    });
    c.compare<2>("MAMA", price, of_closes(Mama(), &Mama::Value::mama, &Mama::Value::fama),
                 VT_CALL(TA_MAMA(VT_CLOSE, 0.5, 0.05, VT_OUT2)));
}

TEST(TaLib, StopsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_stops, 1); }
TEST(TaLib, StopsAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_stops, 1); }
TEST(TaLib, CyclesAreEqualOnRandomSeries) { test::compare_on_random_series(compare_cycles, 7); }
/// Centred: TA-Lib fits its sine to prices of which a cycle is a 10,000th part.
TEST(TaLib, CyclesAreEqualOnRecordedCandles) {
    test::compare_on_recorded_candles(compare_cycles, 7, test::Pieces::centred_parts);
}

}  // namespace
}  // namespace vt::indicators

#endif
