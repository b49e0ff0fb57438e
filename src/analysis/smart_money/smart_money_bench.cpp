// What the trackers of smart money add to each depth frame and to each print.

#include "analysis/smart_money/smart_money.hpp"
#include "base/prng.hpp"
#include "market/order_book.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

namespace vt::analysis::smart_money {
namespace {

using std::chrono::milliseconds;

/// Books with 50 levels a side that differ in two of the first ten ranks of each, prepared before the clock runs.
struct Frames {
    static constexpr std::size_t kCount = 64;
    market::Instrument instrument{.symbol = "BTCUSDT", .tick_size = {1, 1}, .lot_size = {1, 3}};
    std::vector<market::OrderBook> books;
    std::vector<TopLevels> levels;
    Prng random{1, "smart_money_bench"};

    Frames() {
        for (std::size_t i = 0; i < kCount; ++i) {
            market::OrderBook& book = books.emplace_back(4096);
            std::vector<market::Level> bids, asks;
            for (std::int64_t j = 1; j <= 50; ++j) {
                const auto lots = [&] {
                    const bool is_changed = j <= 10 && random.below(5) == 0;
                    return Lots{is_changed ? 1 + static_cast<std::int64_t>(random.below(5'000)) : 1000 + j};
                };
                bids.push_back({Ticks{600'000 - j}, lots()});
                asks.push_back({Ticks{600'000 + j}, lots()});
            }
            (void)book.apply({.is_snapshot = true, .depth = 50, .bids = bids, .asks = asks});
            levels.push_back(top_levels(frame(i, {})));
        }
    }
    [[nodiscard]] BookFrame frame(std::size_t i, Timestamp time) const {
        return {.time = time, .book = books[i % kCount], .instrument = instrument};
    }
    [[nodiscard]] Print print(Timestamp time) {
        const bool is_buy = random.below(2) == 0;
        const std::int64_t price = 600'000 + (is_buy ? 1 : -1) * static_cast<std::int64_t>(1 + random.below(2));
        return {.time = time,
                .price_ticks = Ticks{price},
                .price = 60'000,
                .quantity = 0.5,
                .notional = 30'000,
                .aggressor = is_buy ? market::Side::buy : market::Side::sell};
    }
};

/// Its differences to the frame before, and both trackers' answer to them when their second is evaluated.
void depth_frame_of_the_trackers(benchmark::State& state) {
    const Frames frames;
    SmartMoney smart_money;
    Timestamp now = from_ms(1'700'000'000'000);
    std::size_t i = 0;
    for (auto _ : state) {
        smart_money.on_book(frames.frame(i, now), frames.levels[i % Frames::kCount], 200'000.0);
        now += milliseconds{20};
        if (++i % 50 == 0) smart_money.advance(now);
    }
}
BENCHMARK(depth_frame_of_the_trackers);

/// A print between frames, with what its trials cost; ten prints to each frame, which is not counted alone.
void print_of_the_trackers(benchmark::State& state) {
    Frames frames;
    SmartMoney smart_money;
    Timestamp now = from_ms(1'700'000'000'000);
    std::size_t i = 0;
    for (auto _ : state) {
        smart_money.on_print(frames.print(now));
        now += milliseconds{2};
        if (++i % 10 == 0)
            smart_money.on_book(frames.frame(i / 10, now), frames.levels[i / 10 % Frames::kCount], 200'000.0);
    }
}
BENCHMARK(print_of_the_trackers);

}  // namespace
}  // namespace vt::analysis::smart_money
