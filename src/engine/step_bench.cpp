// What risk, execution and the simulated venue add to a whole step of the engine: a frame taken from its bytes to the
// market's state, with and without trading, and trading alone beside a trade that is open.

#include "engine/engine.hpp"
#include "exchange/bybit/replay_feed.hpp"
#include "signals/levels.hpp"
#include "trading/test_instrument.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace vt::engine {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_ms(1'780'272'000'000);

market::Instrument bench_bitcoin() {
    market::Instrument instrument = trading::test_perpetual();
    instrument.venue = market::Venue::bybit;
    return instrument;
}

/// One market whose frames come as an archive's: a book of two hundred levels, its prints and a tick in between.
class Frames {
public:
    explicit Frames(bool trades) : engine_(params(trades)) {
        take(ListInstrument{.instrument = bench_bitcoin()});
        take(Opened{.connection = exchange::bybit::kArchiveConnection});
        std::string bids, asks;
        for (int i = 0; i < 200; ++i) {
            const std::string comma = i == 0 ? "" : ",";
            bids += comma + level(1'000'000 - i, 5);
            asks += comma + level(1'000'001 + i, 5);
        }
        frame(book("snapshot", bids, asks));
        frame(
            R"({"topic":"tickers.BTCUSDT","type":"snapshot","cs":1,"ts":)" + now() +
            R"(,"data":{"symbol":"BTCUSDT","lastPrice":"100000.0","markPrice":"100000.0","fundingRate":"0.0001"}})");
        take(Tick{});
    }
    void print() {
        ++prints_;
        const std::string id = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + prints_);
        frame(R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":)" + now() + R"(,"data":[{"T":)" + now() +
              R"(,"s":"BTCUSDT","S":"Sell","v":"0.005","p":"100000.0","L":"ZeroMinusTick","i":")" + id +
              R"(","BT":false}]})");
    }
    void delta() {
        ++prints_;
        frame(book("delta", level(1'000'000 - prints_ % 50, prints_ % 9 + 1), level(1'000'003, 7)));
    }
    void tick() { take(Tick{}); }
    [[nodiscard]] bool is_trading() const { return engine_.trading().desk() != nullptr; }
    [[nodiscard]] std::uint64_t rejected() const { return engine_.counters().rejected; }

private:
    static Params params(bool trades) {
        Params made;
        made.trading.is_on = trades;
        return made;
    }
    static std::string level(std::int64_t ticks, std::int64_t lots) {
        return "[\"" + std::to_string(ticks / 10) + "." + std::to_string(ticks % 10) + "\",\"" +
               std::to_string(lots) + "\"]";
    }
    [[nodiscard]] std::string now() const { return std::to_string(to_ms(at_)); }
    std::string book(const char* type, const std::string& bids, const std::string& asks) {
        const std::string number = std::to_string(++update_);
        return R"({"topic":"orderbook.200.BTCUSDT","type":")" + std::string(type) + R"(","ts":)" + now() +
               R"(,"data":{"s":"BTCUSDT","b":[)" + bids + R"(],"a":[)" + asks + R"(],"u":)" + number + R"(,"seq":)" +
               number + R"(},"cts":)" + now() + "}";
    }
    void frame(const std::string& text) {
        take(FrameReceived{.connection = exchange::bybit::kArchiveConnection, .text = text});
    }
    /// The clock stands within one second: what is evaluated each second is measured elsewhere.
    void take(EventBody body) {
        at_ += 10ns;
        effects_.clear();
        engine_.step({.sequence = ++sequence_, .at = at_, .body = std::move(body)}, effects_);
    }

    Engine engine_;
    Timestamp at_ = kStart;
    std::uint64_t sequence_ = 0;
    std::uint64_t update_ = 0;
    std::int64_t prints_ = 0;
    std::vector<Effect> effects_;
};

template <class Step>
void step_of_engine(benchmark::State& state, Step step) {
    Frames frames(state.range(0) != 0);
    if (frames.is_trading() != (state.range(0) != 0) || frames.rejected() != 0)
        return state.SkipWithError("not as it was set up");
    for (auto _ : state) step(frames);
    if (frames.rejected() != 0) state.SkipWithError("frames were refused");
}

void frame_of_a_print(benchmark::State& state) {
    step_of_engine(state, [](Frames& frames) { frames.print(); });
}
BENCHMARK(frame_of_a_print)->ArgName("trading")->Arg(0)->Arg(1);

void frame_of_a_book(benchmark::State& state) {
    step_of_engine(state, [](Frames& frames) { frames.delta(); });
}
BENCHMARK(frame_of_a_book)->ArgName("trading")->Arg(0)->Arg(1);

void tick(benchmark::State& state) {
    step_of_engine(state, [](Frames& frames) { frames.tick(); });
}
BENCHMARK(tick)->ArgName("trading")->Arg(0)->Arg(1);

/// Trading alone on one market, where a signal was taken and its entry, stop and ladder are at the venue.
class OpenTrade {
public:
    explicit OpenTrade(bool is_open) : symbol_(bench_bitcoin(), confluence::Params{}), trading_({.is_on = true}) {
        symbol_.stream_states.fill(exchange::StreamState::live);
        symbol_.score = std::make_shared<const confluence::ScoreRecord>();
        for (int i = 0; i < 60; ++i) {
            const double close = 100'000 * (1 + .0002 * (i % 3));
            apply(market::Candle{.open_time = kStart + i * 1min - 1h,
                                 .interval = 1min,
                                 .open = close,
                                 .high = close,
                                 .low = close,
                                 .close = close,
                                 .volume_base = 1,
                                 .turnover_quote = close,
                                 .is_closed = true});
        }
        for (std::int64_t i = 0; i < 200; ++i) {
            bids_.push_back({Ticks{1'000'000 - i}, Lots{5'000}});
            asks_.push_back({Ticks{1'000'001 + i}, Lots{5'000}});
        }
        trading_.on_listed(symbol_, now_);
        trading_.on_time(now_);
        market(market::BookUpdate{.is_snapshot = true, .bids = bids_, .asks = asks_});
        market(market::Ticker{.last_price = 100'000, .mark_price = 100'000, .turnover_24h_quote = 1e9});
        wait(2s);
        if (is_open) enter();
    }
    void print() { market(market::Trade{.id = {0, ++prints_}, .price = Ticks{1'000'000}, .quantity = Lots{5}}); }
    void book() {
        const market::Level changed{Ticks{1'000'000 - static_cast<std::int64_t>(++prints_ % 50)}, Lots{7'000}};
        market(market::BookUpdate{.bids = std::span(&changed, 1)});
    }
    void time() {
        now_ += 100ms;
        trading_.advance(now_);
        trading_.on_time(now_);
        (void)trading_.take_step(now_);
    }
    [[nodiscard]] std::size_t open_orders() const { return trading_.venue()->open_order_count(); }

private:
    market::Event event_of(market::EventBody body) const {
        return {.instrument = symbol_.instrument().id,
                .exchange_time = now_,
                .receive_time = now_,
                .body = std::move(body)};
    }
    void apply(market::EventBody body) { (void)symbol_.apply(event_of(std::move(body))); }
    void market(market::EventBody body) {
        now_ += 1us;
        const market::Event event = event_of(std::move(body));
        trading_.advance(now_);
        (void)symbol_.apply(event);
        trading_.on_market(event, symbol_, now_);
    }
    void wait(Nanos span) {
        for (const Timestamp until = now_ + span; now_ < until;) time();
    }
    void enter() {
        signals::Signal signal{.id = "0123456789abcdef", .instrument = symbol_.instrument().id};
        signal.mid = 100'000;
        signal.costs = {.fee_bps = 5.5, .entry_bps = 1, .exit_bps = 1};
        signal.levels =
            signals::levels_of({.mid = 100'000, .atr = 500, .costs = signal.costs, .tick = .1}, signals::Params{});
        signal.target_shares = {.5, .3, .2};
        signal.expires_at = now_ + 100 * 24h;
        market(market::Ticker{.mark_price = 100'000});
        market(market::BookUpdate{.is_snapshot = true, .bids = bids_, .asks = asks_});
        trading_.on_signal(signal, symbol_, now_);
        for (int i = 0; i < 30; ++i) {
            market(market::BookUpdate{.is_snapshot = true, .bids = bids_, .asks = asks_});
            wait(100ms);
        }
    }

    Symbol symbol_;
    PaperTrading trading_;
    Timestamp now_ = kStart;
    std::vector<market::Level> bids_, asks_;
    std::uint64_t prints_ = 0;
};

template <class Step>
void step_of_trading(benchmark::State& state, Step step) {
    OpenTrade trade(state.range(0) != 0);
    const std::size_t orders = state.range(0) != 0 ? 4 : 0;  // the stop and three targets
    if (trade.open_orders() != orders) return state.SkipWithError("the trade is not as it should be");
    for (auto _ : state) step(trade);
    state.counters["orders"] = static_cast<double>(trade.open_orders());
}

void print_beside_a_trade(benchmark::State& state) {
    step_of_trading(state, [](OpenTrade& trade) { trade.print(); });
}
BENCHMARK(print_beside_a_trade)->ArgName("open")->Arg(0)->Arg(1);

void book_beside_a_trade(benchmark::State& state) {
    step_of_trading(state, [](OpenTrade& trade) { trade.book(); });
}
BENCHMARK(book_beside_a_trade)->ArgName("open")->Arg(0)->Arg(1);

void tenth_of_a_second_beside_a_trade(benchmark::State& state) {
    step_of_trading(state, [](OpenTrade& trade) { trade.time(); });
}
BENCHMARK(tenth_of_a_second_beside_a_trade)->ArgName("open")->Arg(0)->Arg(1)->Iterations(20'000);

}  // namespace
}  // namespace vt::engine
