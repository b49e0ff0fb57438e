#include "indicators/decayed_sum.hpp"

#include "base/prng.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

namespace vt::indicators {
namespace {

/// A thousand liquidations into a decaying sum, and its value.
void DecayOfAThousandEvents(benchmark::State& state) {
    Prng prng(1);
    std::vector<double> amounts, gaps;
    for (int i = 0; i < 1000; ++i) {
        amounts.push_back(1e5 * prng.exponential());
        gaps.push_back(8e10 * prng.exponential());
    }
    for (auto _ : state) {
        DecayedSum sum(std::chrono::hours{1});
        Timestamp at = from_ms(1'700'000'000'000);
        for (std::size_t i = 0; i < amounts.size(); ++i) {
            at += Nanos{static_cast<std::int64_t>(gaps[i])};
            sum.add(at, amounts[i]);
        }
        benchmark::DoNotOptimize(sum.at(at));
    }
}
BENCHMARK(DecayOfAThousandEvents);

}  // namespace
}  // namespace vt::indicators
