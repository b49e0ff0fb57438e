#include "engine/occurrence_watch.hpp"
#include "engine/test_two_markets.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

namespace vt::engine {
namespace {

/// What looking for what is worth telling adds to a second of one symbol, behind two hours of a market; every
/// sixtieth call is a minute's, every three hundredth that of five.
void second_looked_at(benchmark::State& state) {
    test::TwoMarkets market(4, sim::Truth::none);
    SymbolOccurrences watch;
    std::vector<alerts::Occurrence> seen;
    for (int second = 0; second < 2 * 3'600; ++second) {
        market.second();
        watch.on_second(market.symbol(), market.now(), seen);
    }
    Timestamp now = market.now();
    for (auto _ : state) {
        seen.clear();
        now += std::chrono::seconds{1};
        watch.on_second(market.symbol(), now, seen);
        benchmark::DoNotOptimize(seen);
    }
}
BENCHMARK(second_looked_at);

}  // namespace
}  // namespace vt::engine
