// Nanoseconds a bar: each indicator beside TA-Lib, which computes a window of 500 bars anew for each bar, as a
// program does that calls it when a bar closes. The ratio is in docs/indicators/technical.md.

#include "indicators/technical_set.hpp"
#include "indicators/test_series.hpp"

#ifdef VT_HAS_TALIB
#include "indicators/test_talib.hpp"
#endif

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <memory>
#include <string>

namespace vt::indicators {
namespace {

constexpr std::size_t kWindow = 500;
constexpr std::size_t kBars = 4096;

using test::of_bars;
using test::of_closes;

const test::Series& series() {
    static const test::Series of = [] {
        Prng prng(1, "bench");
        return test::random_series(prng, kBars, true);
    }();
    return of;
}

template <class Step>
void measure(const std::string& name, Step step) {
    benchmark::RegisterBenchmark(("technical/ours/" + name).c_str(), [step](benchmark::State& state) mutable {
        const std::vector<Bar>& bars = series().bars;
        std::size_t i = 0;
        for (auto _ : state) {
            benchmark::DoNotOptimize(step(bars[i]));
            i = (i + 1) % kBars;
        }
    });
}

#ifdef VT_HAS_TALIB

using Output = test::TalibOutput<3>;
using Call = TA_RetCode (*)(const test::TalibInput&, Output&);
std::vector<Call>& calls() {
    static std::vector<Call> all;
    return all;
}

void measure_talib(const std::string& name, Call call) {
    calls().push_back(call);
    benchmark::RegisterBenchmark(("technical/talib500/" + name).c_str(), [call](benchmark::State& state) {
        Output out(kWindow);
        std::size_t i = 0;
        for (auto _ : state) {
            if (call({series(), i, kWindow}, out) != TA_SUCCESS) state.SkipWithError("TA-Lib refused");
            benchmark::DoNotOptimize(out[0]);
            i = (i + 1) % (kBars - kWindow);
        }
    });
}
#define VT_TALIB(name, ...) measure_talib(name, [](const test::TalibInput& in, Output& out) { return __VA_ARGS__; })
#else
#define VT_TALIB(...) static_cast<void>(0)
#endif

void register_averages() {
    measure("SMA", of_closes(Sma(20)));
    VT_TALIB("SMA", TA_SMA(VT_CLOSE, 20, VT_OUT));
    measure("EMA", of_closes(Ema(20)));
    VT_TALIB("EMA", TA_EMA(VT_CLOSE, 20, VT_OUT));
    measure("WMA", of_closes(Wma(20)));
    VT_TALIB("WMA", TA_WMA(VT_CLOSE, 20, VT_OUT));
    measure("DEMA", of_closes(Dema(20)));
    VT_TALIB("DEMA", TA_DEMA(VT_CLOSE, 20, VT_OUT));
    measure("TEMA", of_closes(Tema(20)));
    VT_TALIB("TEMA", TA_TEMA(VT_CLOSE, 20, VT_OUT));
    measure("TRIMA", of_closes(Trima(20)));
    VT_TALIB("TRIMA", TA_TRIMA(VT_CLOSE, 20, VT_OUT));
    measure("KAMA", of_closes(Kama(10)));
    VT_TALIB("KAMA", TA_KAMA(VT_CLOSE, 10, VT_OUT));
    measure("T3", of_closes(T3(5)));
    VT_TALIB("T3", TA_T3(VT_CLOSE, 5, 0.7, VT_OUT));
    measure("Hma", of_closes(Hma(20)));
}

void register_momentum() {
    measure("MACD", of_closes(Macd()));
    VT_TALIB("MACD", TA_MACD(VT_CLOSE, 12, 26, 9, VT_OUT3));
    measure("PPO", of_closes(PriceOscillator()));
    VT_TALIB("PPO", TA_PPO(VT_CLOSE, 12, 26, TA_MAType_EMA, VT_OUT));
    measure("TRIX", of_closes(Trix(15)));
    VT_TALIB("TRIX", TA_TRIX(VT_CLOSE, 15, VT_OUT));
    measure("RSI", of_closes(Rsi()));
    VT_TALIB("RSI", TA_RSI(VT_CLOSE, 14, VT_OUT));
    measure("CMO", of_closes(Cmo()));
    VT_TALIB("CMO", TA_CMO(VT_CLOSE, 14, VT_OUT));
    measure("ROC", of_closes(RateOfChange()));
    VT_TALIB("ROC", TA_ROC(VT_CLOSE, 10, VT_OUT));
    measure("STOCHF", of_bars(FastStochastic()));
    VT_TALIB("STOCHF", TA_STOCHF(VT_HLC, 5, 3, TA_MAType_SMA, VT_OUT2));
    measure("STOCH", of_bars(SlowStochastic()));
    VT_TALIB("STOCH", TA_STOCH(VT_HLC, 5, 3, TA_MAType_SMA, 3, TA_MAType_SMA, VT_OUT2));
    measure("STOCHRSI", of_closes(StochasticRsi()));
    VT_TALIB("STOCHRSI", TA_STOCHRSI(VT_CLOSE, 14, 5, 3, TA_MAType_SMA, VT_OUT2));
    measure("WILLR", of_bars(WilliamsR()));
    VT_TALIB("WILLR", TA_WILLR(VT_HLC, 14, VT_OUT));
    measure("DM, DI, DX, ADX, ADXR", of_bars(DirectionalMovement()));
    VT_TALIB("ADXR", TA_ADXR(VT_HLC, 14, VT_OUT));
    measure("CCI", of_bars(Cci(20)));
    VT_TALIB("CCI", TA_CCI(VT_HLC, 20, VT_OUT));
    measure("AROON", of_bars(Aroon()));
    VT_TALIB("AROON", TA_AROON(VT_HL, 14, VT_OUT2));
    measure("ULTOSC", of_bars(UltimateOscillator()));
    VT_TALIB("ULTOSC", TA_ULTOSC(VT_HLC, 7, 14, 28, VT_OUT));
    measure("BOP", balance_of_power);
    VT_TALIB("BOP", TA_BOP(VT_OHLC, VT_OUT));
    measure("AwesomeOscillator", of_bars(AwesomeOscillator()));
    measure("CoppockCurve", of_closes(CoppockCurve()));
    measure("FisherTransform", of_bars(FisherTransform()));
    measure("ElderRay", of_bars(ElderRay()));
}

void register_trends_and_volatility() {
    measure("SAR", of_bars(ParabolicSar()));
    VT_TALIB("SAR", TA_SAR(VT_HL, 0.02, 0.2, VT_OUT));
    measure("Supertrend", of_bars(Supertrend()));
    measure("Ichimoku", of_bars(Ichimoku()));
    measure("Vortex", of_bars(Vortex()));
    measure("Choppiness", of_bars(Choppiness()));
    measure("HeikinAshi", of_bars(HeikinAshi()));
    measure("TRANGE", of_bars(TrueRange()));
    VT_TALIB("TRANGE", TA_TRANGE(VT_HLC, VT_OUT));
    measure("NATR", of_bars(RelativeTrueRange()));
    VT_TALIB("NATR", TA_NATR(VT_HLC, 14, VT_OUT));
    measure("BBANDS", of_closes(BollingerBands()));
    VT_TALIB("BBANDS", TA_BBANDS(VT_CLOSE, 20, 2, 2, TA_MAType_SMA, VT_OUT3));
    measure("KeltnerChannel", of_bars(KeltnerChannel()));
    measure("MIDPRICE", of_bars(DonchianChannel()));
    VT_TALIB("MIDPRICE", TA_MIDPRICE(VT_HL, 20, VT_OUT));
    measure("CloseToCloseVolatility", of_bars(CloseToCloseVolatility()));
    measure("ParkinsonVolatility", of_bars(ParkinsonVolatility()));
    measure("GarmanKlassVolatility", of_bars(GarmanKlassVolatility()));
    measure("RogersSatchellVolatility", of_bars(RogersSatchellVolatility()));
    measure("YangZhangVolatility", of_bars(YangZhangVolatility()));
}

void register_cycles() {
    measure("HT_DCPERIOD, HT_PHASOR", of_closes(DominantCycle()));
    VT_TALIB("HT_DCPERIOD", TA_HT_DCPERIOD(VT_CLOSE, VT_OUT));
    measure("HT_SINE, phase, trend", of_closes(CycleMode()));
    VT_TALIB("HT_SINE", TA_HT_SINE(VT_CLOSE, VT_OUT2));
    measure("MAMA", of_closes(Mama()));
    VT_TALIB("MAMA", TA_MAMA(VT_CLOSE, 0.5, 0.05, VT_OUT2));
}

void register_volume_and_statistics() {
    measure("OBV", of_bars(Obv()));
    VT_TALIB("OBV", TA_OBV(VT_CLOSE, in.volume, VT_OUT));
    measure("AD", of_bars(AccumulationDistribution()));
    VT_TALIB("AD", TA_AD(VT_HLCV, VT_OUT));
    measure("ADOSC", of_bars(ChaikinOscillator()));
    VT_TALIB("ADOSC", TA_ADOSC(VT_HLCV, 3, 10, VT_OUT));
    measure("MFI", of_bars(Mfi()));
    VT_TALIB("MFI", TA_MFI(VT_HLCV, 14, VT_OUT));
    measure("ChaikinMoneyFlow", of_bars(ChaikinMoneyFlow()));
    measure("ForceIndex", of_bars(ForceIndex()));
    measure("EaseOfMovement", of_bars(EaseOfMovement()));
    measure("SessionVwap", of_bars(SessionVwap()));
    measure("AnchoredVwap", of_bars(AnchoredVwap()));
    measure("SwingVwap", of_bars(SwingVwap()));
    measure("MINMAX", of_closes(Extremes(30)));
    VT_TALIB("MINMAX", TA_MINMAX(VT_CLOSE, 30, VT_OUT2));
    measure("STDDEV", of_closes(Variance(20)));
    VT_TALIB("STDDEV", TA_STDDEV(VT_CLOSE, 20, 1, VT_OUT));
    measure("AVGDEV", of_closes(MeanAbsoluteDeviation(14)));
    VT_TALIB("AVGDEV", TA_AVGDEV(VT_CLOSE, 14, VT_OUT));
    measure("LINEARREG, all five", of_closes(LinearRegression(14)));
    VT_TALIB("LINEARREG", TA_LINEARREG(VT_CLOSE, 14, VT_OUT));
    measure("CORREL", [of = Correlation(30)](const Bar& bar) mutable { return of.update(bar.close, bar.volume); });
    VT_TALIB("CORREL", TA_CORREL(VT_CLOSE, in.volume, 30, VT_OUT));
    measure("BETA", [of = ReturnBeta(5)](const Bar& bar) mutable { return of.update(bar.high, bar.close); });
    VT_TALIB("BETA", TA_BETA(0, in.last, in.high, in.close, 5, VT_OUT));
}

const bool kRegistered = [] {
    register_averages();
    register_momentum();
    register_trends_and_volatility();
    register_volume_and_statistics();
    register_cycles();
    return true;
}();

/// All values of a bar.
void set(benchmark::State& state) {
    const std::vector<Bar>& bars = series().bars;
    constexpr std::size_t kSets = 100;
    const auto before = mallinfo2().uordblks;
    std::vector<std::unique_ptr<TechnicalSet>> sets;
    for (std::size_t i = 0; i < kSets; ++i) sets.push_back(std::make_unique<TechnicalSet>());
    state.counters["bytes"] = static_cast<double>((mallinfo2().uordblks - before) / kSets);
    const auto& of = sets.front();
    std::size_t i = 0;
    for (auto _ : state) {
        of->update(bars[i]);
        benchmark::DoNotOptimize(of->values());
        i = (i + 1) % kBars;
    }
}
BENCHMARK(set)->Name("technical/set");

/// All bars from a cold start, for bench/instructions.py.
void counted_set(benchmark::State& state) {
    TechnicalSet of;
    for (auto _ : state) {
        for (const Bar& bar : series().bars) of.update(bar);
    }
    state.counters["units"] = static_cast<double>(state.iterations()) * kBars;
}
BENCHMARK(counted_set)->Iterations(1);

#ifdef VT_HAS_TALIB
/// What TA-Lib does for a bar in place of the set, as far as it has the functions.
[[gnu::noinline]] void recompute_all(const test::TalibInput& in, Output& out) {
    for (const Call call : calls()) call(in, out);
}
void counted_talib(benchmark::State& state) {
    Output out(kWindow);
    for (auto _ : state) {
        for (std::size_t i = 0; i < 64; ++i) recompute_all({series(), i, kWindow}, out);
    }
    state.counters["units"] = static_cast<double>(state.iterations()) * 64;
    state.counters["functions"] = static_cast<double>(calls().size());
}
BENCHMARK(counted_talib)->Iterations(1);
#endif

}  // namespace
}  // namespace vt::indicators
