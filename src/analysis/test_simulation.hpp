#pragma once

// For tests only: one symbol of the simulated market, with a planted truth, handed to a SymbolAnalysis as the engine
// does.

#include "analysis/symbol_analysis.hpp"
#include "market/order_book.hpp"
#include "sim/market.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

namespace vt::analysis::test {

/// A symbol of middling size, like the one that the tests of the truths themselves use.
inline sim::SymbolParams simulated_symbol() {
    return {.symbol = "TRUEUSDT",
            .base = "TRUE",
            .tick_size = {.mantissa = 1, .scale = 4},
            .lot_size = {.mantissa = 1, .scale = 1},
            .price = .8,
            .activity = .6,
            .size_scale = .1};
}

/// The market of a factor and one symbol; only the symbol is analysed. Truths count from `warm` after the start.
class Simulation {
public:
    Simulation(sim::Truth truth, Nanos warm, std::uint64_t seed = 4,
               const sim::SymbolParams& symbol = simulated_symbol())
        : truths_start(kFrom + warm),
          market_(seed, params(truths_start), {sim::with_truth(symbol, truth)}),
          instrument_(market_.instruments().back()),
          analysis(instrument_, {.book_flags = {}}) {
        hand_over_history();
    }

    /// Runs to so many minutes after the truths' start.
    void to(double minute) {
        const Timestamp end = truths_start + Nanos{static_cast<std::int64_t>(minute * 6e10)};
        market_.advance(end, [this](const market::Event& event) {
            if (event.instrument == instrument_.id) take(event);
        });
    }
    [[nodiscard]] double minute_of(Timestamp at) const { return to_seconds(at - truths_start) / 60; }
    [[nodiscard]] const market::Instrument& instrument() const { return instrument_; }
    [[nodiscard]] sim::SymbolMarket& symbol() { return market_[market_.size() - 1]; }

    std::function<void(const Evaluation&)> on_evaluation;
    Timestamp truths_start;

private:
    static constexpr Timestamp kFrom = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

    static sim::Params params(Timestamp truths_start) {
        sim::Params params;
        params.market.start = kFrom;
        params.market.truths_start = truths_start;
        params.market.depths = {50};
        return params;
    }
    static constexpr std::array<Nanos, 3> kBars{std::chrono::minutes{5}, std::chrono::minutes{30},
                                                std::chrono::hours{4}};
    void hand_over_history() {
        for (const Nanos interval : kBars) {
            const Timestamp from = kFrom - interval * 300;
            for (market::Candle candle : symbol().tape().candles(interval, from, kFrom, 300)) hand_over(candle);
        }
    }
    void hand_over(market::Candle candle) {
        candle.is_closed = true;
        analysis.on_candle(candle);
    }
    void close_bars(Timestamp u) {
        for (const Nanos interval : kBars) {
            if (floor_to(u, interval) != u) continue;
            for (const auto& candle : symbol().tape().candles(interval, u - interval, u, 1)) hand_over(candle);
        }
    }
    void reach(Timestamp watermark) {
        constexpr Nanos kSecond = std::chrono::seconds{1};
        if (!next_) next_ = floor_to(watermark, kSecond) + kSecond;
        for (; *next_ + kSecond <= watermark; *next_ += kSecond) {
            close_bars(*next_);
            const Evaluation evaluation = analysis.evaluate(*next_, book_, {.trades_connection_age = Nanos{0}});
            if (on_evaluation) on_evaluation(evaluation);
        }
    }
    void take(const market::Event& event) {
        reach(event.exchange_time);
        if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
            analysis.on_print(print_of(*trade, instrument_, event.exchange_time, event.source_sequence));
        } else if (const auto* update = std::get_if<market::BookUpdate>(&event.body)) {
            if (update->depth != 50) return;
            analysis.before_book(event.exchange_time, book_);
            const auto result = book_.apply(*update);
            if (result == market::ApplyResult::applied) {
                analysis.on_book({.time = event.exchange_time,
                                  .book = book_,
                                  .instrument = instrument_,
                                  .source_sequence = event.source_sequence});
            } else if (result != market::ApplyResult::ignored) {
                analysis.on_book_invalid(event.exchange_time);
            }
        } else if (const auto* ticker = std::get_if<market::Ticker>(&event.body)) {
            analysis.on_ticker(*ticker, event.exchange_time, event.source_sequence);
        }
    }

    sim::Market market_;
    market::Instrument instrument_;

public:
    SymbolAnalysis analysis;

private:
    market::OrderBook book_{8192};
    std::optional<Timestamp> next_;
};

}  // namespace vt::analysis::test
