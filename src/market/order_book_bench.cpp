#include "base/decimal.hpp"
#include "base/math.hpp"
#include "base/prng.hpp"
#include "market/order_book.hpp"

#include <benchmark/benchmark.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>

namespace vt::market {
namespace {

/// The level updates of a depth stream, frame by frame.
struct Stream {
    struct Frame {
        bool is_snapshot = false;
        std::uint64_t update_id = 0;
        std::vector<Level> bids;
        std::vector<Level> asks;
    };
    std::string name;
    std::vector<Frame> frames;
    std::int64_t levels = 0;
};

/// Appends the [["price","quantity"],...] behind `key` to `out`. The captures are machine-written: no white space.
void read_levels(std::string_view line, std::string_view key, Decimal tick, std::vector<Level>& out) {
    auto at = line.find(key);
    if (at == std::string_view::npos) return;
    at += key.size();
    while (at < line.size() && line[at] == '[') {
        const auto price_end = line.find('"', at + 2);
        const auto quantity_end = line.find('"', price_end + 3);
        const auto price = parse_steps(line.substr(at + 2, price_end - at - 2), tick);
        const auto quantity = parse_steps(line.substr(price_end + 3, quantity_end - price_end - 3), Decimal{1, 8});
        if (!price || !quantity) std::abort();
        out.push_back({Ticks{*price}, Lots{*quantity}});
        at = quantity_end + 2;
        if (at < line.size() && line[at] == ',') ++at;
    }
}

std::uint64_t read_number(std::string_view line, std::string_view key) {
    std::uint64_t number = 0;
    const auto at = line.find(key);
    if (at == std::string_view::npos) return number;
    std::from_chars(line.data() + at + key.size(), line.data() + line.size(), number);
    return number;
}

/// The frames of a recorded depth stream from its snapshot on; empty where the captures are not there.
Stream read_capture(const std::string& file, Decimal tick) {
    Stream stream{.name = file};
    const char* shared = std::getenv("VIRTUOSO_SHARED");
    const std::string root = shared != nullptr ? shared : std::string(VT_SOURCE_DIR) + "/../shared";
    const std::string command = "zstd -dcq '" + root + "/data/raw/binance/" + file + "' 2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    if (!pipe) return stream;
    char* buffer = nullptr;
    std::size_t capacity = 0;
    for (;;) {
        const auto length = ::getline(&buffer, &capacity, pipe.get());
        if (length <= 0) break;
        const std::string_view line(buffer, static_cast<std::size_t>(length));
        const bool is_snapshot = line.find("\"lastUpdateId\"") != std::string_view::npos;
        if (!is_snapshot && line.find("\"depthUpdate\"") == std::string_view::npos) continue;
        Stream::Frame frame{.is_snapshot = is_snapshot,
                            .update_id = read_number(line, is_snapshot ? "\"lastUpdateId\":" : "\"u\":")};
        read_levels(line, is_snapshot ? "\"bids\":[" : "\"b\":[", tick, frame.bids);
        read_levels(line, is_snapshot ? "\"asks\":[" : "\"a\":[", tick, frame.asks);
        // The snapshot was asked for while the stream ran: it belongs before the first frame that is newer.
        if (is_snapshot)
            std::erase_if(stream.frames, [&](const auto& old) { return old.update_id <= frame.update_id; });
        stream.frames.insert(is_snapshot ? stream.frames.begin() : stream.frames.end(), std::move(frame));
    }
    std::free(buffer);
    for (const auto& frame : stream.frames)
        stream.levels += static_cast<std::int64_t>(frame.bids.size() + frame.asks.size());
    return stream;
}

/// A seeded stream with the statistics of the futures capture: 68 levels a frame, a fifth of them removals, distances
/// from the best price with a median of 430 ticks and a heavy tail (one in eight beyond 2,000).
Stream make_synthetic() {
    Stream stream{.name = "synthetic"};
    Prng prng(1, "order_book_bench");
    std::int64_t middle = 618'000;
    const auto draw = [&](int sign) {
        const double distance = 430.0 * math::exp(1.35 * prng.normal());
        const auto price = middle + sign * (1 + static_cast<std::int64_t>(std::min(distance, 400'000.0)));
        return Level{Ticks{price},
                     Lots{prng.below(100) < 21 ? 0 : static_cast<std::int64_t>(1 + prng.below(100'000))}};
    };
    for (int i = 0; i < 6546; ++i) {
        Stream::Frame frame{.is_snapshot = i == 0};
        const int count = i == 0 ? 1000 : 34;
        const std::int64_t step = static_cast<std::int64_t>(prng.below(9)) - 4;
        // What the price runs over is taken.
        for (std::int64_t passed = 0; passed != step; passed += step > 0 ? 1 : -1) {
            (step > 0 ? frame.asks : frame.bids).push_back({Ticks{middle + passed + (step > 0 ? 1 : -1)}, Lots{}});
        }
        middle += step;
        for (int k = 0; k < count; ++k) {
            frame.bids.push_back(draw(-1));
            frame.asks.push_back(draw(+1));
        }
        stream.levels += static_cast<std::int64_t>(frame.bids.size() + frame.asks.size());
        stream.frames.push_back(std::move(frame));
    }
    return stream;
}

const Stream& stream_of(std::int64_t which) {
    static const std::vector<Stream> streams = [] {
        std::vector<Stream> found;
        found.push_back(read_capture("ws-usdm/btcusdt_20240808.log.zst", {1, 1}));
        found.push_back(read_capture("ws-spot/ethusdt_20240808.log.zst", {1, 2}));
        found.push_back(read_capture("ws-spot/btcusdt_20240808.log.zst", {1, 2}));
        if (found[0].frames.empty())
            std::fputs("captures not found: only the synthetic stream is measured\n", stderr);
        found.push_back(make_synthetic());
        return found;
    }();
    return streams[static_cast<std::size_t>(which)];
}

/// The book that everybody writes first, and what the ladder is measured against.
struct MapBook {
    std::map<std::int64_t, std::int64_t, std::greater<>> bids;
    std::map<std::int64_t, std::int64_t> asks;

    template <class Side>
    static void set(Side& side, const Level& level) {
        if (level.quantity.value() == 0) {
            side.erase(level.price.value());
        } else {
            side[level.price.value()] = level.quantity.value();
        }
    }
    __attribute__((noinline)) bool apply(const Stream::Frame& frame) {
        if (frame.is_snapshot) {
            bids.clear();
            asks.clear();
        }
        for (const Level& level : frame.bids) set(bids, level);
        for (const Level& level : frame.asks) set(asks, level);
        return bids.empty() || asks.empty() || bids.begin()->first < asks.begin()->first;
    }
};

void report(benchmark::State& state, const Stream& stream) {
    const auto updates = static_cast<double>(state.iterations() * stream.levels);
    state.counters["per_level"] =
        benchmark::Counter(updates, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.SetLabel(stream.name);
}

void ladder_book(benchmark::State& state) {
    const Stream& stream = stream_of(state.range(0));
    if (stream.frames.empty()) return state.SkipWithError("capture not found");
    OrderBook book(static_cast<std::size_t>(state.range(1)));
    for (auto _ : state) {
        for (const Stream::Frame& frame : stream.frames) {
            const auto result =
                book.apply({.is_snapshot = frame.is_snapshot, .bids = frame.bids, .asks = frame.asks});
            benchmark::DoNotOptimize(result);
        }
    }
    report(state, stream);
    state.counters["beyond_window"] =
        static_cast<double>(book.overflow_count(Side::buy) + book.overflow_count(Side::sell));
    state.counters["levels"] = static_cast<double>(book.level_count(Side::buy) + book.level_count(Side::sell));
}

void map_book(benchmark::State& state) {
    const Stream& stream = stream_of(state.range(0));
    if (stream.frames.empty()) return state.SkipWithError("capture not found");
    MapBook book;
    for (auto _ : state) {
        for (const Stream::Frame& frame : stream.frames) benchmark::DoNotOptimize(book.apply(frame));
    }
    report(state, stream);
}

/// Reading the fifty best levels of both sides, as each score does.
void ladder_walk(benchmark::State& state) {
    const Stream& stream = stream_of(state.range(0));
    if (stream.frames.empty()) return state.SkipWithError("capture not found");
    OrderBook book;
    for (const Stream::Frame& frame : stream.frames) {
        (void)book.apply({.is_snapshot = frame.is_snapshot, .bids = frame.bids, .asks = frame.asks});
    }
    for (auto _ : state) {
        std::int64_t sum = 0;
        for (const Side side : {Side::buy, Side::sell}) {
            int count = 0;
            book.walk(side, [&](const Level& level) {
                sum += level.quantity.value();
                return ++count < 50;
            });
        }
        benchmark::DoNotOptimize(sum);
    }
    state.SetLabel(stream.name);
}

/// Once over the synthetic stream, for bench/instructions.py.
template <class Apply>
void count(benchmark::State& state, Apply&& apply) {
    const Stream& stream = stream_of(3);
    for (auto _ : state) {
        for (const Stream::Frame& frame : stream.frames) apply(frame);
    }
    state.counters["units"] = static_cast<double>(stream.levels);
}
void counted_ladder(benchmark::State& state) {
    OrderBook book;
    count(state, [&](const Stream::Frame& frame) {
        benchmark::DoNotOptimize(
            book.apply({.is_snapshot = frame.is_snapshot, .bids = frame.bids, .asks = frame.asks}));
    });
}
void counted_map(benchmark::State& state) {
    MapBook book;
    count(state, [&](const Stream::Frame& frame) { benchmark::DoNotOptimize(book.apply(frame)); });
}

BENCHMARK(counted_ladder)->Iterations(1);
BENCHMARK(counted_map)->Iterations(1);
BENCHMARK(map_book)->ArgName("stream")->DenseRange(0, 3)->Unit(benchmark::kMillisecond);
BENCHMARK(ladder_book)
    ->ArgNames({"stream", "window"})
    ->ArgsProduct({{0, 1, 2, 3}, {32'768, 65'536, 131'072, 262'144}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(ladder_walk)->ArgName("stream")->DenseRange(0, 3);

}  // namespace
}  // namespace vt::market
