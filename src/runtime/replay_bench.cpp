#include "engine/engine.hpp"
#include "runtime/engine_params.hpp"
#include "storage/bundled_recording.hpp"
#include "storage/journal_reader.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

/// A whole step of the engine (decode, apply, analyse) on the bundled recording of real frames, by kind of frame. The
/// goal is under 10 us for a depth frame.
namespace vt::runtime {
namespace {

void step_frames(benchmark::State& state, const std::string& wanted) {
    auto journal = storage::JournalReader::open_memory(storage::bundled_recording(), "bundled");
    double frames = 0;
    std::chrono::steady_clock::duration total{};
    for (auto _ : state) {
        journal->rewind();
        engine::Engine engine{engine_params(config::Config{})};
        engine::Event event;
        std::vector<engine::Effect> effects;
        std::chrono::steady_clock::duration spent{};
        while (journal->next(event) == storage::ReadOutcome::event) {
            const auto* frame = std::get_if<engine::FrameReceived>(&event.body);
            const bool is_measured =
                frame != nullptr && frame->text.substr(0, 60).find(wanted) != std::string_view::npos;
            effects.clear();
            const auto began = std::chrono::steady_clock::now();
            engine.step(event, effects);
            if (!is_measured) continue;
            spent += std::chrono::steady_clock::now() - began;
            ++frames;
        }
        total += spent;
        state.SetIterationTime(std::chrono::duration<double>(spent).count());
    }
    state.counters["ns_per_frame"] = std::chrono::duration<double, std::nano>(total).count() / frames;
}

void step_depth(benchmark::State& state) { step_frames(state, "@depth"); }
void step_trade(benchmark::State& state) { step_frames(state, "@trade"); }
void step_book_ticker(benchmark::State& state) { step_frames(state, "@bookTicker"); }

BENCHMARK(step_depth)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(step_trade)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(step_book_ticker)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vt::runtime
