// What the strategies add to a closed minute, and to the second in five minutes in which all bars are measured.

#include "alpha/strategies.hpp"
#include "alpha/test_facts.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

namespace vt::alpha {
namespace {

/// All eight, of one instrument.
void judge_all(benchmark::State& state) {
    const Facts facts = test::all_up();
    const Params params;
    for (auto _ : state) {
        for (std::size_t i = 0; i < kStrategyCount; ++i)
            benchmark::DoNotOptimize(judge(static_cast<Strategy>(i), facts, params));
    }
}
BENCHMARK(judge_all);

/// The bars of one instrument: a day of five minutes, a week of half hours.
void measure_one(benchmark::State& state) {
    const test::Walk day = test::plain_walk(1, 288);
    const test::Walk week = test::plain_walk(2, 336);
    const Params params;
    for (auto _ : state) {
        const Bars five_minutes = day.bars(288);
        benchmark::DoNotOptimize(measure_momentum(week.bars(336), params));
        benchmark::DoNotOptimize(measure_level(five_minutes));
        benchmark::DoNotOptimize(measure_correlation(five_minutes, params));
        benchmark::DoNotOptimize(measure_own_move(five_minutes));
        const auto broken = indicators::beta_break(five_minutes.bitcoin, five_minutes.own);
        benchmark::DoNotOptimize(measure_shift(five_minutes, *broken, 1.2));
    }
}
BENCHMARK(measure_one);

/// So many instruments at once.
void correct_for_all(benchmark::State& state) {
    std::vector<Measured> all(static_cast<std::size_t>(state.range(0)), test::all_up().measured);
    std::vector<double> p;
    std::vector<std::size_t> order;
    for (auto _ : state) {
        correct_for_many(all, p, order);
        benchmark::DoNotOptimize(all.data());
    }
}
BENCHMARK(correct_for_all)->Arg(34);

}  // namespace
}  // namespace vt::alpha
