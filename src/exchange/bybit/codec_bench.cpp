// One Bybit book delta from its text to the book: our codec beside RapidJSON in its fastest forms (in-situ DOM with a
// reused pool, in-situ SAX; SSE2, no full precision), all with the same symbol search, number reading and book.

#define RAPIDJSON_SSE2

#include "base/prng.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/codec_parts.hpp"
#include "exchange/step_reader.hpp"
#include "exchange/test_market.hpp"
#include "market/order_book.hpp"

#include <benchmark/benchmark.h>
#include <rapidjson/document.h>
#include <rapidjson/reader.h>

#include <cstdlib>
#include <map>
#include <string>

namespace vt::exchange::bybit {
namespace {

/// A Bitcoin-like book of `depth` levels, told in deltas of the venue's shape: levels near the touch change most.
std::vector<std::string> frames(std::int64_t depth, double mean_levels) {
    Prng prng(1, "codec bench");
    std::vector<std::string> texts;
    std::map<std::int64_t, std::int64_t> sides[2];  // by distance from the touch
    const auto price_of = [](int side, std::int64_t distance) {
        return side == 0 ? 617'603 - distance : 617'604 + distance;
    };
    const auto text_of = [&](int side, const std::map<std::int64_t, std::int64_t>& levels) {
        std::string text;
        for (const auto& [distance, lots] : levels) {
            text += (text.empty() ? "[\"" : ",[\"") + format_steps(price_of(side, distance), {10, 2}) + "\",\"" +
                    (lots == 0 ? "0" : format_steps(lots, {1, 3})) + "\"]";
        }
        return text;
    };
    const auto size = [&] { return 1 + static_cast<std::int64_t>(prng.exponential() * 1500); };
    for (auto& side : sides) {
        for (std::int64_t i = 0; i < depth; ++i) side[i] = size();
    }
    for (std::uint64_t u = 1000; u < 3000; ++u) {
        std::map<std::int64_t, std::int64_t> changed[2];
        for (int side = 0; side < 2; ++side) {
            const auto count = 1 + static_cast<int>(prng.exponential() * (mean_levels - 1));
            for (int i = 0; i < count; ++i) {
                const auto distance = std::min(
                    depth - 1, static_cast<std::int64_t>(prng.exponential() * static_cast<double>(depth) / 4));
                changed[side][distance] = distance > 0 && prng.below(5) == 0 ? 0 : size();
            }
        }
        const bool is_snapshot = u == 1000;
        texts.push_back(R"({"topic":"orderbook.)" + std::to_string(depth) + R"(.BTCUSDT","type":")" +
                        (is_snapshot ? "snapshot" : "delta") + R"(","ts":1687940967466,"data":{"s":"BTCUSDT","b":[)" +
                        text_of(0, is_snapshot ? sides[0] : changed[0]) + R"(],"a":[)" +
                        text_of(1, is_snapshot ? sides[1] : changed[1]) + R"(],"u":)" + std::to_string(u) +
                        R"(,"seq":)" + std::to_string(66'544'703'342 + u) + R"(},"cts":1687940967464})");
    }
    return texts;
}

/// What all contenders must find out about a frame, and the book they apply it to.
struct Parsed {
    market::InstrumentId instrument;
    bool is_snapshot = false;
    std::uint64_t update_id = 0;
    std::uint64_t cross_sequence = 0;
    std::int64_t pushed_at = 0;
    std::int64_t matched_at = 0;
    std::vector<market::Level> bids;
    std::vector<market::Level> asks;
};

struct Fixture {
    market::InstrumentDirectory directory = test_directory();
    SymbolCache symbols;
    StepReader prices{Decimal{1, 1}};
    StepReader quantities{Decimal{1, 3}};
    market::OrderBook book;
    Parsed parsed;
    std::vector<char> buffer = std::vector<char>(1U << 16U);

    void apply() {
        const auto result = book.apply({parsed.is_snapshot, 50, parsed.update_id, parsed.bids, parsed.asks});
        if (result != market::ApplyResult::applied) std::abort();
    }
    char* copy(const std::string& text) {
        text.copy(buffer.data(), text.size());
        buffer[text.size()] = 0;
        return buffer.data();
    }
    void read_topic(std::string_view topic) {
        const auto id = symbols.find(topic.substr(topic.rfind('.') + 1), market::Category::linear, directory);
        if (!id) std::abort();
        parsed.instrument = *id;
        prices = StepReader{directory[*id].tick_size};
        quantities = StepReader{directory[*id].lot_size};
    }
    std::int64_t read(StepReader reader, const char* text) {
        std::int64_t steps = 0;
        if (!reader.read(text, steps)) std::abort();
        return steps;
    }
};

/// Out of line, so that callgrind can count it (bench/instructions.py).
template <class Decode>
__attribute__((noinline)) void one_frame(Decode& decode, const std::string& text) {
    decode(text);
}

template <class Decode>
void run(benchmark::State& state, std::int64_t depth, double mean_levels, Decode&& decode) {
    const std::vector<std::string> texts = frames(depth, mean_levels);
    std::size_t bytes = 0;
    for (const std::string& text : texts) bytes += text.size();
    std::size_t next = 0;
    for (auto _ : state) {
        one_frame(decode, texts[next]);
        next = next + 1 == texts.size() ? 1 : next + 1;  // the snapshot once, then its deltas round and round
    }
    state.counters["units"] = static_cast<double>(state.iterations());
    state.counters["bytes"] = static_cast<double>(bytes - texts[0].size()) / static_cast<double>(texts.size() - 1);
}

template <bool is_general>
void ours(benchmark::State& state, std::int64_t depth, double mean_levels) {
    Fixture fixture;
    Codec codec;
    Output out;
    run(state, depth, mean_levels, [&](const std::string& text) {
        out.clear();
        const Frame frame = is_general ? codec.decode_generally(text, fixture.directory, {}, out)
                                       : codec.decode(text, fixture.directory, {}, out);
        const std::span<const market::Level> levels(out.levels);
        const auto result = fixture.book.apply(
            {frame.is_snapshot, 50, frame.update_id, levels.first(frame.bid_count), levels.subspan(frame.bid_count)});
        if (frame.kind != FrameKind::book || result != market::ApplyResult::applied) std::abort();
    });
}

void ours_fast(benchmark::State& state, std::int64_t depth, double mean_levels) {
    ours<false>(state, depth, mean_levels);
}
void ours_general(benchmark::State& state, std::int64_t depth, double mean_levels) {
    ours<true>(state, depth, mean_levels);
}

void rapidjson_dom(benchmark::State& state, std::int64_t depth, double mean_levels) {
    using Pool = rapidjson::MemoryPoolAllocator<>;
    Fixture fixture;
    std::vector<char> values(1U << 20U);
    std::vector<char> stack(1U << 16U);
    run(state, depth, mean_levels, [&](const std::string& text) {
        Pool value_pool(values.data(), values.size());
        Pool stack_pool(stack.data(), stack.size());
        rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool> document(&value_pool, 4096, &stack_pool);
        document.ParseInsitu(fixture.copy(text));
        if (document.HasParseError()) std::abort();
        Parsed& parsed = fixture.parsed;
        const auto& topic = document["topic"];
        fixture.read_topic({topic.GetString(), topic.GetStringLength()});
        parsed.is_snapshot = document["type"].GetString()[0] == 's';
        parsed.pushed_at = document["ts"].GetInt64();
        parsed.matched_at = document["cts"].GetInt64();
        const auto& data = document["data"];
        parsed.update_id = data["u"].GetUint64();
        parsed.cross_sequence = data["seq"].GetUint64();
        parsed.bids.clear();
        parsed.asks.clear();
        for (const auto& level : data["b"].GetArray()) {
            parsed.bids.push_back({Ticks{fixture.read(fixture.prices, level[0].GetString())},
                                   Lots{fixture.read(fixture.quantities, level[1].GetString())}});
        }
        for (const auto& level : data["a"].GetArray()) {
            parsed.asks.push_back({Ticks{fixture.read(fixture.prices, level[0].GetString())},
                                   Lots{fixture.read(fixture.quantities, level[1].GetString())}});
        }
        fixture.apply();
    });
}

/// The least a SAX handler can do: the last key's first letters say which member a value is.
struct Handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
    explicit Handler(Fixture& target) : fixture(target) {}
    Fixture& fixture;
    std::string_view key;
    int depth = 0;
    bool is_price = true;
    std::int64_t price = 0;

    bool Key(const char* text, rapidjson::SizeType length, bool) {
        key = {text, length};
        return true;
    }
    bool StartArray() {
        ++depth;
        is_price = true;
        return true;
    }
    bool EndArray(rapidjson::SizeType) {
        --depth;
        return true;
    }
    bool String(const char* text, rapidjson::SizeType length, bool) {
        if (depth == 2) {
            if (is_price) {
                price = fixture.read(fixture.prices, text);
                is_price = false;
                return true;
            }
            const market::Level level{Ticks{price}, Lots{fixture.read(fixture.quantities, text)}};
            (key[0] == 'b' ? fixture.parsed.bids : fixture.parsed.asks).push_back(level);
            return true;
        }
        if (key == "topic")
            fixture.read_topic({text, length});
        else if (key == "type")
            fixture.parsed.is_snapshot = text[0] == 's';
        return true;
    }
    bool number(std::uint64_t value) {
        Parsed& parsed = fixture.parsed;
        if (key == "u")
            parsed.update_id = value;
        else if (key == "seq")
            parsed.cross_sequence = value;
        else if (key == "ts")
            parsed.pushed_at = static_cast<std::int64_t>(value);
        else if (key == "cts")
            parsed.matched_at = static_cast<std::int64_t>(value);
        return true;
    }
    bool Uint(unsigned value) { return number(value); }
    bool Uint64(std::uint64_t value) { return number(value); }
};

void rapidjson_sax(benchmark::State& state, std::int64_t depth, double mean_levels) {
    Fixture fixture;
    rapidjson::Reader reader;
    run(state, depth, mean_levels, [&](const std::string& text) {
        fixture.parsed.bids.clear();
        fixture.parsed.asks.clear();
        Handler handler(fixture);
        rapidjson::InsituStringStream stream(fixture.copy(text));
        if (reader.Parse<rapidjson::kParseInsituFlag>(stream, handler).IsError()) std::abort();
        fixture.apply();
    });
}

BENCHMARK_CAPTURE(ours_fast, counted, 50, 6.0)->Iterations(2000);
BENCHMARK_CAPTURE(ours_general, counted, 50, 6.0)->Iterations(2000);
BENCHMARK_CAPTURE(rapidjson_dom, counted, 50, 6.0)->Iterations(2000);
BENCHMARK_CAPTURE(rapidjson_sax, counted, 50, 6.0)->Iterations(2000);
BENCHMARK_CAPTURE(ours_fast, orderbook_50, 50, 6.0);
BENCHMARK_CAPTURE(ours_general, orderbook_50, 50, 6.0);
BENCHMARK_CAPTURE(rapidjson_dom, orderbook_50, 50, 6.0);
BENCHMARK_CAPTURE(rapidjson_sax, orderbook_50, 50, 6.0);
BENCHMARK_CAPTURE(ours_fast, orderbook_200, 200, 20.0);
BENCHMARK_CAPTURE(ours_general, orderbook_200, 200, 20.0);
BENCHMARK_CAPTURE(rapidjson_dom, orderbook_200, 200, 20.0);
BENCHMARK_CAPTURE(rapidjson_sax, orderbook_200, 200, 20.0);

}  // namespace
}  // namespace vt::exchange::bybit
