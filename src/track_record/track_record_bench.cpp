#include "track_record/calibration.hpp"
#include "track_record/performance.hpp"
#include "track_record/test_signals.hpp"

#include <benchmark/benchmark.h>

namespace vt::track_record {
namespace {

std::vector<Judged> signals(std::int64_t n) {
    Prng prng(1);
    constexpr int kSymbols = 50;
    return test::signals_of({.symbols = kSymbols, .step = std::chrono::minutes{37}, .agreement = 0.3},
                            static_cast<int>(n / kSymbols), prng);
}

/// Everything that /api/calibration shows of so many outcomes, made anew.
void CalibrationRefresh(benchmark::State& state) {
    const auto all = signals(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(calibrate(all, {}));
}
BENCHMARK(CalibrationRefresh)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// The record of so many outcomes, all together and as one strategy, with a thousand resamples of each.
void EvaluationOfOutcomes(benchmark::State& state) {
    const auto all = signals(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(evaluate(all, {}, {}));
}
BENCHMARK(EvaluationOfOutcomes)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vt::track_record
