// Every indicator that TA-Lib has, against TA-Lib.

#include <gtest/gtest.h>

#ifndef VT_HAS_TALIB

TEST(TaLib, IsNotInstalled) {
    GTEST_SKIP()
        << "NOT CHECKED: no indicator was held against TA-Lib, since tests/talib is not installed (make talib)";
}

#else

#include "indicators/average/ema.hpp"
#include "indicators/average/kama.hpp"
#include "indicators/average/sma.hpp"
#include "indicators/average/wma.hpp"
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
#include "indicators/statistics/correlation.hpp"
#include "indicators/statistics/dispersion.hpp"
#include "indicators/statistics/extremes.hpp"
#include "indicators/statistics/linear_regression.hpp"
#include "indicators/technical_set.hpp"
#include "indicators/test_series.hpp"
#include "indicators/trend/dominant_cycle.hpp"
#include "indicators/trend/parabolic_sar.hpp"
#include "indicators/volatility/channels.hpp"
#include "indicators/volatility/average_true_range.hpp"
#include "indicators/volume/accumulation.hpp"

#include <ta_libc.h>

#include <map>

namespace vt::indicators {
namespace {

using test::fields;
using test::Lines;
using test::Series;

/// What TA-Lib writes: N arrays that begin at a bar.
template <std::size_t N>
struct Output {
    explicit Output(std::size_t size) {
        for (auto& line : lines) line.resize(size);
    }
    double* operator[](std::size_t i) { return lines[i].data(); }

    int begin = 0;
    int count = 0;
    std::array<std::vector<double>, N> lines;
};

/// Runs all comparisons over one series. A number equals TA-Lib's where they differ by a 10^9th of the larger, or by
/// the rounding of what it is the difference of: 1e-13 times the given scale.
class Comparison {
public:
    Comparison(const Series& series, Prng* prng) : series_(series), prng_(prng) {}

    void averages();
    void momentum();
    void ranges();
    void volumes();
    void cycles();
    void cancelling();

    /// Values compared of each function.
    [[nodiscard]] const std::map<std::string, std::size_t>& compared() const { return compared_; }

private:
    /// A random period on a random series, otherwise the usual one.
    std::uint32_t period(std::uint32_t usual, std::uint32_t least, std::uint32_t most) {
        if (prng_ == nullptr) return usual;
        return least + static_cast<std::uint32_t>(prng_->below(most - least + 1));
    }
    [[nodiscard]] int last() const { return static_cast<int>(series_.size()) - 1; }

    template <std::size_t N, class Step, class Call>
    void compare(const char* name, double scale, Step step, Call call, std::size_t smoothing = 0) {
        Output<N> theirs(series_.size());
        ASSERT_EQ(call(theirs), TA_SUCCESS) << name;
        const Lines<N> ours = test::run<N>(series_, step);
        for (std::size_t line = 0; line < N; ++line) {
            std::size_t until = 0;
            for (std::size_t i = 0; i < ours.size(); ++i) {
                const bool is_there = i >= static_cast<std::size_t>(theirs.begin) &&
                                      i < static_cast<std::size_t>(theirs.begin + theirs.count);
                const std::optional<double> mine = ours[i][line];
                if (!is_there) {
                    ASSERT_FALSE(mine) << name << " line " << line << " at " << i << ": TA-Lib has no value yet";
                    continue;
                }
                const double expected = theirs.lines[line][i - static_cast<std::size_t>(theirs.begin)];
                if (!mine) {  // undefined: there TA-Lib writes 0
                    if (smoothing == 0) {
                        ASSERT_NEAR(expected, 0, 1e-13 * scale) << name << " at " << i;
                    }
                    until = i + smoothing;
                }
                if (!mine || i < until) continue;
                const double allowed = 1e-9 * std::max(std::abs(*mine), std::abs(expected)) + 1e-13 * scale;
                ASSERT_NEAR(*mine, expected, allowed) << name << " line " << line << " at " << i;
                ++compared_[name];
            }
        }
    }

    const Series& series_;
    Prng* prng_;
    std::map<std::string, std::size_t> compared_;
};

#define VT_ONE(call) [&](auto& out) { return call; }
#define VT_CLOSE 0, last(), series_.close.data()
#define VT_HL 0, last(), series_.high.data(), series_.low.data()
#define VT_HLC 0, last(), series_.high.data(), series_.low.data(), series_.close.data()
#define VT_HLCV VT_HLC, series_.volume.data()
#define VT_BEGIN &out.begin, &out.count

/// An indicator of closes that gives one number.
template <class Indicator>
auto of_closes(Indicator indicator) {
    return [indicator](const Bar& bar) mutable { return fields(indicator.update(bar.close)); };
}
/// An indicator of bars that gives one number.
template <class Indicator>
auto of_bars(Indicator indicator) {
    return [indicator](const Bar& bar) mutable { return fields(std::optional<double>(indicator.update(bar))); };
}

void Comparison::averages() {
    const std::uint32_t p = period(10, 2, 30);
    const int n = static_cast<int>(p);
    compare<1>("SMA", 0, of_closes(Sma(p)), VT_ONE(TA_SMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("EMA", 0, of_closes(Ema(p)), VT_ONE(TA_EMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("WMA", 0, of_closes(Wma(p)), VT_ONE(TA_WMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("DEMA", 0, of_closes(Dema(p)), VT_ONE(TA_DEMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("TEMA", 0, of_closes(Tema(p)), VT_ONE(TA_TEMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("TRIMA", 0, of_closes(Trima(p)), VT_ONE(TA_TRIMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("KAMA", 0, of_closes(Kama(p)), VT_ONE(TA_KAMA(VT_CLOSE, n, VT_BEGIN, out[0])));
    const double v = prng_ == nullptr ? T3::kTillsonFactor : prng_->uniform();
    compare<1>("T3", 0, of_closes(T3(p, v)), VT_ONE(TA_T3(VT_CLOSE, n, v, VT_BEGIN, out[0])));
    const auto price = [](auto of) { return [of](const Bar& bar) { return fields(std::optional(of(bar))); }; };
    compare<1>("MEDPRICE", 0, price(median_price), VT_ONE(TA_MEDPRICE(VT_HL, VT_BEGIN, out[0])));
    compare<1>("TYPPRICE", 0, price(typical_price), VT_ONE(TA_TYPPRICE(VT_HLC, VT_BEGIN, out[0])));
    compare<1>("WCLPRICE", 0, price(weighted_price), VT_ONE(TA_WCLPRICE(VT_HLC, VT_BEGIN, out[0])));
    compare<1>("AVGPRICE", 0, price(average_price),
               VT_ONE(TA_AVGPRICE(0, last(), series_.open.data(), series_.high.data(), series_.low.data(),
                                  series_.close.data(), VT_BEGIN, out[0])));
}

void Comparison::momentum() {
    const double price = series_.highest();
    const std::uint32_t p = period(14, 2, 30);
    const int n = static_cast<int>(p);
    compare<1>("RSI", 0, of_closes(Rsi(p)), VT_ONE(TA_RSI(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("CMO", 100, of_closes(Cmo(p)), VT_ONE(TA_CMO(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("CCI", 1e4, of_bars(Cci(p)), VT_ONE(TA_CCI(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>(
        "BOP", 0, [](const Bar& bar) { return fields(balance_of_power(bar)); },
        VT_ONE(TA_BOP(0, last(), series_.open.data(), series_.high.data(), series_.low.data(), series_.close.data(),
                      VT_BEGIN, out[0])));
    const MacdPeriods m{.fast = period(12, 2, 12), .slow = period(26, 13, 30), .signal = period(9, 2, 12)};
    const auto macd = [](Macd of) {
        return [of](const Bar& bar) mutable {
            return fields(of.update(bar.close), &Macd::Value::line, &Macd::Value::signal, &Macd::Value::histogram);
        };
    };
    compare<3>("MACD", price, macd(Macd(m)),
               VT_ONE(TA_MACD(VT_CLOSE, static_cast<int>(m.fast), static_cast<int>(m.slow),
                              static_cast<int>(m.signal), VT_BEGIN, out[0], out[1], out[2])));
    compare<3>("MACDFIX", price, macd(Macd::fixed(m.signal)),
               VT_ONE(TA_MACDFIX(VT_CLOSE, static_cast<int>(m.signal), VT_BEGIN, out[0], out[1], out[2])));
    const auto oscillator = [&](double PriceOscillator::Value::* member) {
        return [of = PriceOscillator(m.fast, m.slow), member](const Bar& bar) mutable {
            return fields(of.update(bar.close), member);
        };
    };
    compare<1>("APO", price, oscillator(&PriceOscillator::Value::difference),
               VT_ONE(TA_APO(VT_CLOSE, static_cast<int>(m.fast), static_cast<int>(m.slow), TA_MAType_EMA, VT_BEGIN,
                             out[0])));
    compare<1>("PPO", 100, oscillator(&PriceOscillator::Value::percent),
               VT_ONE(TA_PPO(VT_CLOSE, static_cast<int>(m.fast), static_cast<int>(m.slow), TA_MAType_EMA, VT_BEGIN,
                             out[0])));
    compare<1>("TRIX", 100, of_closes(Trix(p)), VT_ONE(TA_TRIX(VT_CLOSE, n, VT_BEGIN, out[0])));
    const auto change = [&](double RateOfChange::Value::* member) {
        return
            [of = RateOfChange(p), member](const Bar& bar) mutable { return fields(of.update(bar.close), member); };
    };
    compare<1>("MOM", 0, change(&RateOfChange::Value::difference), VT_ONE(TA_MOM(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("ROCP", 0, change(&RateOfChange::Value::fraction), VT_ONE(TA_ROCP(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("ROCR", 0, change(&RateOfChange::Value::ratio), VT_ONE(TA_ROCR(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("ROC", 0, change(&RateOfChange::Value::percent), VT_ONE(TA_ROC(VT_CLOSE, n, VT_BEGIN, out[0])));
    const std::uint32_t k = period(5, 5, 20);
    const std::uint32_t d = period(3, 1, 8);
    const int fast = static_cast<int>(k);
    const int slow = static_cast<int>(d);
    constexpr auto kK = &StochasticValue::k;
    constexpr auto kD = &StochasticValue::d;
    compare<2>(
        "STOCHF", 100,
        [of = FastStochastic(k, d), kK, kD](const Bar& bar) mutable { return fields(of.update(bar), kK, kD); },
        VT_ONE(TA_STOCHF(VT_HLC, fast, slow, TA_MAType_SMA, VT_BEGIN, out[0], out[1])), d);
    compare<2>(
        "STOCH", 100,
        [of = SlowStochastic(k, d, d), kK, kD](const Bar& bar) mutable { return fields(of.update(bar), kK, kD); },
        VT_ONE(TA_STOCH(VT_HLC, fast, slow, TA_MAType_SMA, slow, TA_MAType_SMA, VT_BEGIN, out[0], out[1])), 2 * d);
    compare<2>(
        "STOCHRSI", 1e4,
        [of = StochasticRsi(p, k, d), kK, kD](const Bar& bar) mutable {
            return fields(of.update(bar.close), kK, kD);
        },
        VT_ONE(TA_STOCHRSI(VT_CLOSE, n, fast, slow, TA_MAType_SMA, VT_BEGIN, out[0], out[1])), d);
    compare<1>("WILLR", 100, of_bars(WilliamsR(k)), VT_ONE(TA_WILLR(VT_HLC, fast, VT_BEGIN, out[0])));
}

void Comparison::ranges() {
    const std::uint32_t p = period(14, 2, 30);
    const int n = static_cast<int>(p);
    const auto movement = [&](auto member) {
        return
            [of = DirectionalMovement(p), member](const Bar& bar) mutable { return fields(of.update(bar), member); };
    };
    using Movement = DirectionalMovement::Value;
    compare<1>("PLUS_DM", 0, movement(&Movement::plus_dm), VT_ONE(TA_PLUS_DM(VT_HL, n, VT_BEGIN, out[0])));
    compare<1>("MINUS_DM", 0, movement(&Movement::minus_dm), VT_ONE(TA_MINUS_DM(VT_HL, n, VT_BEGIN, out[0])));
    compare<1>("PLUS_DI", 0, movement(&Movement::plus_di), VT_ONE(TA_PLUS_DI(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("MINUS_DI", 0, movement(&Movement::minus_di), VT_ONE(TA_MINUS_DI(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("DX", 100, movement(&Movement::dx), VT_ONE(TA_DX(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("ADX", 100, movement(&Movement::adx), VT_ONE(TA_ADX(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("ADXR", 100, movement(&Movement::adxr), VT_ONE(TA_ADXR(VT_HLC, n, VT_BEGIN, out[0])));
    const auto range = [&](double RelativeTrueRange::Value::* member) {
        return [of = RelativeTrueRange(p), member](const Bar& bar) mutable { return fields(of.update(bar), member); };
    };
    compare<1>("ATR", 0, range(&RelativeTrueRange::Value::range), VT_ONE(TA_ATR(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("NATR", 0, range(&RelativeTrueRange::Value::percent), VT_ONE(TA_NATR(VT_HLC, n, VT_BEGIN, out[0])));
    compare<1>("TRANGE", 0, of_bars(TrueRange()), VT_ONE(TA_TRANGE(VT_HLC, VT_BEGIN, out[0])));
    using Arms = Aroon::Value;
    const auto aroon = [&](auto... member) {
        return [of = Aroon(p), member...](const Bar& bar) mutable { return fields(of.update(bar), member...); };
    };
    compare<2>("AROON", 0, aroon(&Arms::down, &Arms::up), VT_ONE(TA_AROON(VT_HL, n, VT_BEGIN, out[0], out[1])));
    compare<1>("AROONOSC", 100, aroon(&Arms::oscillator), VT_ONE(TA_AROONOSC(VT_HL, n, VT_BEGIN, out[0])));
    const std::array<std::uint32_t, 3> three{period(7, 2, 8), period(14, 9, 16), period(28, 17, 30)};
    compare<1>("ULTOSC", 0, of_bars(UltimateOscillator(three)),
               VT_ONE(TA_ULTOSC(VT_HLC, static_cast<int>(three[0]), static_cast<int>(three[1]),
                                static_cast<int>(three[2]), VT_BEGIN, out[0])));
    const double step = prng_ == nullptr ? 0.02 : 0.01 + 0.04 * prng_->uniform();
    compare<1>(
        "SAR", 0,
        [of = ParabolicSar({.step = step, .maximum = 0.2})](const Bar& bar) mutable {
            return fields(of.update(bar), &ParabolicSar::Value::sar);
        },
        VT_ONE(TA_SAR(VT_HL, step, 0.2, VT_BEGIN, out[0])));
    using Ends = Extremes::Value;
    const auto extremes = [&](auto... member) {
        return
            [of = Extremes(p), member...](const Bar& bar) mutable { return fields(of.update(bar.close), member...); };
    };
    compare<1>("MAX", 0, extremes(&Ends::highest), VT_ONE(TA_MAX(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>("MIN", 0, extremes(&Ends::lowest), VT_ONE(TA_MIN(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<2>("MINMAX", 0, extremes(&Ends::lowest, &Ends::highest),
               VT_ONE(TA_MINMAX(VT_CLOSE, n, VT_BEGIN, out[0], out[1])));
    compare<1>(
        "MIDPOINT", 0,
        [of = Extremes(p)](const Bar& bar) mutable {
            const auto ends = of.update(bar.close);
            return fields(ends ? std::optional(ends->middle()) : std::nullopt);
        },
        VT_ONE(TA_MIDPOINT(VT_CLOSE, n, VT_BEGIN, out[0])));
    compare<1>(
        "MIDPRICE", 0,
        [of = DonchianChannel(p)](const Bar& bar) mutable { return fields(of.update(bar), &Channel::middle); },
        VT_ONE(TA_MIDPRICE(VT_HL, n, VT_BEGIN, out[0])));
    // TA-Lib does not say which of two equal values it means: what is compared is the value at the place.
    const auto at_place = [&](auto function) {
        return [&, function](auto& out) {
            std::vector<int> low(series_.size());
            std::vector<int> high(series_.size());
            const TA_RetCode code = function(out, low.data(), high.data());
            for (std::size_t i = 0; i < static_cast<std::size_t>(out.count); ++i) {
                out[0][i] = series_.close[static_cast<std::size_t>(low[i])];
                out[1][i] = series_.close[static_cast<std::size_t>(high[i])];
            }
            return code;
        };
    };
    const auto places = [&] {
        return [of = Extremes(p), this, i = std::size_t{0}](const Bar& bar) mutable {
            const auto ends = of.update(bar.close);
            ++i;
            std::array<std::optional<double>, 2> at;
            if (ends)
                at = {series_.close[i - 1 - ends->lowest_bars_ago], series_.close[i - 1 - ends->highest_bars_ago]};
            return at;
        };
    };
    compare<2>("MINMAXINDEX", 0, places(), at_place([&](auto& out, int* low, int* high) {
                   return TA_MINMAXINDEX(VT_CLOSE, n, VT_BEGIN, low, high);
               }));
    compare<2>("MININDEX, MAXINDEX", 0, places(), at_place([&](auto& out, int* low, int* high) {
                   TA_MININDEX(VT_CLOSE, n, VT_BEGIN, low);
                   return TA_MAXINDEX(VT_CLOSE, n, VT_BEGIN, high);
               }));
}

void Comparison::volumes() {
    double volume = 0;
    for (const double one : series_.volume) volume += one;
    const std::uint32_t p = period(14, 2, 30);
    const int n = static_cast<int>(p);
    compare<1>("OBV", volume, of_bars(Obv()), VT_ONE(TA_OBV(VT_CLOSE, series_.volume.data(), VT_BEGIN, out[0])));
    compare<1>("AD", volume, of_bars(AccumulationDistribution()), VT_ONE(TA_AD(VT_HLCV, VT_BEGIN, out[0])));
    const std::uint32_t fast = period(3, 2, 5);
    const std::uint32_t slow = period(10, 6, 20);
    compare<1>("ADOSC", volume, of_bars(ChaikinOscillator(fast, slow)),
               VT_ONE(TA_ADOSC(VT_HLCV, static_cast<int>(fast), static_cast<int>(slow), VT_BEGIN, out[0])));
    // TA-Lib subtracts what leaves its sums: what stays of a large flow is seen beside small ones.
    compare<1>("MFI", 1e4, of_bars(Mfi(p)), VT_ONE(TA_MFI(VT_HLCV, n, VT_BEGIN, out[0])));
}

void Comparison::cycles() {
    const double price = series_.highest();
    using Cycle = DominantCycle::Value;
    const auto cycle = [](auto... member) {
        return [of = DominantCycle(), member...](const Bar& bar) mutable {
            return fields(of.update(bar.close), member...);
        };
    };
    compare<1>("HT_DCPERIOD", 0, cycle(&Cycle::period), VT_ONE(TA_HT_DCPERIOD(VT_CLOSE, VT_BEGIN, out[0])));
    compare<2>("HT_PHASOR", price, cycle(&Cycle::in_phase, &Cycle::quadrature),
               VT_ONE(TA_HT_PHASOR(VT_CLOSE, VT_BEGIN, out[0], out[1])));
    using Mode = CycleMode::Value;
    const auto mode = [](auto... member) {
        return
            [of = CycleMode(), member...](const Bar& bar) mutable { return fields(of.update(bar.close), member...); };
    };
    compare<1>("HT_DCPHASE", 1e4, mode(&Mode::phase_degrees), VT_ONE(TA_HT_DCPHASE(VT_CLOSE, VT_BEGIN, out[0])));
    compare<2>("HT_SINE", 1e3, mode(&Mode::sine, &Mode::lead_sine),
               VT_ONE(TA_HT_SINE(VT_CLOSE, VT_BEGIN, out[0], out[1])));
    compare<1>("HT_TRENDLINE", price, mode(&Mode::trend_line), VT_ONE(TA_HT_TRENDLINE(VT_CLOSE, VT_BEGIN, out[0])));
    compare<1>("HT_TRENDMODE", 0, mode(&Mode::is_trend), [&](auto& out) {
        std::vector<int> modes(series_.size());
        const TA_RetCode code = TA_HT_TRENDMODE(VT_CLOSE, VT_BEGIN, modes.data());
        std::ranges::copy(modes, out.lines[0].begin());
        return code;
    });
    compare<2>(
        "MAMA", price,
        [of = Mama()](const Bar& bar) mutable {
            return fields(of.update(bar.close), &Mama::Value::mama, &Mama::Value::fama);
        },
        VT_ONE(TA_MAMA(VT_CLOSE, 0.5, 0.05, VT_BEGIN, out[0], out[1])));
}

/// Where TA-Lib takes the difference of large sums: on the series less its mean, which is all that keeps its digits.
void Comparison::cancelling() {
    const std::uint32_t p = period(20, 5, 30);
    const int n = static_cast<int>(p);
    const double size = static_cast<double>(series_.size());
    const auto centred = [&](const std::vector<double>& values, double& mean) {
        mean = 0;
        for (const double value : values) mean += value / size;
        std::vector<double> result;
        for (const double value : values) result.push_back(value - mean);
        return result;
    };
    double mean = 0;
    double mean_high = 0;
    const std::vector<double> close = centred(series_.close, mean);
    const std::vector<double> high = centred(series_.high, mean_high);
    const double spread = *std::ranges::max_element(close) - *std::ranges::min_element(close);
    const auto with_mean = [&](auto call) {
        return [&, call](auto& out) {
            const TA_RetCode code = call(out);
            for (auto& line : out.lines) {
                for (double& value : line) value += mean;
            }
            return code;
        };
    };
    compare<1>(
        "AVGDEV", mean,
        [of = MeanAbsoluteDeviation(p)](const Bar& bar) mutable {
            return fields(of.update(bar.close), &MeanAbsoluteDeviation::Value::deviation);
        },
        VT_ONE(TA_AVGDEV(VT_CLOSE, n, VT_BEGIN, out[0])));
    const auto variance = [&](double Variance::Value::* member) {
        return [of = Variance(p), member](const Bar& bar) mutable { return fields(of.update(bar.close), member); };
    };
    compare<1>("VAR", spread * spread, variance(&Variance::Value::variance),
               VT_ONE(TA_VAR(0, last(), close.data(), n, 1, VT_BEGIN, out[0])));
    compare<1>("STDDEV", spread * 100, variance(&Variance::Value::deviation),
               VT_ONE(TA_STDDEV(0, last(), close.data(), n, 1, VT_BEGIN, out[0])));
    compare<3>(
        "BBANDS", 0,
        [of = BollingerBands(p, 2)](const Bar& bar) mutable {
            return fields(of.update(bar.close), &Channel::upper, &Channel::middle, &Channel::lower);
        },
        with_mean(
            VT_ONE(TA_BBANDS(0, last(), close.data(), n, 2, 2, TA_MAType_SMA, VT_BEGIN, out[0], out[1], out[2]))));
    using Line = LinearRegression::Value;
    const auto line = [&](double Line::* member) {
        return [of = LinearRegression(p), member](const Bar& bar) mutable {
            return fields(of.update(bar.close), member);
        };
    };
    const auto regression = [&](auto function) {
        return [&, function](auto& out) { return function(0, last(), close.data(), n, VT_BEGIN, out[0]); };
    };
    compare<1>("LINEARREG", 0, line(&Line::end), with_mean(regression(TA_LINEARREG)));
    compare<1>("LINEARREG_INTERCEPT", 0, line(&Line::intercept), with_mean(regression(TA_LINEARREG_INTERCEPT)));
    compare<1>("TSF", 0, line(&Line::forecast), with_mean(regression(TA_TSF)));
    compare<1>("LINEARREG_SLOPE", mean, line(&Line::slope), regression(TA_LINEARREG_SLOPE));
    compare<1>("LINEARREG_ANGLE", 100 * mean, line(&Line::angle_degrees), regression(TA_LINEARREG_ANGLE));
    // TA-Lib takes a product of variances below 1e-14 for zero: it is that for a coin at 0.2. The unit does not
    // matter here.
    std::vector<double> large_high = high;
    std::vector<double> large_close = close;
    for (double& value : large_high) value *= 1e4;
    for (double& value : large_close) value *= 1e4;
    compare<1>(
        "CORREL", 1e3,
        [of = Correlation(p)](const Bar& bar) mutable { return fields(of.update(bar.high, bar.close)); },
        VT_ONE(TA_CORREL(0, last(), large_high.data(), large_close.data(), n, VT_BEGIN, out[0])));
    compare<1>(
        "BETA", 1e3, [of = ReturnBeta(p)](const Bar& bar) mutable { return fields(of.update(bar.high, bar.close)); },
        VT_ONE(TA_BETA(0, last(), series_.high.data(), series_.close.data(), n, VT_BEGIN, out[0])));
}

void compare_all(Comparison& of) {
    of.averages();
    of.momentum();
    of.ranges();
    of.volumes();
    of.cycles();
    of.cancelling();
}

TEST(TaLib, IsEqualOnRandomSeries) {
    ASSERT_EQ(TA_Initialize(), TA_SUCCESS);
    Prng prng(7, "talib");
    std::map<std::string, std::size_t> compared;
    for (int i = 0; i < 1000; ++i) {
        const Series series = test::random_series(prng, 200 + prng.below(60), i % 2 == 1);
        Comparison comparison(series, &prng);
        compare_all(comparison);
        if (HasFailure()) FAIL() << "on series " << i;
        for (const auto& [name, count] : comparison.compared()) compared[name] += count;
    }
    EXPECT_EQ(compared.size(), 72);
    for (const auto& [name, count] : compared) EXPECT_GT(count, 100'000) << name;
}

TEST(TaLib, IsEqualOnRecordedCandles) {
    ASSERT_EQ(TA_Initialize(), TA_SUCCESS);
    for (const char* symbol : {"BTCUSDT", "ETHUSDT", "DOGEUSDT"}) {
        const Series series = test::recorded_series(symbol, 43'000);
        if (series.size() == 0) {
            GTEST_SKIP() << "NOT CHECKED: no recorded candles (VIRTUOSO_SHARED, or ../shared), or no zstd program";
        }
        ASSERT_EQ(series.size(), 43'000);
        Comparison comparison(series, nullptr);
        comparison.averages();
        comparison.momentum();
        comparison.ranges();
        comparison.volumes();
        std::map<std::string, std::size_t> compared = comparison.compared();
        // The mean of a month is far from most prices: by parts.
        for (std::size_t begin = 0; begin < series.size(); begin += 1000) {
            Series part;
            for (std::size_t i = begin; i < begin + 1000; ++i) part.add(series.bars[i]);
            Comparison of_part(part, nullptr);
            of_part.cancelling();
            for (const auto& [name, count] : of_part.compared()) compared[name] += count;
            // Less the first price, for us too: TA-Lib fits its sine to prices of which a cycle is a 10,000th part.
            Series centred;
            for (Bar bar : part.bars) {
                bar.close -= part.close.front();
                centred.add(bar);
            }
            Comparison of_centred(centred, nullptr);
            of_centred.cycles();
            for (const auto& [name, count] : of_centred.compared()) compared[name] += count;
        }
        if (HasFailure()) FAIL() << symbol;
        for (const auto& [name, count] : compared) EXPECT_GT(count, 40'000) << name;
    }
}

/// Each value of the set is the one that its name says.
TEST(TaLib, TheSetsNamesAreThoseOfItsValues) {
    Prng prng(14, "names");
    const Series series = test::random_series(prng, 300, false);
    TechnicalSet set;
    for (const Bar& bar : series.bars) set.update(bar);
    const auto expect = [&](std::initializer_list<TechnicalValue> values, auto call) {
        std::array<std::vector<double>, 3> lines;
        for (auto& line : lines) line.resize(series.size());
        int begin = 0;
        int count = 0;
        ASSERT_EQ(call(0, static_cast<int>(series.size()) - 1, &begin, &count, lines), TA_SUCCESS);
        ASSERT_GT(count, 0);
        auto line = lines.begin();
        for (const TechnicalValue value : values) {
            const double last = (*line++)[static_cast<std::size_t>(count) - 1];
            const auto name = technical_fields()[static_cast<std::size_t>(value)].name;
            ASSERT_TRUE(set[value]) << name;
            EXPECT_NEAR(*set[value], last, 1e-7 * std::abs(last) + 1e-9) << name;
        }
    };
    const double* open = series.open.data();
    const double* high = series.high.data();
    const double* low = series.low.data();
    const double* close = series.close.data();
    const double* volume = series.volume.data();
    using enum TechnicalValue;
#define VT_TA(...) [&](int from, int to, int* at, int* count, auto& out) { return __VA_ARGS__; }
#define VT_OUT at, count, out[0].data()
#define VT_OUT2 VT_OUT, out[1].data()
#define VT_OUT3 VT_OUT2, out[2].data()
    expect({sma_20}, VT_TA(TA_SMA(from, to, close, 20, VT_OUT)));
    expect({sma_50}, VT_TA(TA_SMA(from, to, close, 50, VT_OUT)));
    expect({sma_200}, VT_TA(TA_SMA(from, to, close, 200, VT_OUT)));
    expect({ema_12}, VT_TA(TA_EMA(from, to, close, 12, VT_OUT)));
    expect({ema_26}, VT_TA(TA_EMA(from, to, close, 26, VT_OUT)));
    expect({ema_50}, VT_TA(TA_EMA(from, to, close, 50, VT_OUT)));
    expect({ema_200}, VT_TA(TA_EMA(from, to, close, 200, VT_OUT)));
    expect({wma_20}, VT_TA(TA_WMA(from, to, close, 20, VT_OUT)));
    expect({dema_20}, VT_TA(TA_DEMA(from, to, close, 20, VT_OUT)));
    expect({tema_20}, VT_TA(TA_TEMA(from, to, close, 20, VT_OUT)));
    expect({trima_20}, VT_TA(TA_TRIMA(from, to, close, 20, VT_OUT)));
    expect({kama_10}, VT_TA(TA_KAMA(from, to, close, 10, VT_OUT)));
    expect({t3_5}, VT_TA(TA_T3(from, to, close, 5, 0.7, VT_OUT)));
    expect({TechnicalValue::median_price}, VT_TA(TA_MEDPRICE(from, to, high, low, VT_OUT)));
    expect({TechnicalValue::typical_price}, VT_TA(TA_TYPPRICE(from, to, high, low, close, VT_OUT)));
    expect({TechnicalValue::weighted_price}, VT_TA(TA_WCLPRICE(from, to, high, low, close, VT_OUT)));
    expect({TechnicalValue::average_price}, VT_TA(TA_AVGPRICE(from, to, open, high, low, close, VT_OUT)));
    expect({macd_line, macd_signal, macd_histogram}, VT_TA(TA_MACD(from, to, close, 12, 26, 9, VT_OUT3)));
    expect({apo}, VT_TA(TA_APO(from, to, close, 12, 26, TA_MAType_EMA, VT_OUT)));
    expect({ppo}, VT_TA(TA_PPO(from, to, close, 12, 26, TA_MAType_EMA, VT_OUT)));
    expect({trix_15}, VT_TA(TA_TRIX(from, to, close, 15, VT_OUT)));
    expect({rsi_14}, VT_TA(TA_RSI(from, to, close, 14, VT_OUT)));
    expect({cmo_14}, VT_TA(TA_CMO(from, to, close, 14, VT_OUT)));
    expect({stochastic_fast_k, stochastic_fast_d}, VT_TA(TA_STOCHF(from, to, high, low, close, 5, 3, {}, VT_OUT2)));
    expect({stochastic_k, stochastic_d}, VT_TA(TA_STOCH(from, to, high, low, close, 5, 3, {}, 3, {}, VT_OUT2)));
    expect({stochastic_rsi_k, stochastic_rsi_d}, VT_TA(TA_STOCHRSI(from, to, close, 14, 5, 3, {}, VT_OUT2)));
    expect({williams_r_14}, VT_TA(TA_WILLR(from, to, high, low, close, 14, VT_OUT)));
    expect({mom_10}, VT_TA(TA_MOM(from, to, close, 10, VT_OUT)));
    expect({roc_10}, VT_TA(TA_ROC(from, to, close, 10, VT_OUT)));
    expect({plus_dm_14}, VT_TA(TA_PLUS_DM(from, to, high, low, 14, VT_OUT)));
    expect({minus_dm_14}, VT_TA(TA_MINUS_DM(from, to, high, low, 14, VT_OUT)));
    expect({plus_di_14}, VT_TA(TA_PLUS_DI(from, to, high, low, close, 14, VT_OUT)));
    expect({minus_di_14}, VT_TA(TA_MINUS_DI(from, to, high, low, close, 14, VT_OUT)));
    expect({dx_14}, VT_TA(TA_DX(from, to, high, low, close, 14, VT_OUT)));
    expect({adx_14}, VT_TA(TA_ADX(from, to, high, low, close, 14, VT_OUT)));
    expect({adxr_14}, VT_TA(TA_ADXR(from, to, high, low, close, 14, VT_OUT)));
    expect({cci_20}, VT_TA(TA_CCI(from, to, high, low, close, 20, VT_OUT)));
    expect({aroon_down_14, aroon_up_14}, VT_TA(TA_AROON(from, to, high, low, 14, VT_OUT2)));
    expect({aroon_oscillator_14}, VT_TA(TA_AROONOSC(from, to, high, low, 14, VT_OUT)));
    expect({ultimate_oscillator}, VT_TA(TA_ULTOSC(from, to, high, low, close, 7, 14, 28, VT_OUT)));
    expect({TechnicalValue::balance_of_power}, VT_TA(TA_BOP(from, to, open, high, low, close, VT_OUT)));
    expect({sar}, VT_TA(TA_SAR(from, to, high, low, 0.02, 0.2, VT_OUT)));
    expect({TechnicalValue::true_range}, VT_TA(TA_TRANGE(from, to, high, low, close, VT_OUT)));
    expect({atr_14}, VT_TA(TA_ATR(from, to, high, low, close, 14, VT_OUT)));
    expect({natr_14}, VT_TA(TA_NATR(from, to, high, low, close, 14, VT_OUT)));
    expect({bollinger_upper, bollinger_middle, bollinger_lower},
           VT_TA(TA_BBANDS(from, to, close, 20, 2, 2, TA_MAType_SMA, VT_OUT3)));
    expect({donchian_middle}, VT_TA(TA_MIDPRICE(from, to, high, low, 20, VT_OUT)));
    expect({donchian_upper}, VT_TA(TA_MAX(from, to, high, 20, VT_OUT)));
    expect({donchian_lower}, VT_TA(TA_MIN(from, to, low, 20, VT_OUT)));
    expect({obv}, VT_TA(TA_OBV(from, to, close, volume, VT_OUT)));
    expect({accumulation_distribution}, VT_TA(TA_AD(from, to, high, low, close, volume, VT_OUT)));
    expect({chaikin_oscillator}, VT_TA(TA_ADOSC(from, to, high, low, close, volume, 3, 10, VT_OUT)));
    expect({mfi_14}, VT_TA(TA_MFI(from, to, high, low, close, volume, 14, VT_OUT)));
    expect({lowest_30, highest_30}, VT_TA(TA_MINMAX(from, to, close, 30, VT_OUT2)));
    expect({midpoint_30}, VT_TA(TA_MIDPOINT(from, to, close, 30, VT_OUT)));
    expect({variance_20}, VT_TA(TA_VAR(from, to, close, 20, 1, VT_OUT)));
    expect({deviation_20}, VT_TA(TA_STDDEV(from, to, close, 20, 1, VT_OUT)));
    expect({mean_absolute_deviation_14}, VT_TA(TA_AVGDEV(from, to, close, 14, VT_OUT)));
    expect({regression_end_14}, VT_TA(TA_LINEARREG(from, to, close, 14, VT_OUT)));
    expect({regression_slope_14}, VT_TA(TA_LINEARREG_SLOPE(from, to, close, 14, VT_OUT)));
    expect({regression_intercept_14}, VT_TA(TA_LINEARREG_INTERCEPT(from, to, close, 14, VT_OUT)));
    expect({regression_angle_14}, VT_TA(TA_LINEARREG_ANGLE(from, to, close, 14, VT_OUT)));
    expect({regression_forecast_14}, VT_TA(TA_TSF(from, to, close, 14, VT_OUT)));
    expect({cycle_period}, VT_TA(TA_HT_DCPERIOD(from, to, close, VT_OUT)));
    expect({cycle_in_phase, cycle_quadrature}, VT_TA(TA_HT_PHASOR(from, to, close, VT_OUT2)));
    expect({cycle_phase}, VT_TA(TA_HT_DCPHASE(from, to, close, VT_OUT)));
    expect({cycle_sine, cycle_lead_sine}, VT_TA(TA_HT_SINE(from, to, close, VT_OUT2)));
    expect({cycle_trend_line}, VT_TA(TA_HT_TRENDLINE(from, to, close, VT_OUT)));
    expect({mama, fama}, VT_TA(TA_MAMA(from, to, close, 0.5, 0.05, VT_OUT2)));
    expect({correlation_close_volume_30}, VT_TA(TA_CORREL(from, to, close, volume, 30, VT_OUT)));
}

/// Why the family above is not held to TA-Lib on the prices themselves.
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
