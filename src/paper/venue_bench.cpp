// What a simulated venue adds to the engine's step, and how many orders it carries.

#include "base/prng.hpp"
#include "paper/test_market.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

namespace vt::paper {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kBest = 100'000;

/// A market with so many resting orders of ours, spread over the levels of one side behind the best price.
TestMarket market_with_orders(std::int64_t count) {
    Params params = plain_params();
    params.deposit = trading::Money{1'000'000 * trading::kMoneyPerUnit};
    params.counts.active = 10'000;
    params.counts.under_way = 10'000;
    TestMarket market(params);
    std::vector<market::Level> bids;
    std::vector<market::Level> asks;
    for (std::int64_t i = 0; i < 200; ++i) {
        bids.push_back({Ticks{kBest - i}, Lots{1'000'000}});
        asks.push_back({Ticks{kBest + 1 + i}, Lots{1'000'000}});
    }
    market.book(0, bids, asks);
    for (std::int64_t i = 0; i < count; ++i) {
        const Ticks price{kBest - 1 - i % 150};
        const auto number = static_cast<std::uint64_t>(i + 1);
        market.venue.submit(trading::Place{test_order(number, market::Side::buy, 1, price)}, test_time(1));
    }
    market.venue.advance(test_time(200));
    (void)market.venue.take_reports();
    return market;
}

/// Prints at the best price, which no order of ours rests at, through the venue alone.
void print(benchmark::State& state) {
    TestMarket market = market_with_orders(state.range(0));
    market::Event event;
    event.exchange_time = event.receive_time = test_time(1'000);
    event.body = market::Trade{.price = Ticks{kBest}, .quantity = Lots{5}, .aggressor = market::Side::sell};
    for (auto _ : state) {
        event.receive_time += 1us;
        event.exchange_time = event.receive_time;
        market.venue.on_market(event);
    }
    state.counters["orders"] = static_cast<double>(market.venue.open_order_count());
}
BENCHMARK(print)->Arg(0)->Arg(1)->Arg(10)->Arg(1000);

/// Book updates of six levels among those that our orders rest at.
void book_update(benchmark::State& state) {
    TestMarket market = market_with_orders(state.range(0));
    std::vector<market::Level> bids;
    for (std::int64_t i = 0; i < 6; ++i) bids.push_back({Ticks{kBest - 1 - 20 * i}, Lots{1'000'000 + i}});
    market::Event event;
    event.exchange_time = event.receive_time = test_time(1'000);
    event.body = market::BookUpdate{.bids = bids};
    for (auto _ : state) {
        event.receive_time += 1us;
        event.exchange_time = event.receive_time;
        market.venue.on_market(event);
    }
    state.counters["orders"] = static_cast<double>(market.venue.open_order_count());
}
BENCHMARK(book_update)->Arg(0)->Arg(1)->Arg(10)->Arg(1000);

/// An order at the market and its reports, beside so many that rest; every second one closes what was opened.
void order(benchmark::State& state) {
    TestMarket market = market_with_orders(state.range(0));
    std::uint64_t number = 1'000'000;
    std::int64_t ms = 1'000;
    for (auto _ : state) {
        const auto side = ++number % 2 == 0 ? market::Side::buy : market::Side::sell;
        market.venue.submit(trading::Place{test_order(number, side, 100)}, test_time(ms));
        market.venue.advance(test_time(ms += 100));
        benchmark::DoNotOptimize(market.venue.take_reports());
    }
    state.counters["orders/s"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(order)->Arg(0)->Arg(10)->Arg(1000);

}  // namespace
}  // namespace vt::paper
