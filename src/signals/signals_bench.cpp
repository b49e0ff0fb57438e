// What signals add to the engine's step.

#include "market/candle_series.hpp"
#include "signals/score_level.hpp"
#include "signals/symbol_signals.hpp"
#include "signals/test_signal.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

namespace vt::signals {
namespace {

using namespace std::chrono_literals;

/// A print of a market with so many followed signals; 0 is the usual case.
void trade(benchmark::State& state) {
    SymbolSignals signals{Params{}};
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        Signal signal = test_signal(i % 2 == 0 ? market::Side::buy : market::Side::sell);
        signal.path.hole_since.reset();
        signals.resume(signal);
    }
    // The hole behind a resumed signal is left for good before the first print.
    for (Nanos t = 1s; t < 20min; t += 1s)
        signals.on_second({.at = kEntered + t, .are_trades_live = true}, std::nullopt, std::nullopt);
    Timestamp at = kEntered + 20min;
    double price = 100;
    for (auto _ : state) {
        price = price > 100.2 ? 100 : price + .01;
        signals.on_trade(at += 1ms, price);
        if ((to_ms(at) & 1023) == 0)
            signals.on_second({.at = floor_to(at, 1s), .are_trades_live = true}, std::nullopt, std::nullopt);
    }
    benchmark::DoNotOptimize(signals.followed().data());
}
BENCHMARK(trade)->Arg(0)->Arg(1)->Arg(8);

void second(benchmark::State& state) {
    SymbolSignals signals{Params{}};
    Timestamp at = kEntered;
    for (auto _ : state) signals.on_second({.at = at += 1s, .are_trades_live = true}, at + 1h, .0001);
}
BENCHMARK(second);

/// The eighteen gates of a closed minute.
void gates_of_a_minute(benchmark::State& state) {
    confluence::ScoreRecord record;
    record.at = kEntered;
    record.score = 72;
    record.coverage = .9;
    record.confidence = .7;
    record.members = 5;
    GateFacts facts{.is_trading = true, .listed_for = 24h * 100, .turnover_24h_usd = 1e9};
    const Params params;
    for (auto _ : state) benchmark::DoNotOptimize(gates(record, {.minute_before = 70}, facts, params));
}
BENCHMARK(gates_of_a_minute);

void level(benchmark::State& state) {
    ScoreLevel level;
    const Params params;
    Timestamp at = kEntered;
    for (int i = 0; i < 100'000; ++i) level.add(at += 6s, static_cast<double>(i % 200) / 10);
    for (auto _ : state) {
        level.add(at += 6s, 4);
        benchmark::DoNotOptimize(level.distance(params));
    }
}
BENCHMARK(level);

/// The outcome of one signal: sixty-one prices, until it is stopped.
void signal_to_its_end(benchmark::State& state) {
    std::vector<Change> changes;
    for (auto _ : state) {
        Signal signal = test_signal();
        for (int minute = 1; minute <= 60; ++minute)
            follow_trade(signal, kEntered + minute * 1min, 100 + (minute % 7) * .05, changes);
        follow_trade(signal, kEntered + 61min, 98.9, changes);
        benchmark::DoNotOptimize(signal.path.net_bps);
        changes.clear();
    }
}
BENCHMARK(signal_to_its_end);

}  // namespace
}  // namespace vt::signals
