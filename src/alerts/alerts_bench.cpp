#include "alerts/outbox.hpp"
#include "alerts/rule_book.hpp"
#include "base/prng.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace vt::alerts {
namespace {

constexpr int kSymbols = 100;

std::string symbol_of(int i) { return "COIN" + std::to_string(i) + "USDT"; }

/// 10,000 price levels over 100 symbols, each symbol read once: what a second asks of them.
void PriceLevelsOfASecond(benchmark::State& state) {
    std::vector<Rule> rules;
    for (int i = 0; i < static_cast<int>(state.range(0)); ++i)
        rules.push_back({.name = "r" + std::to_string(i),
                         .kind = Kind::price_level,
                         .symbols = {symbol_of(i % kSymbols)},
                         .level = 80. + i % 41});
    RuleBook book;
    book.set_rules(rules);
    Prng random(1);
    std::vector<double> prices(kSymbols, 100);
    std::vector<Alert> alerts;
    Timestamp now = from_ms(1'700'000'040'000);
    for (auto _ : state) {
        now += std::chrono::seconds{1};
        for (int i = 0; i < kSymbols; ++i) {
            double& price = prices[static_cast<std::size_t>(i)];
            price += .01 * random.normal();
            const std::string symbol = symbol_of(i);
            book.take(Reading{.instrument = "bybit-linear-" + symbol,
                              .symbol = symbol,
                              .at = now,
                              .low = price,
                              .high = price,
                              .last = price},
                      alerts);
        }
        alerts.clear();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(PriceLevelsOfASecond)->Arg(100)->Arg(10'000)->Unit(benchmark::kMicrosecond);

/// One occurrence against 100 rules on all symbols and as many on its own.
void Occurrences(benchmark::State& state) {
    std::vector<Rule> rules;
    for (int i = 0; i < 10'000; ++i)
        rules.push_back({.name = "r" + std::to_string(i),
                         .kind = Kind::large_order,
                         .symbols = i < 100 ? std::vector<std::string>{} : std::vector{symbol_of(i % kSymbols)},
                         .minimum = 250'000. + 1'000. * i});
    RuleBook book;
    book.set_rules(rules);
    Prng random(1);
    std::vector<Alert> alerts;
    Occurrence seen{.kind = Kind::large_order, .side = Side::up, .at = from_ms(1'700'000'040'000)};
    for (auto _ : state) {
        seen.at += std::chrono::milliseconds{10};
        seen.symbol = symbol_of(static_cast<int>(random.below(kSymbols)));
        seen.instrument = "bybit-linear-" + seen.symbol;
        seen.size = 250'000 + 100'000 * random.exponential();
        book.take(seen, alerts);
        alerts.clear();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(Occurrences);

/// An alert to four channels, delivered.
void Deliveries(benchmark::State& state) {
    std::vector<ChannelTerms> channels;
    for (const char* name : {"discord", "telegram", "webhook", "email"})
        channels.push_back({.name = name, .per_hour = 1'000'000'000, .burst = 1'000'000});
    Outbox box;
    Timestamp now = from_ms(1'700'000'040'000);
    box.set_channels(channels, now);
    const auto alert = std::make_shared<const Alert>(Alert{.id = "0123456789abcdef0123456789abcdef"});
    for (auto _ : state) {
        now += std::chrono::milliseconds{10};
        box.put(alert, {}, now);
        while (const auto message = box.next(now))
            box.on_outcome(message->channel, {.kind = Outcome::Kind::delivered}, now);
        benchmark::DoNotOptimize(box.take_changes());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 4);
}
BENCHMARK(Deliveries);

}  // namespace
}  // namespace vt::alerts
