#include "cards/composed.hpp"
#include "cards/test_samples.hpp"

#include <benchmark/benchmark.h>

namespace vt::cards {
namespace {

void paint(benchmark::State& state, const Scene& scene) {
    std::size_t bytes = 0;
    for (auto _ : state) {
        const Result<std::string> png = test_painter().png(scene);
        bytes = png->size();
    }
    state.counters["bytes"] = static_cast<double>(bytes);
}

void paint_card(benchmark::State& state) { paint(state, scene_of(sample_card(), test_painter().fonts())); }
void paint_chart(benchmark::State& state) { paint(state, *scene_of(sample_chart(), test_painter().fonts())); }
void paint_both(benchmark::State& state) {
    paint(state, *composed(sample_card(), sample_chart(), test_painter().fonts()));
}
void lay_out_both(benchmark::State& state) {
    const ScoreCard card = sample_card();
    const Chart chart = sample_chart();
    for (auto _ : state) benchmark::DoNotOptimize(composed(card, chart, test_painter().fonts()));
}
void make_painter(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(Painter::make());
}
BENCHMARK(paint_card)->Unit(benchmark::kMillisecond);
BENCHMARK(paint_chart)->Unit(benchmark::kMillisecond);
BENCHMARK(paint_both)->Unit(benchmark::kMillisecond);
BENCHMARK(lay_out_both)->Unit(benchmark::kMicrosecond);
BENCHMARK(make_painter)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vt::cards
