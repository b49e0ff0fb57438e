#include "analysis/symbol_analysis.hpp"
#include "base/prng.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

namespace vt::analysis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A liquid instrument: 50 published levels a side, 20 frames and 20 prints a second.
class Desk {
public:
    Desk() : analysis(instrument(), {}) {
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
        for (int i = 1; i <= 50; ++i) {
            bids.push_back({Ticks{600'000 - i}, lots()});
            asks.push_back({Ticks{600'000 + i}, lots()});
        }
        (void)book.apply({.is_snapshot = true, .depth = 50, .bids = bids, .asks = asks});
    }
    static market::Instrument instrument() {
        market::Instrument of;
        of.symbol = "BTCUSDT";
        of.base = "BTC";
        of.quote = of.settle = "USDT";
        of.tick_size = {1, 1};
        of.lot_size = {1, 3};
        return of;
    }
    Lots lots() { return Lots{1 + static_cast<std::int64_t>(random.below(5'000))}; }

    /// What the caller does for one depth frame, without the book's own part when `apply` is false.
    void frame(bool apply) {
        const std::vector<market::Level>& bid = changed_bid_;
        changed_bid_[0] = {Ticks{599'999 - static_cast<std::int64_t>(random.below(10))}, lots()};
        changed_ask_[0] = {Ticks{600'001 + static_cast<std::int64_t>(random.below(10))}, lots()};
        analysis.before_book(now, book);
        if (apply) (void)book.apply({.depth = 50, .bids = bid, .asks = changed_ask_});
        analysis.on_book({.time = now, .book = book, .instrument = of_, .source_sequence = 1});
    }
    void print() {
        const double quantity = 0.001 + 0.01 * random.uniform();
        analysis.on_print({.time = now,
                           .price_ticks = Ticks{600'000},
                           .price = 60'000,
                           .quantity = quantity,
                           .notional = 60'000 * quantity,
                           .aggressor = random.below(2) == 0 ? market::Side::buy : market::Side::sell});
    }
    void fill_second() {
        for (int i = 0; i < 20; ++i) {
            frame(true);
            print();
            now += milliseconds{50};
        }
    }
    void evaluate() {
        const auto evaluation = analysis.evaluate(now, book, {.trades_connection_age = seconds{0}});
        benchmark::DoNotOptimize(evaluation[Dimension::order_flow].coverage);
    }

    Prng random{1, "bench"};
    market::OrderBook book;
    SymbolAnalysis analysis;
    Timestamp now = from_ms(1'699'999'200'000);

private:
    market::Instrument of_ = instrument();
    std::vector<market::Level> changed_bid_{1};
    std::vector<market::Level> changed_ask_{1};
};

/// Ten ranks, their imbalance, the best quote of the book into both dimensions.
void depth_frame(benchmark::State& state) {
    Desk desk;
    std::int64_t frames = 0;
    for (auto _ : state) {
        desk.frame(false);
        if (++frames % 20 != 0) continue;
        state.PauseTiming();
        desk.now = floor_to(desk.now, seconds{1}) + seconds{1};
        desk.evaluate();
        state.ResumeTiming();
    }
}
BENCHMARK(depth_frame);

void one_print(benchmark::State& state) {
    Desk desk;
    std::int64_t prints = 0;
    for (auto _ : state) {
        desk.print();
        if (++prints % 1000 != 0) continue;
        state.PauseTiming();
        desk.now = floor_to(desk.now, seconds{1}) + seconds{1};
        desk.evaluate();
        state.ResumeTiming();
    }
}
BENCHMARK(one_print);

/// A grid second: releases 20 prints, samples the book, scores all leaves. `range(0)`: 1 counts only seconds that
/// close a minute.
void grid_second(benchmark::State& state) {
    Desk desk;
    for (int i = 0; i < 3'700; ++i) {
        desk.fill_second();
        desk.evaluate();
    }
    const bool only_minutes = state.range(0) == 1;
    for (auto _ : state) {
        state.PauseTiming();
        desk.fill_second();
        while (only_minutes && floor_to(desk.now, std::chrono::minutes{1}) != desk.now) {
            desk.evaluate();
            desk.fill_second();
        }
        state.ResumeTiming();
        desk.evaluate();
    }
    std::string bytes;
    desk.analysis.save(bytes);
    state.counters["state_bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(grid_second)->Arg(0)->Iterations(2'000);
BENCHMARK(grid_second)->Arg(1)->Iterations(20);

/// Ten minutes of seconds from a cold start, for bench/instructions.py.
void counted_second(benchmark::State& state) {
    Desk desk;
    for (auto _ : state) {
        desk.fill_second();
        desk.evaluate();
    }
    state.counters["units"] = static_cast<double>(state.iterations());
}
BENCHMARK(counted_second)->Iterations(600);

/// 20 depth frames and prints and their evaluation, divided by 20: what a depth frame costs in all.
void whole_second_per_frame(benchmark::State& state) {
    Desk desk;
    for (auto _ : state) {
        for (int i = 0; i < 20; ++i) {
            desk.frame(true);
            desk.print();
            desk.now += milliseconds{50};
        }
        desk.evaluate();
    }
    state.SetItemsProcessed(20 * static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(whole_second_per_frame);

}  // namespace
}  // namespace vt::analysis
