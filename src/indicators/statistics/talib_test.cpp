#ifdef VT_HAS_TALIB

#include "indicators/statistics/correlation.hpp"
#include "indicators/statistics/dispersion.hpp"
#include "indicators/statistics/extremes.hpp"
#include "indicators/statistics/linear_regression.hpp"
#include "indicators/test_talib_comparison.hpp"
#include "indicators/volatility/channels.hpp"

namespace vt::indicators {
namespace {

using test::of_bars;
using test::of_closes;
using test::TalibComparison;
using test::TalibInput;

void compare_extremes(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(14, 2, 30);
    const int n = static_cast<int>(p);
    using Ends = Extremes::Value;
    c.compare<1>("MAX", 0, of_closes(Extremes(p), &Ends::highest), VT_CALL(TA_MAX(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("MIN", 0, of_closes(Extremes(p), &Ends::lowest), VT_CALL(TA_MIN(VT_CLOSE, n, VT_OUT)));
    c.compare<2>("MINMAX", 0, of_closes(Extremes(p), &Ends::lowest, &Ends::highest),
                 VT_CALL(TA_MINMAX(VT_CLOSE, n, VT_OUT2)));
    c.compare<1>(
        "MIDPOINT", 0,
        [of = Extremes(p)](const Bar& bar) mutable {
            const auto ends = of.update(bar.close);
            return ends ? std::optional(ends->middle()) : std::nullopt;
        },
        VT_CALL(TA_MIDPOINT(VT_CLOSE, n, VT_OUT)));
    // TA-Lib does not say which of two equal values it means: what is compared is the value at the place.
    const auto at_place = [&](auto line, auto function) {
        return [&, line, function](auto& out) {
            std::vector<int> low(c.series.size());
            std::vector<int> high(c.series.size());
            const TA_RetCode code = function(out, low.data(), high.data());
            for (std::size_t i = 0; i < static_cast<std::size_t>(out.count); ++i) {
                if (line != 1) out[0][i] = c.series.close[static_cast<std::size_t>(low[i])];
                if (line != 0) out[out.lines.size() - 1][i] = c.series.close[static_cast<std::size_t>(high[i])];
            }
            return code;
        };
    };
    const auto place = [&](auto... bars_ago) {
        return [&c, of = Extremes(p), bars_ago..., i = std::size_t{0}](const Bar& bar) mutable {
            const auto ends = of.update(bar.close);
            ++i;
            std::array<std::optional<double>, sizeof...(bars_ago)> at;
            if (ends) at = {c.series.close[i - 1 - (*ends).*bars_ago]...};
            return at;
        };
    };
    c.compare<1>("MININDEX", 0, place(&Ends::lowest_bars_ago), at_place(0, [&](auto& out, int* low, int*) {
                     return TA_MININDEX(VT_CLOSE, n, &out.begin, &out.count, low);
                 }));
    c.compare<1>("MAXINDEX", 0, place(&Ends::highest_bars_ago), at_place(1, [&](auto& out, int*, int* high) {
                     return TA_MAXINDEX(VT_CLOSE, n, &out.begin, &out.count, high);
                 }));
    c.compare<2>("MINMAXINDEX", 0, place(&Ends::lowest_bars_ago, &Ends::highest_bars_ago),
                 at_place(2, [&](auto& out, int* low, int* high) {
                     return TA_MINMAXINDEX(VT_CLOSE, n, &out.begin, &out.count, low, high);
                 }));
}

/// A column less its mean, times a factor.
std::vector<double> centred(const std::vector<double>& values, double mean, double factor = 1) {
    std::vector<double> result;
    for (const double value : values) result.push_back((value - mean) * factor);
    return result;
}
double mean_of(const std::vector<double>& values) {
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    return mean;
}

/// Where TA-Lib takes the difference of large sums: on the series less its mean, which is all that keeps its digits.
void compare_deviations(TalibComparison& c) {
    const std::uint32_t p = c.period(20, 5, 30);
    const int n = static_cast<int>(p);
    const double mean = mean_of(c.series.close);
    const std::vector<double> close = centred(c.series.close, mean);
    const double spread = *std::ranges::max_element(close) - *std::ranges::min_element(close);
    TalibInput in = c.in;
    c.compare<1>("AVGDEV", mean, of_closes(MeanAbsoluteDeviation(p), &MeanAbsoluteDeviation::Value::deviation),
                 VT_CALL(TA_AVGDEV(VT_CLOSE, n, VT_OUT)));
    in.close = close.data();
    const auto with_mean = [&](auto call) {
        return [&, call](auto& out) {
            const TA_RetCode code = call(out);
            for (auto& line : out.lines) {
                for (double& value : line) value += mean;
            }
            return code;
        };
    };
    c.compare<1>("VAR", spread * spread, of_closes(Variance(p), &Variance::Value::variance),
                 VT_CALL(TA_VAR(VT_CLOSE, n, 1, VT_OUT)));
    c.compare<1>("STDDEV", spread * 100, of_closes(Variance(p), &Variance::Value::deviation),
                 VT_CALL(TA_STDDEV(VT_CLOSE, n, 1, VT_OUT)));
    c.compare<3>("BBANDS", 0, of_closes(BollingerBands(p, 2), &Channel::upper, &Channel::middle, &Channel::lower),
                 with_mean(VT_CALL(TA_BBANDS(VT_CLOSE, n, 2, 2, TA_MAType_SMA, VT_OUT3))));
    using Line = LinearRegression::Value;
    const LinearRegression line(p);
    c.compare<1>("LINEARREG", 0, of_closes(line, &Line::end), with_mean(VT_CALL(TA_LINEARREG(VT_CLOSE, n, VT_OUT))));
    c.compare<1>("LINEARREG_INTERCEPT", 0, of_closes(line, &Line::intercept),
                 with_mean(VT_CALL(TA_LINEARREG_INTERCEPT(VT_CLOSE, n, VT_OUT))));
    c.compare<1>("TSF", 0, of_closes(line, &Line::forecast), with_mean(VT_CALL(TA_TSF(VT_CLOSE, n, VT_OUT))));
    c.compare<1>("LINEARREG_SLOPE", mean, of_closes(line, &Line::slope),
                 VT_CALL(TA_LINEARREG_SLOPE(VT_CLOSE, n, VT_OUT)));
    c.compare<1>("LINEARREG_ANGLE", 100 * mean, of_closes(line, &Line::angle_degrees),
                 VT_CALL(TA_LINEARREG_ANGLE(VT_CLOSE, n, VT_OUT)));
}

void compare_pairs(TalibComparison& c) {
    const auto& in = c.in;
    const std::uint32_t p = c.period(20, 5, 30);
    const int n = static_cast<int>(p);
    // TA-Lib takes a product of variances below 1e-14 for zero: it is that for a coin at 0.2. The unit does not
    // matter here.
    const std::vector<double> high = centred(c.series.high, mean_of(c.series.high), 1e4);
    const std::vector<double> close = centred(c.series.close, mean_of(c.series.close), 1e4);
    const auto of_both = [](auto indicator) {
        return [indicator](const Bar& bar) mutable { return indicator.update(bar.high, bar.close); };
    };
    c.compare<1>("CORREL", 1e3, of_both(Correlation(p)),
                 VT_CALL(TA_CORREL(0, in.last, high.data(), close.data(), n, VT_OUT)));
    c.compare<1>("BETA", 1e3, of_both(ReturnBeta(p)), VT_CALL(TA_BETA(0, in.last, in.high, in.close, n, VT_OUT)));
}

TEST(TaLib, ExtremesAreEqualOnRandomSeries) { test::compare_on_random_series(compare_extremes, 7); }
TEST(TaLib, ExtremesAreEqualOnRecordedCandles) { test::compare_on_recorded_candles(compare_extremes, 7); }
TEST(TaLib, DeviationsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_deviations, 9); }
TEST(TaLib, DeviationsAreEqualOnRecordedCandles) {
    test::compare_on_recorded_candles(compare_deviations, 9, test::Pieces::parts);
}
TEST(TaLib, PairsAreEqualOnRandomSeries) { test::compare_on_random_series(compare_pairs, 2); }
TEST(TaLib, PairsAreEqualOnRecordedCandles) {
    test::compare_on_recorded_candles(compare_pairs, 2, test::Pieces::parts);
}

/// Why deviations are not held to TA-Lib on the prices themselves.
TEST(TaLib, LosesDigitsWhereDeviationsAreSummed) {
    Prng prng(13, "digits");
    std::vector<double> prices;
    for (int i = 0; i < 5000; ++i) prices.push_back(100'000 + prng.normal());
    constexpr std::size_t kPeriod = 20;
    std::vector<double> theirs(prices.size());
    int begin = 0;
    int count = 0;
    ASSERT_EQ(
        TA_VAR(0, static_cast<int>(prices.size()) - 1, prices.data(), kPeriod, 1, &begin, &count, theirs.data()),
        TA_SUCCESS);
    Variance variance(kPeriod);
    double our_error = 0;
    double their_error = 0;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto ours = variance.update(prices[i]);
        if (i + 1 < kPeriod) continue;
        long double mean = 0;
        long double exact = 0;
        for (std::size_t j = i + 1 - kPeriod; j <= i; ++j) mean += prices[j] / static_cast<long double>(kPeriod);
        for (std::size_t j = i + 1 - kPeriod; j <= i; ++j) exact += (prices[j] - mean) * (prices[j] - mean) / kPeriod;
        const auto error = [&](double of) { return static_cast<double>(std::abs(of / exact - 1)); };
        our_error = std::max(our_error, error(ours.value().variance));
        their_error = std::max(their_error, error(theirs[i + 1 - kPeriod]));
    }
    EXPECT_LT(our_error, 5e-11);   // 2e-11
    EXPECT_GT(their_error, 1e-5);  // 8e-5
}

}  // namespace
}  // namespace vt::indicators

#endif
