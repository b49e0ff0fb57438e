#include "analysis/liquidity/test_rig.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace vt::analysis::liquidity {
namespace {

/// `levels` a side within 3k = 60 bps, evenly spaced.
struct Bench {
    market::Instrument units = test::rig_instrument();
    market::OrderBook book{32'768};
    explicit Bench(std::int64_t levels) {
        Prng prng(1);
        std::vector<market::Level> bids, asks;
        const std::int64_t step = std::max<std::int64_t>(1, 600 / levels);
        for (std::int64_t i = 0; i < levels; ++i) {
            bids.push_back({Ticks{100'000 - 1 - i * step}, Lots{1 + static_cast<std::int64_t>(prng.below(2000))}});
            asks.push_back({Ticks{100'000 + 1 + i * step}, Lots{1 + static_cast<std::int64_t>(prng.below(2000))}});
        }
        (void)book.apply({.is_snapshot = true, .depth = 1000, .bids = bids, .asks = asks});
    }
    [[nodiscard]] BookFrame frame() const { return {.time = test::kStart, .book = book, .instrument = units}; }
};

void DecayedImbalanceOfASample(benchmark::State& state) {
    const Bench bench(state.range(0));
    const BookFrame frame = bench.frame();
    const BookRange range(frame, test::kStart);
    for (auto _ : state) benchmark::DoNotOptimize(decayed_imbalance(frame, range, 20));
    state.SetItemsProcessed(2 * state.range(0) * state.iterations());  // levels
}
BENCHMARK(DecayedImbalanceOfASample)->Arg(25)->Arg(50)->Arg(200)->Arg(600);

void SlippageOfALargeOrder(benchmark::State& state) {
    const Bench bench(600);
    const BookFrame frame = bench.frame();
    const BookRange range(frame, test::kStart);
    for (auto _ : state) {
        benchmark::DoNotOptimize(slippage_bps(frame, range, market::Side::buy, static_cast<double>(state.range(0))));
    }
}
BENCHMARK(SlippageOfALargeOrder)->Arg(10'000)->Arg(100'000)->Arg(1'000'000);

/// All that a second costs: the sample of the book and the evaluation of six components.
void ASecondOfLiquidity(benchmark::State& state) {
    test::Rig rig;
    Prng prng(2);
    for (int i = 0; i < 7300; ++i) rig.second(test::random_book(prng));
    const Bench bench(state.range(0));
    const BookFrame frame = bench.frame();
    const BookRange range(frame, test::kStart);
    for (auto _ : state) {
        rig.u += std::chrono::seconds{1};
        rig.liquidity.sample_book(rig.u, &frame, &range);
        rig.evaluate();
    }
}
BENCHMARK(ASecondOfLiquidity)->Arg(50)->Arg(200)->Arg(600);

}  // namespace
}  // namespace vt::analysis::liquidity
