#include "engine/event_codec.hpp"
#include "storage/bundled_recording.hpp"
#include "storage/byte_queue.hpp"
#include "storage/journal_reader.hpp"
#include "storage/journal_writer.hpp"
#include "storage/temporary_directory.hpp"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace vt::storage {
namespace {

/// The first inputs of the bundled recording, encoded.
std::vector<std::string> inputs(std::size_t count) {
    JournalReader reader = std::move(*JournalReader::open_memory(bundled_recording(), "bundled"));
    std::vector<std::string> encoded;
    engine::Event event;
    while (encoded.size() < count && reader.next(event) == ReadOutcome::event) encoded.emplace_back(reader.encoded());
    return encoded;
}

void read_bundled(benchmark::State& state) {
    JournalReader reader = std::move(*JournalReader::open_memory(bundled_recording(), "bundled"));
    engine::Event event;
    for (auto _ : state) {
        if (reader.next(event) != ReadOutcome::event) reader.rewind();
        benchmark::DoNotOptimize(event);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_bundled);

/// By compression level: what the storage thread pays for each input of a live run.
void write_journal(benchmark::State& state) {
    const std::vector<std::string> encoded = inputs(50'000);
    std::uint64_t bytes = 0;
    std::uint64_t stored = 0;
    for (auto _ : state) {
        state.PauseTiming();
        const TemporaryDirectory directory("bench");
        state.ResumeTiming();
        JournalWriter writer = std::move(*JournalWriter::create_run(
            directory.path(), {}, {.compression_level = static_cast<int>(state.range(0))}));
        for (const std::string& event : encoded) {
            (void)writer.append(event);
            bytes += event.size();
        }
        (void)writer.close();
        stored += writer.written_bytes();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(encoded.size()));
    state.counters["ratio"] = static_cast<double>(bytes) / static_cast<double>(stored);
}
BENCHMARK(write_journal)->Arg(1)->Arg(3)->Arg(9)->Unit(benchmark::kMillisecond);

void queue_push_and_pop(benchmark::State& state) {
    const std::vector<std::string> encoded = inputs(1000);
    ByteQueue queue(std::size_t{1} << 20U);
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(queue.push(encoded[next]));
        benchmark::DoNotOptimize(queue.front());
        queue.pop();
        next = next + 1 == encoded.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(queue_push_and_pop);

void decode_input(benchmark::State& state) {
    const std::vector<std::string> encoded = inputs(1000);
    std::size_t next = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(engine::decode(encoded[next]));
        next = next + 1 == encoded.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_input);

void encode_input(benchmark::State& state) {
    const std::vector<std::string> encoded = inputs(1000);
    std::string out;
    std::size_t next = 0;
    std::vector<engine::Event> events;
    for (const std::string& bytes : encoded) events.push_back(*engine::decode(bytes));
    for (auto _ : state) {
        out.clear();
        engine::encode(events[next], out);
        benchmark::DoNotOptimize(out);
        next = next + 1 == events.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_input);

}  // namespace
}  // namespace vt::storage
