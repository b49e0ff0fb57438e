// What risk adds to a step of the engine, and to the rare step that decides about an order.

#include "risk/test_trade.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace vt::risk {
namespace {

using namespace std::chrono_literals;

/// An account with a position and an order in each of so many markets.
PreTrade account_of(std::int64_t markets, double shortfall_max = 0) {
    TestTrade trade;
    trade.params.expected_shortfall_max = shortfall_max;
    trade.params.gross_max = trade.params.net_max = 100;
    trade.params.cluster_max = trade.params.beta_max = 100;
    trade.params.margin_max = 1;
    trade.params.positions_max = trade.params.orders_max = 1000;
    trade.params.leverage_max = 100;
    PreTrade desk = trade.desk();
    for (std::uint32_t id = 1; id <= markets; ++id) {
        const auto instrument = trading::test_perpetual(id, "C" + std::to_string(id));
        desk.exposure().on_position(instrument, Lots{10}, 5, kTestNow);
        desk.exposure().on_stop(instrument.id, Ticks{990}, kTestNow);
        desk.exposure().on_order(instrument, test_entry(instrument, {1, 100 + id}, market::Side::buy, Lots{5}),
                                 kTestNow);
        desk.exposure().on_terms(instrument.id, trade.other_terms);
    }
    return desk;
}

/// A new mark price: of a market where nothing is open (0), and of one of so many where something is.
void mark_price(benchmark::State& state) {
    PreTrade desk = account_of(state.range(0));
    const market::InstrumentId instrument{static_cast<std::uint32_t>(state.range(0))};
    MarketTerms terms{.mark = Ticks{1000}, .beta_bound = 1, .cluster = ClusterId{1}};
    for (auto _ : state) {
        terms.mark = Ticks{terms.mark->value() ^ 1};
        desk.exposure().on_terms(instrument, terms);
    }
}
BENCHMARK(mark_price)->Arg(0)->Arg(1)->Arg(10)->Arg(50);

void equity_mark(benchmark::State& state) {
    PreTrade desk = account_of(1);
    Timestamp at = kTestNow;
    std::int64_t cents = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(desk.on_equity(at += 1s, trading::Money{1'000'000'000'000 + (cents ^= 1'000'000)}));
}
BENCHMARK(equity_mark);

/// Every question about one order, with so many markets open beside it.
void decision(benchmark::State& state) {
    const PreTrade desk = account_of(state.range(0));
    const TestTrade trade;
    const MarketView market = trade.market();
    if (!desk.judge(trade.intent, market).is_approved()) state.SkipWithError("denied");
    for (auto _ : state) benchmark::DoNotOptimize(desk.judge(trade.intent, market));
}
BENCHMARK(decision)->Arg(0)->Arg(10)->Arg(50);

/// The same where the expected shortfall is limited, from twenty days of half hours of every market.
void decision_within_a_shortfall(benchmark::State& state) {
    TestTrade trade;
    std::vector<PastReturn> past;
    for (std::int64_t i = 0; i < 1'000; ++i) past.push_back({i, .001 * static_cast<double>(i % 7 - 3)});
    trade.terms.moves = trade.other_terms.moves = filtered_moves(past);
    PreTrade desk = account_of(state.range(0), 1);
    for (std::uint32_t id = 1; id <= state.range(0); ++id)
        desk.exposure().on_terms(market::InstrumentId{id}, trade.other_terms);
    const MarketView market = trade.market();
    if (!desk.judge(trade.intent, market).is_approved()) return state.SkipWithError("denied");
    for (auto _ : state) benchmark::DoNotOptimize(desk.judge(trade.intent, market));
}
BENCHMARK(decision_within_a_shortfall)->Arg(0)->Arg(10)->Arg(50);

/// Of one market, when one of its half hours closes.
void moves_of_the_past(benchmark::State& state) {
    std::vector<PastReturn> past;
    for (std::int64_t i = 0; i < 1'000; ++i) past.push_back({i, .001 * static_cast<double>(i % 7 - 3)});
    for (auto _ : state) benchmark::DoNotOptimize(filtered_moves(past));
}
BENCHMARK(moves_of_the_past);

/// From the approval to the order that is known to be over.
void reservation_to_its_end(benchmark::State& state) {
    PreTrade desk = account_of(10);
    TestTrade trade;
    const MarketView market = trade.market();
    for (auto _ : state) {
        ++trade.intent.id.sequence;
        const Decision decision = desk.approve(trade.intent, market);
        auto order = test_entry(trade.instrument, trade.intent.id, trade.intent.side, decision.approval->quantity);
        desk.exposure().on_order(trade.instrument, order, kTestNow);
        order.on_rejected("no");
        desk.exposure().on_order(trade.instrument, order, kTestNow);
    }
}
BENCHMARK(reservation_to_its_end);

}  // namespace
}  // namespace vt::risk
