#include "indicators/rank_correlation.hpp"

#include "base/prng.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

namespace vt::indicators {
namespace {

/// The bootstrap of open interest against price: pairs, 1000 resamples.
void BootstrapOfRankCorrelation(benchmark::State& state) {
    Prng prng(2);
    std::vector<double> x, y;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        x.push_back(prng.normal());
        y.push_back(prng.normal());
    }
    for (auto _ : state) benchmark::DoNotOptimize(bootstrap_rank_correlation(x, y, 1000, 1));
}
BENCHMARK(BootstrapOfRankCorrelation)->Arg(10)->Arg(60);

}  // namespace
}  // namespace vt::indicators
