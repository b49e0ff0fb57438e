#include "analysis/symbol_analysis.hpp"
#include "base/prng.hpp"
#include "confluence/confluence.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

namespace vt::confluence {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kCentre = 600'000;  // ticks
constexpr std::int64_t kHalfLadder = 50;

constexpr int kWholeDayMinutes = 25 * 60;  ///< every window and every normaliser of a day is full

/// An instrument with 50 published levels a side; what it is told of Bitcoin, open interest and funding moves, too.
class Market {
public:
    explicit Market(int past_minutes) : analysis_(instrument(), {}), confluence_(Params{}) {
        snapshot();
        for (int i = 0; i < past_minutes; ++i) minute();
    }
    /// All seconds of a minute but the evaluation that closes it.
    void open_minute() {
        for (int i = 0; i < 59; ++i) {
            second();
            evaluate();
        }
        second();
    }
    void evaluate() {
        const auto found = analysis_.evaluate(now_, book_, inputs());
        Opinions opinions{.at = now_,
                          .dimensions = found.dimensions,
                          .memberships = found.memberships,
                          .quality = found.quality,
                          .market = found.market,
                          .first_sequences = found.first_sequences};
        const auto record = confluence_.evaluate(opinions);
        benchmark::DoNotOptimize(record->score);
    }
    /// Apart from the other evaluations, so that its time and its instructions can be counted.
    [[gnu::noinline]] void close_minute() { evaluate(); }
    void minute() {
        open_minute();
        evaluate();
    }
    [[nodiscard]] std::size_t state_bytes() const {
        std::string bytes;
        analysis_.save(bytes);
        return bytes.size();
    }

private:
    static market::Instrument instrument() {
        market::Instrument of;
        of.id = market::InstrumentId{1};
        of.symbol = "ETHUSDT";
        of.base = "ETH";
        of.quote = of.settle = "USDT";
        of.tick_size = {1, 1};
        of.lot_size = {1, 3};
        return of;
    }
    Lots lots() { return Lots{1 + static_cast<std::int64_t>(random_.below(5'000))}; }
    void snapshot() {
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
        for (std::int64_t i = 1; i <= kHalfLadder; ++i) {
            bids.push_back({Ticks{centre_ - i}, lots()});
            asks.push_back({Ticks{centre_ + i}, lots()});
        }
        (void)book_.apply({.is_snapshot = true, .depth = kHalfLadder, .bids = bids, .asks = asks});
    }
    /// Two frames and four prints around a price that walks, and one snapshot when it has walked.
    void second() {
        bitcoin_ += random_.normal() * 6e-5;
        walk_ += random_.normal() * 4;
        const auto moved = kCentre + static_cast<std::int64_t>(std::llround(walk_));
        analysis_.before_book(now_, book_);
        if (moved != centre_) {
            centre_ = moved;
            snapshot();
        }
        frame();
        for (int i = 0; i < 4; ++i) print();
        now_ += milliseconds{500};
        analysis_.before_book(now_, book_);
        const std::vector<market::Level> bid{{Ticks{centre_ - 1}, lots()}};
        const std::vector<market::Level> ask{{Ticks{centre_ + 1}, lots()}};
        (void)book_.apply({.depth = kHalfLadder, .bids = bid, .asks = ask});
        frame();
        market::Ticker ticker;
        ticker.mark_price = ticker.index_price = 0.1 * static_cast<double>(centre_);
        ticker.open_interest_base = 1e5 + 10 * random_.normal();
        ticker.funding_rate = 1e-4;
        analysis_.on_ticker(ticker, now_, ++sequence_);
        now_ += milliseconds{500};
    }
    void frame() {
        analysis_.on_book({.time = now_, .book = book_, .instrument = of_, .source_sequence = ++sequence_});
    }
    void print() {
        const double quantity = 0.01 * std::exp(1.5 * random_.normal());
        const bool is_buy = random_.below(2) == 0;
        const Ticks at{centre_ + (is_buy ? 1 : -1)};
        const double price = 0.1 * static_cast<double>(at.value());
        analysis_.on_print({.time = now_,
                            .price_ticks = at,
                            .price = price,
                            .quantity = quantity,
                            .notional = price * quantity,
                            .aggressor = is_buy ? market::Side::buy : market::Side::sell,
                            .source_sequence = ++sequence_});
    }
    analysis::EvaluationInputs inputs() {
        analysis::EvaluationInputs told{.trades_connection_age = Nanos{0}, .liquidations_connection_age = Nanos{0}};
        told.clock_offset = Nanos{0};
        told.bitcoin.mid = 60'000 * std::exp(bitcoin_);
        told.bitcoin.mid_age = Nanos{0};
        told.bitcoin.score = 60;
        told.bitcoin.coverage = 1;
        if (floor_to(now_, minutes{1}) == now_) told.btc_ret_bps_1m = random_.normal();
        return told;
    }

    Prng random_{7, "closed minute"};
    market::Instrument of_ = instrument();
    market::OrderBook book_;
    analysis::SymbolAnalysis analysis_;
    Confluence confluence_;
    Timestamp now_ = from_ms(1'699'999'200'000);
    std::int64_t centre_ = kCentre;
    double walk_ = 0;
    double bitcoin_ = 0;
    std::uint64_t sequence_ = 0;
};

/// One second with everything full; the second that closes a minute; the one that closes five.
void six_sides(benchmark::State& state) {
    Market market(kWholeDayMinutes);
    const auto period = minutes{state.range(0)};
    std::vector<double> took_ns;
    for (int i = 0; i < 60; ++i) market.minute();
    for (auto _ : state) {
        for (std::int64_t i = 1; i < period.count(); ++i) market.minute();
        market.open_minute();
        const auto started = std::chrono::steady_clock::now();
        market.close_minute();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
        took_ns.push_back(1e9 * took.count());
        state.SetIterationTime(took.count());
    }
    std::sort(took_ns.begin(), took_ns.end());
    state.counters["p50_ns"] = took_ns[took_ns.size() / 2];
    state.counters["p90_ns"] = took_ns[took_ns.size() * 9 / 10];
    state.counters["state_bytes"] = static_cast<double>(market.state_bytes());
}
BENCHMARK(six_sides)->Arg(1)->Iterations(300)->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(six_sides)->Arg(5)->Iterations(60)->UseManualTime()->Unit(benchmark::kMicrosecond);

/// The close of a minute with five hours behind it (a day takes too long under callgrind).
void counted_close(benchmark::State& state) {
    Market market(5 * 60);
    for (auto _ : state) {
        market.open_minute();
        market.close_minute();
    }
    state.counters["units"] = static_cast<double>(state.iterations());
}
BENCHMARK(counted_close)->Iterations(20);

}  // namespace
}  // namespace vt::confluence
