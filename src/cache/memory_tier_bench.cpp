// The first tier's speed, and its policy beside others on the same traces. VT_CACHE_TRACES names a folder to which
// the traces are written (32-bit little-endian numbers), for bench/cache_against_caffeine.py; files
// `request_log_ITEMS.u32` that are there already are further traces, each for so many items.

#include "cache/memory_tier.hpp"
#include "cache/test_policies.hpp"
#include "cache/test_traces.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace vt::cache {
namespace {

const Timestamp kNow = from_ms(1'700'000'000'000);
const Lifetime kLong{.refresh_at = kNow + std::chrono::hours{1}, .expires_at = kNow + std::chrono::hours{2}};
constexpr std::size_t kItems = 1'000;

std::string key_of(std::uint32_t number) { return "/api/symbols/bybit-linear-" + std::to_string(number) + "/minute"; }

std::vector<std::string> keys(std::uint32_t count) {
    std::vector<std::string> made;
    for (std::uint32_t i = 0; i < count; ++i) made.push_back(key_of(i));
    return made;
}

/// 10,000 keys of which all are held, asked for in Zipf's way.
struct FullTier {
    MemoryTier tier{{.max_items = 20'000, .max_bytes = 1U << 30U}};
    std::vector<std::string> names = keys(10'000);
    Trace trace = zipf_trace("hits", 10'000, 0.99, 1U << 16U);
    FullTier() {
        for (const std::string& name : names)
            (void)tier.put(name, {.bytes = shared_bytes(std::string(1'000, 'x')), .made_at = kNow}, kLong, kNow);
    }
};

FullTier& full_tier() {
    static FullTier tier;
    return tier;
}

void hit(benchmark::State& state) {
    FullTier& full = full_tier();
    std::size_t at = static_cast<std::size_t>(state.thread_index()) * 12'345;
    for (auto _ : state) {
        const std::string& name = full.names[full.trace.keys[++at % full.trace.keys.size()]];
        benchmark::DoNotOptimize(full.tier.find(name, kNow));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hit)->ThreadRange(1, 2);

/// The percentiles of what a call took, in nanoseconds of the wall's clock, as counters of the benchmark.
template <class Call>
void report_latency(benchmark::State& state, Call call) {
    std::vector<std::int64_t> taken;
    for (auto _ : state) {
        const auto begin = std::chrono::steady_clock::now();
        call();
        taken.push_back((std::chrono::steady_clock::now() - begin).count());
    }
    std::sort(taken.begin(), taken.end());
    for (const auto& [name, part] : {std::pair{"p50_ns", 0.5}, {"p99_ns", 0.99}, {"p999_ns", 0.999}})
        state.counters[name] =
            static_cast<double>(taken[static_cast<std::size_t>(part * static_cast<double>(taken.size() - 1))]);
}

/// Each hit by itself, two readings of the clock included.
void hit_latency(benchmark::State& state) {
    FullTier& full = full_tier();
    std::size_t at = 0;
    report_latency(state, [&] {
        benchmark::DoNotOptimize(full.tier.find(full.names[full.trace.keys[++at % full.trace.keys.size()]], kNow));
    });
}
BENCHMARK(hit_latency)->Iterations(2'000'000);

/// What of the above is the clock.
void clock_latency(benchmark::State& state) {
    report_latency(state, [] {});
}
BENCHMARK(clock_latency)->Iterations(2'000'000);

class OurTier {
public:
    static constexpr std::string_view kName = "ours";
    explicit OurTier(std::size_t capacity) : tier_({.max_items = capacity}) {}
    bool access(std::uint32_t number) {
        const std::string key = key_of(number);
        if (tier_.find(key, kNow)) return true;
        (void)tier_.put(key, {.bytes = value_, .made_at = kNow}, kLong, kNow);
        return false;
    }
    void forget(std::uint32_t number) { (void)tier_.erase(key_of(number)); }

private:
    MemoryTier tier_;
    SharedBytes value_ = shared_bytes("value");
};

/// In a log of requests: this key has run out by now.
constexpr std::uint32_t kRunOut = 1U << 31U;

template <class Policy>
void measure_hit_ratio(benchmark::State& state, const Trace& trace, std::size_t items) {
    std::size_t hits = 0, requests = 0;
    for (auto _ : state) {
        Policy policy(items);
        for (const std::uint32_t key : trace.keys) {
            if ((key & kRunOut) != 0) {
                policy.forget(key & ~kRunOut);
                continue;
            }
            ++requests;
            hits += policy.access(key) ? 1U : 0U;
        }
    }
    state.counters["hit_pct"] = 100.0 * static_cast<double>(hits) / static_cast<double>(requests);
}

template <class Policy>
void add_hit_ratio(const std::shared_ptr<const Trace>& trace, std::size_t items) {
    const std::string name = "hit_ratio/" + std::string(trace->name) + "/" + std::string(Policy::kName);
    benchmark::RegisterBenchmark(
        name.c_str(), [trace, items](benchmark::State& state) { measure_hit_ratio<Policy>(state, *trace, items); })
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
}

std::vector<std::uint32_t> read_numbers(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::uint32_t> numbers;
    std::array<char, 4> bytes{};
    while (file.read(bytes.data(), bytes.size())) {
        std::uint32_t number = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            number |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
        numbers.push_back(number);
    }
    return numbers;
}

void add_policies(const std::shared_ptr<const Trace>& trace, std::size_t items) {
    add_hit_ratio<OurTier>(trace, items);
    add_hit_ratio<S3FifoModel>(trace, items);
    add_hit_ratio<SieveModel>(trace, items);
    add_hit_ratio<LruModel>(trace, items);
    add_hit_ratio<FifoModel>(trace, items);
}

const bool kAreRatiosAdded = [] {
    const char* folder = std::getenv("VT_CACHE_TRACES");
    if (folder == nullptr) return false;  // seconds of work that other benchmarks need not wait for
    for (Trace& made : all_traces()) {
        const auto trace = std::make_shared<const Trace>(std::move(made));
        std::ofstream file(std::filesystem::path(folder) / (std::string(trace->name) + ".u32"), std::ios::binary);
        for (const std::uint32_t key : trace->keys)
            for (std::uint32_t shift = 0; shift < 32; shift += 8) file.put(static_cast<char>((key >> shift) & 0xFFU));
        add_policies(trace, kItems);
    }
    for (const auto& [name, items] : {std::pair{"request_log_1000", 1'000U}, {"request_log_100", 100U}}) {
        const std::filesystem::path log = std::filesystem::path(folder) / (std::string(name) + ".u32");
        if (std::filesystem::exists(log))
            add_policies(std::make_shared<const Trace>(Trace{.name = name, .keys = read_numbers(log)}), items);
    }
    return true;
}();

}  // namespace
}  // namespace vt::cache
