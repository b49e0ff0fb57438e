#ifdef VT_HAS_TALIB

#include "indicators/test_talib_comparison.hpp"
#include "indicators/volatility/average_true_range.hpp"
#include "indicators/volatility/channels.hpp"

namespace vt::indicators {
namespace {

using test::of_bars;
using test::TalibComparison;

void compare_ranges(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(14, 2, 30);
    const int n = static_cast<int>(p);
    using Range = RelativeTrueRange::Value;
    c.compare<1>("ATR", 0, of_bars(RelativeTrueRange(p), &Range::range), VT_CALL(TA_ATR(VT_HLC, n, VT_OUT)));
    c.compare<1>("NATR", 0, of_bars(RelativeTrueRange(p), &Range::percent), VT_CALL(TA_NATR(VT_HLC, n, VT_OUT)));
    c.compare<1>("TRANGE", 0, of_bars(TrueRange()), VT_CALL(TA_TRANGE(VT_HLC, VT_OUT)));
    c.compare<1>("MIDPRICE", 0, of_bars(DonchianChannel(p), &Channel::middle),
                 VT_CALL(TA_MIDPRICE(VT_HL, n, VT_OUT)));
}

TEST(TaLib, RangesAreEqualOnRandomSeries) { test::compare_on_random_series(compare_ranges, 4); }
TEST(TaLib, RangesAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_ranges, 4); }

}  // namespace
}  // namespace vt::indicators

#endif
